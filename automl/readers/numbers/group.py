"""The group of a pattern that reads a number, and what its author wrote around it."""

import re

_SYNTAX = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<capture>\((?!\?)|\(\?P<\w+>)|(?P<open>\()|(?P<close>\))|.",
    re.DOTALL,
)

_BLANKS = r"(?:(?:\\s|\\t|\x20)[*+?]?)*"
_COUNTS = re.compile(r"\{\d*,?\d*\}")


def find_group(pattern: str, group: int) -> tuple[int, int] | None:
    r"""Return start and end of a capturing group in a pattern's text, None if not found.

    Groups are counted from 1 by their opening parentheses.

    >>> find_group(r"\((?:a|b)[(]: (\d(x))", 1)
    (14, 21)
    """
    start, depth, seen = -1, 0, 0
    for token in _SYNTAX.finditer(pattern):
        if token["capture"]:
            seen += 1
            if seen == group:
                start = token.start()
        if start >= 0 and (token["capture"] or token["open"]):
            depth += 1
        elif start >= 0 and token["close"]:
            depth -= 1
            if depth == 0:
                return start, token.end()
    return None


def knows_mark(pattern: str, group: int, mark: str) -> bool:
    r"""Tell whether a pattern says itself what a mark beside its group is.

    It does if the mark is within the group, in it or in what it leaves out, or next to it.

    >>> [knows_mark(one, 1, ",") for one in (r"^([^,]*)", r"(\d+),", r"(?:^|,)(\d+)", r"(\d{1,3})")]
    [True, True, True, False]
    """
    place = find_group(pattern, group)
    if place is None:
        return True
    before, inside, after = pattern[: place[0]], pattern[slice(*place)], pattern[place[1] :]
    letter = re.escape(mark)
    ahead = rf"{letter}[^\[\]]*\][*+?]?{_BLANKS}$|{letter}\)?[*+?]?{_BLANKS}$"
    follows = rf"{_BLANKS}(?:\(\?[=:!]|\(|\\|\[[^\]]*)*{letter}"
    return (
        mark in _COUNTS.sub("", inside)
        or (mark != " " and re.search(ahead, _COUNTS.sub("", before)) is not None)
        or re.match(follows, _COUNTS.sub("", after)) is not None
    )
