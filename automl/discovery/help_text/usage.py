"""The usage line of a help text: options and positionals in brackets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from automl.discovery.help_text.plain_lines import indent_of

MOST_CHARS = 20_000
_OR = re.compile(r"^\s*or:?\s+", re.IGNORECASE)
_NEGATED = re.compile(r"--\[no-?\]")
_START = re.compile(r"\s*(?:usage|synopsis|syntax)(?:\s*:|\s*$)\s*", re.IGNORECASE)
_TOKEN = re.compile(
    r"(?P<open>\[)?\s*(?P<name>--?[A-Za-z][\w.-]*)(?P<others>(?:\s*[|,]\s*--?[\w.-]+)*)"
    r"(?:(?P<link>=|\s)\s?(?P<value><[^<>]{1,80}>|\{[^{}]{1,400}\}|\[?[A-Za-z][\w/|.-]*))?"
)
_COMBINED = re.compile(r"\[-[A-Za-z]{2,}")
"""Short flags in one: `[-hV]`."""
_BARE = re.compile(r"(?P<open>\[)?(?P<name><[^<>]{1,80}>|[A-Za-z][\w-]*)\]?(?:\.\.\.)?")
_OF_GO = re.compile(r"\s*Usage of \S.*:\s*")
"""The first line of Go's flag package, which reads no option behind another word."""
_MARK = re.compile(
    r"\s*(?:[\[<(]?(?:[\w-]*options?|flags?)\b[\]>)]?|[\[(]?--?[A-Za-z])", re.IGNORECASE
)
"""What stands for options in a usage line, as its first word."""
_OPTIONS = re.compile(
    r"[\[<]?(?:[\w-]*options?|flags?|global options|args|arguments|commands?|subcommand)[\]>]?"
    r"(?:\.\.\.)?",
    re.IGNORECASE,
)
_PROGRAM = re.compile(
    r"\s*(?:(?:python[\d.]*|Rscript|julia|java|node|sh|bash|perl|ruby|php|-jar|-m)\s+)*(?:<[^<>]*>|[^\s\[{-]\S*)?"
)


@dataclass(frozen=True, slots=True)
class Used:
    """One word of a usage line, with what it takes.

    Attributes:
        names: an option's; one without dashes is a positional.
        value: what stands for its value; empty for none.
        optional: whether it stands in brackets.
    """

    names: tuple[str, ...]
    value: str
    optional: bool


def used_in(lines: Sequence[str]) -> list[Used]:
    """Return the words of the usage lines of a help text."""
    text = _usage_text(lines)
    found: list[Used] = []
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at) if text[at] in "[-" else None
        if token:
            if not _COMBINED.fullmatch(token[0]):
                found.append(_option(token))
            at = token.end()
            continue
        bare = _BARE.match(text, at)
        if bare:
            if not _OPTIONS.fullmatch(bare[0]):
                name = bare["name"]
                found.append(Used((name.strip("<>"),), name, bool(bare["open"])))
            at = bare.end()
        else:
            at += 1
    return list({one.names: one for one in reversed(found)}.values())[::-1]


def options_stand_first(lines: Sequence[str]) -> bool:
    """Tell whether a help text has options before other words, and may mean it.

    Many programs written in C, and all that use Go's flag package, end their options at the first
    other word: what stands behind it is not read, and no error tells of it.
    """
    if any(_OF_GO.fullmatch(line) for line in lines):
        return True
    bare = any(not one.names[0].startswith("-") for one in used_in(lines))
    return bare and _MARK.match(_usage_text(lines)) is not None


def _option(token: re.Match[str]) -> Used:
    others = re.findall(r"--?[\w.-]+", token["others"] or "")
    value = token["value"] or ""
    # Behind a name that stands without brackets, a word is its value; so it is within them.
    return Used((token["name"], *others), value.strip("["), bool(token["open"]))


def _usage_text(lines: Sequence[str]) -> str:
    """Return what follows the word `usage` and the program's name, in one line."""
    parts: list[str] = []
    for line in lines:
        start = _START.match(line)
        if not parts and not start:
            continue
        if start and not parts:
            parts.append(line[start.end() :])
        elif _is_behind(line, any(parts)):
            break
        else:
            parts.append(line)
    parts = [_OR.sub("", part) for part in parts]
    first = _program(next(filter(str.strip, parts), ""))
    rest = [_without(part, first) if _program(part) == first else part for part in parts]
    return _NEGATED.sub("--", " ".join(" ".join(rest).split())[:MOST_CHARS])


def _is_behind(line: str, begun: bool) -> bool:  # noqa: FBT001 - a fact
    """Tell whether a line no longer belongs to the usage lines above it."""
    if not line.strip():
        return begun
    is_entry = re.match(r"\s*-\S.*\s{2,}\S", line)
    return indent_of(line) == 0 or bool(is_entry) or line.endswith(":")


def _program(part: str) -> str:
    """Return the words that name the program at the beginning of a usage line."""
    found = _PROGRAM.match(part)
    return " ".join(found[0].split()) if found else ""


def _without(part: str, program: str) -> str:
    return " ".join(part.split())[len(program) :]
