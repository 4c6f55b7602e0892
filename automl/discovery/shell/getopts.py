"""Where the options of a shell script stand that reads them by `getopts`."""

import re
from collections.abc import Sequence

_LONGEST = 1000

GETOPTS = re.compile(r"^(?!\s*#).*?(?<![\w$-])getopts\s+[\"']?(?P<letters>[\w:]+)", re.MULTILINE)
_SHIFT = re.compile(r"(?:^|[;&|{]|\bdo\b|\bthen\b)\s*shift(?:\s+(?P<count>\d+))?\s*(?=[;&|}#]|$)")
_FUNCTION = re.compile(r"\s*(?:function\s+(?P<word>\w+)|(?P<name>\w+)\s*\(\s*\))")


def options_at(text: str) -> int | None:
    """Return how many words a script takes before `getopts` reads its options.

    `getopts` reads no option behind another word.

    Args:
        text: the script.

    Returns:
        the number of words; None if no `getopts` reads the script's own words.
    """
    lines = [line[:_LONGEST] for line in text.splitlines()]
    at = next((number for number, line in enumerate(lines) if GETOPTS.search(line)), None)
    if at is None:
        return None
    first, name = _function_around(lines, at)
    if not name:
        return _taken(lines[:at])
    last = _end_of_function(lines, first, at)
    call = re.compile(rf"(?:^|[;&|])\s*{name}\s[^;#]*\$[@*]")
    for number in range(last + 1, len(lines)):
        if call.search(lines[number]):
            return _taken([*lines[:first], *lines[last + 1 : number]])
    return None


def _function_around(lines: Sequence[str], at: int) -> tuple[int, str]:
    """Return in which line the function begins that has a line, and its name; empty for none."""
    for number in range(at, -1, -1):
        if found := _FUNCTION.match(lines[number]):
            return number, found["name"] or found["word"]
        if lines[number].startswith("}"):
            break
    return at, ""


def _end_of_function(lines: Sequence[str], first: int, at: int) -> int:
    if first == at and lines[at].rstrip().endswith("}"):
        return at
    return next((n for n in range(at, len(lines)) if lines[n].startswith("}")), at)


def _taken(lines: Sequence[str]) -> int:
    found = (one for line in lines for one in _SHIFT.finditer(line))
    return sum(int(one["count"] or 1) for one in found)
