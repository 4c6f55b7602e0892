"""The parts of a pattern that read one character each, and whether two can read the same one."""

import re
from re import _compiler as sre_compiler  # type: ignore[attr-defined]
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

Item: TypeAlias = tuple[Any, Any]
"""A part of a parsed pattern: its kind and what that needs."""

ONE_CHARACTER = {sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY}
"""The kinds that read one character."""

_MOST = 300

_APART = [
    {sre.CATEGORY_SPACE, sre.CATEGORY_NOT_SPACE},
    {sre.CATEGORY_DIGIT, sre.CATEGORY_NOT_DIGIT},
    {sre.CATEGORY_WORD, sre.CATEGORY_NOT_WORD},
    {sre.CATEGORY_SPACE, sre.CATEGORY_DIGIT},
    {sre.CATEGORY_SPACE, sre.CATEGORY_WORD},
]


def is_simple(item: Item) -> bool:
    """Tell whether a part reads one character, in one way."""
    return item[0] in ONE_CHARACTER


def are_apart(one: Item, other: Item, flags: int) -> bool:
    """Tell whether two parts of one character each can never read the same; False if not known."""
    for first, second in ((one, other), (other, one)):
        letters = _letters(first)
        if letters is not None:
            reads = _reader(second, flags)
            return not any(map(reads.match, letters))
    return {_category(one), _category(other)} in _APART


def _letters(item: Item) -> list[str] | None:
    """Return all that a part can read, without regard to case; None if that is much."""
    kind, value = item
    if kind is sre.LITERAL:
        return [chr(value)]
    if kind is not sre.IN:
        return None
    letters: list[str] = []
    for each in value:
        found = _few(each)
        if found is None or len(letters) > _MOST:
            return None
        letters += found
    return letters


def _few(item: Item) -> list[str] | None:
    kind, value = item
    if kind is sre.LITERAL:
        return [chr(value)]
    if kind is sre.RANGE and value[1] - value[0] < _MOST:
        return [chr(number) for number in range(value[0], value[1] + 1)]
    return None


def _category(item: Item) -> Any:  # noqa: ANN401 - a constant of `re`
    """Return the category that a part reads, None if it reads another thing."""
    kind, value = item
    if kind is sre.IN and len(value) == 1 and value[0][0] is sre.CATEGORY:
        return value[0][1]
    return None


def _reader(item: Item, flags: int) -> re.Pattern[str]:
    """Return a pattern of this part alone."""
    state = sre_parser.State()
    state.flags = flags
    state.str = ""
    part = sre_parser.SubPattern(state, [item])
    compiled: re.Pattern[str] = sre_compiler.compile(part, flags)
    return compiled
