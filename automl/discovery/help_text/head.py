"""The first line of an entry: how an option is typed, and what follows it."""

import re
from dataclasses import dataclass

_NAME = re.compile(r"(?P<dashes>--?)(?:\[(?P<no>no-?)\])?(?P<word>[A-Za-z0-9_?@](?:[\w.+@-]*\w)?)")
_NUMBER = re.compile(r"-\d+(?:\.\d+)?(?![\w,])")
_BOOST = re.compile(r"(?P<short>-\w) \[ (?P<long>--[\w.-]+) \]")
_BRACKETED = r"<[^<>]{1,80}>|\{[^{}]{1,800}\}|\[[^\[\]=]{1,400}\]"
_CAPITALS = r"[A-Z][A-Z0-9_/|.-]*(?![a-z])"
_TYPE = (
    r"(?:float|double|real|number|int|integer|uint|long|str|string|text|bool|boolean|path|file|dir|arg|value"
    r"|strings|ints|floats|stringArray|duration|f32|f64|[iu](?:8|16|32|64)|usize|num)(?:32|64)?(?![\w-])"
)
_WORD = re.compile(r"[a-z][\w.-]*(?=\s{2,}|\s*$|\s*:\s|\s*[,|/]\s*-)")
_JOINED = re.compile(
    rf"\[?=\s?(?P<value>{_BRACKETED}|[^\s\],|=]+|\"[^\"]*\")\]?|:(?P<typed><[^<>]+>)"
)
_VALUE = re.compile(
    rf" (?P<value>{_BRACKETED}|{_CAPITALS}(?: RANGE)?|\w+(?:[|]\w+)+|{_TYPE}|'[^']+'|\"[^\"]+\")"
    r"(?=[\s,:|/]|$)"
)
_COLUMN = re.compile(
    r"\s{2,}(?P<value>(?:FLOAT|INTEGER|INT|TEXT|STR|STRING|PATH|FILE|DIRECTORY|BOOLEAN|BOOL|NUMBER|UUID|FILENAME"
    r"|<(?:float|double|int|integer|string|str|path|file|number|real)>)"
    r"(?: RANGE)?|\[[\w.-]+(?:\|[\w.-]+)+\])(?: \[[\w<>=.x ]+\])?(?=\s{2,}|$)"
)
_MORE = re.compile(r"\s+(?!RANGE)(?:\.\.\.|(?:\[?[A-Z][A-Z0-9_]*(?:\s?\.\.\.)?\]?)(?=[\s,]|$))")
_NEXT = re.compile(r"\s*(?P<link>[,|/]|\bor\b)\s*(?=-)|\s{1,12}(?=--?[A-Za-z])")
_DESCRIPTION = re.compile(r"\s{2,}[:*]?\s*|\s*:\s+|\s*:$|\s+[-\u2013\u2014]\s+|\s+|$")


@dataclass(frozen=True, slots=True)
class Head:
    """How an option is typed.

    Attributes:
        names: in the order of the text, with dashes.
        negative: the word that turns it off; None without one.
        value: how the text calls what it takes; empty for nothing.
        count: how many values it takes, as far as the text shows several.
        rest: what follows, the beginning of its description.
        column: where that begins; 0 without any.
    """

    names: tuple[str, ...]
    negative: str | None
    value: str
    count: int
    rest: str
    column: int


def head_of(line: str) -> Head | None:
    """Return the option that a line begins with, None if it begins with none.

    >>> head_of("  -l, --lr <LR>  the rate")
    Head(names=('-l', '--lr'), negative=None, value='<LR>', count=1, rest='the rate', column=17)
    >>> head_of("  --amp / --no-amp   mixed").negative
    '--no-amp'
    """
    line = _BOOST.sub(r"\g<short>, \g<long>", line)
    at = len(line) - len(line.lstrip(" *"))
    names: list[str] = []
    negative, value, count = None, "", 0
    while found := _name_at(line, at):
        name = found["dashes"] + found["word"]
        if found["no"]:
            negative = found["dashes"] + found["no"] + found["word"]
        if names and _is_negative(name, names):
            negative = name
        elif name not in names:
            names.append(name)
        at = found.end()
        told, many, at = _value_at(line, at)
        value, count = (told, many) if told else (value, count)
        link = _NEXT.match(line, at)
        if link is None:
            break
        at = link.end()
    if not names:
        return None
    gap = _DESCRIPTION.match(line, at)
    start = gap.end() if gap else at
    rest = line[start:].strip()
    return Head(tuple(names), negative, value, count, rest, start if rest else 0)


def _name_at(line: str, at: int) -> re.Match[str] | None:
    return None if _NUMBER.match(line, at) else _NAME.match(line, at)


def _is_negative(name: str, names: list[str]) -> bool:
    """Tell whether a name is the opposite of one before."""
    bare = name.lstrip("-")
    return any(
        bare in {f"no-{one}", f"no{one}", f"no_{one}", f"disable-{one}"}
        for one in (known.lstrip("-") for known in names)
    )


def _value_at(line: str, at: int) -> tuple[str, int, int]:
    """Return what stands for a value behind a name, how often, and where it ends."""
    found = _JOINED.match(line, at) or _VALUE.match(line, at) or _COLUMN.match(line, at)
    if found is None:
        word = _WORD.match(line, at + 1) if line[at : at + 1] == " " else None
        # A lone name may stand before its description: then a blank is all there is between.
        return (word[0], 1, word.end()) if word and line[at + 1 : at + 2] != " " else ("", 0, at)
    value = next(filter(None, found.groups()))
    count, end = 1, found.end()
    while more := _MORE.match(line, end):
        count, end = count + 1, more.end()
    return value, count, end
