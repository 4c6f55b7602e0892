"""What a shell script does with its words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from automl.discovery.given import with_given
from automl.discovery.help_text.parsed import parse_help
from automl.discovery.help_text.values import plain_of
from automl.discovery.option import MISSING, Found, How, Kind, Missing, Option, Plain
from automl.discovery.shell.getopts import GETOPTS, options_at
from automl.discovery.shell.usage_text import usage_text
from automl.space.numbers import is_number

_LARGEST = 1 << 20
_LONGEST = 1000
_SHEBANG = re.compile(r"#!.*\b(?:ba|da|z|k)?sh\b")
_NAME = r"-{1,2}\w[\w-]*(?:=\*)?"
_CASE = re.compile(rf"\s*\(?(?P<names>{_NAME}(?:\s*\|\s*{_NAME})*)\)(?P<body>.*)")
_LETTER = re.compile(r"\s*\(?(?P<names>[A-Za-z])\)(?P<body>.*OPTARG.*)")
_BARE_LETTER = re.compile(r"\s*\(?(?P<names>[A-Za-z])\)(?P<body>.*)")
_IN = re.compile(r"^[^#]*?\bcase\b.*?\bin\s+(?=\S)")
_SET = re.compile(r"(?<![\w$])(?P<name>[A-Za-z_]\w*)=[\"']?\$(?:\{?2\b|\{?OPTARG\b|\{1#|\{?1\b)")
_TAKES = re.compile(r"\$\{?2\b|\bshift\s+2\b|OPTARG|\$\{1#|\bshift\b.*\$\{?1\b")
_ASSIGNED = re.compile(
    r"(?<![\w$.-])(?P<name>[A-Za-z_]\w*)=(?P<value>\"[^\"$`]*\"|'[^']*'|[\w.+-]+)(?=[\s;]|$)"
)
_PLACE = re.compile(
    r"(?<![\w$])(?P<name>[A-Za-z_]\w*)=[\"']?\$(?:\{(?P<number>\d)(?::?[-=](?P<default>[^}]*))?\}|(?P<bare>\d))"
)
_OR_ELSE = re.compile(r"\$\{(?P<name>[A-Za-z_]\w*):?[-=](?P<value>[\w.+-]+)\}")


def is_shell(file: Path) -> bool:
    """Tell whether a file is a shell script, by its name or its first line."""
    if file.suffix in {".sh", ".bash"}:
        return True
    try:
        with file.open("rb") as opened:
            return _SHEBANG.match(opened.readline(_LONGEST).decode("latin-1")) is not None
    except OSError:
        return False


def options_in_script(file: Path, words: Sequence[str], start: int) -> Found:
    """Return the options that a shell script reads, with what it would tell of them.

    Args:
        file: the script.
        words: the command.
        start: which of its words is the first of the script's own.
    """
    try:
        text = file.read_bytes()[:_LARGEST].decode("utf-8", "replace")
    except OSError:
        return Found((), (f"{file.name} cannot be read",), How.SOURCE, start)
    told = {name: one for one in parse_help(usage_text(text)).options for name in one.names}
    options = [_with_told(one, told) for one in _read(text, file.name)]
    given = with_given(options, words[start:])
    return Found(given, (), How.SOURCE, start, "sh", options_at=options_at(text))


def _read(text: str, file: str) -> Iterator[Option]:
    lines = [line[:_LONGEST] for line in text.splitlines()]
    defaults = _defaults(lines)
    letters = {one for call in GETOPTS.finditer(text) for one in call["letters"]}
    seen: set[str] = set()
    places: dict[int, Option] = {}
    for number, line, arm in _arms(lines):
        where = f"{file}:{number}"
        found = _CASE.match(arm) or _LETTER.match(arm) or _BARE_LETTER.match(arm)
        if found and (found.re is not _BARE_LETTER or found["names"] in letters):
            body = _body(found["body"], lines[number:])
            for names in _spellings(found["names"]):
                option = _option(names, body, defaults, where)
                if option and seen.isdisjoint(option.names):
                    seen.update(option.names)
                    yield option
        elif place := _PLACE.search(line):
            at = int(place["number"] or place["bare"])
            places.setdefault(at, _positional(place, where))
    if not seen:
        yield from (places[at] for at in sorted(places) if at)


def _arms(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Yield number and text of each line, once for each pattern of a `case` that is in it."""
    for number, line in enumerate(lines, 1):
        parts = _IN.sub("", line).split(";;")
        for at, part in enumerate(parts):
            if at == 0 or part.strip():
                yield number, line, f"{part};;" if at < len(parts) - 1 else part


def _defaults(lines: Sequence[str]) -> Mapping[str, Plain]:
    """Return what variables are set to first, outside of what reads the words."""
    found: dict[str, Plain] = {}
    for line in lines:
        arm = _IN.sub("", line)
        if _CASE.match(arm) or _LETTER.match(arm):
            continue
        for pattern in (_ASSIGNED, _OR_ELSE):
            for one in pattern.finditer(line):
                found.setdefault(one["name"], plain_of(one["value"].strip("\"'")))
    return found


def _body(first: str, following: Sequence[str]) -> str:
    """Return what is done for a pattern of a `case`, up to its end."""
    parts = [first]
    for line in following[:10]:
        if ";;" in parts[-1]:
            break
        parts.append(line)
    return " ".join(parts).partition(";;")[0]


def _spellings(names: str) -> list[str]:
    """Return the names of one option each: `-l | --lr` is one, `--opt | --seed` are two."""
    spelled = [one.strip() for one in names.split("|")]
    long = {one.removesuffix("=*") for one in spelled if one.startswith("--")}
    return spelled if len(long) > 1 else [names]


def _option(names: str, body: str, defaults: Mapping[str, Plain], where: str) -> Option | None:
    typed = [one.strip().removesuffix("=*") for one in names.split("|")]
    typed = [one if one.startswith("-") else f"-{one}" for one in typed]
    spelled = tuple(sorted(dict.fromkeys(typed), key=lambda one: not one.startswith("--")))
    if {"--help", "-h"}.intersection(spelled) and not _TAKES.search(body):
        return None
    joined = all(one.strip().endswith("=*") for one in names.split("|"))
    if not _TAKES.search(body):
        return Option(spelled, Kind.FLAG, default=False, place=where)
    variable = _SET.search(body)
    default = defaults.get(variable["name"], MISSING) if variable else MISSING
    return Option(spelled, _kind(default), default, joined=joined, place=where)


def _positional(place: re.Match[str], where: str) -> Option:
    told = place["default"]
    default: Plain | Missing = plain_of(told) if told else MISSING
    return Option(
        (place["name"],),
        _kind(default),
        default,
        positional=True,
        required=default is MISSING,
        place=where,
    )


def _kind(default: "Plain | Missing") -> Kind:
    if isinstance(default, float):
        return Kind.FLOAT
    if is_number(default):
        return Kind.INTEGER
    return Kind.TEXT if isinstance(default, str) else Kind.UNKNOWN


def _with_told(option: Option, told: Mapping[str, Option]) -> Option:
    """Return an option with what the script's own usage text tells of it."""
    known = next((told[name] for name in option.names if name in told), None)
    if known is None or (known.kind is Kind.FLAG) != (option.kind is Kind.FLAG):
        return option
    default = known.default if option.default is MISSING else option.default
    kind = option.kind if option.kind in {Kind.FLOAT, Kind.INTEGER} else known.kind
    if option.kind is Kind.INTEGER and known.kind is Kind.FLOAT:
        kind = Kind.FLOAT
    return replace(
        option,
        kind=Kind.CHOICE if known.choices else kind,
        default=default,
        choices=known.choices,
        low=known.low,
        high=known.high,
        low_open=known.low_open,
        high_open=known.high_open,
        help=known.help,
        stands_for=known.stands_for,
    )
