"""Patterns for more than one line, of which a line by itself never has a match."""

import re
from collections.abc import Sequence
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

from automl.readers.matching.cost import QUICK_STEPS, cost_of
from automl.readers.matching.letters import Item

_BREAKS = {ord("\n"), ord("\r")}
_REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}
_ENDING = re.compile(r"(?:\\r|\\n|\r|\n)[?*+]?$")


def needs_line_break(pattern: str) -> bool:
    r"""Tell whether a pattern can match nothing but what has a line break in it.

    >>> [needs_line_break(one) for one in (r"acc: (\S+)\n", r"Result:[\r\n]+(\S+)", r"(\S+)\n?")]
    [True, True, False]
    """
    return _need(sre_parser.parse(pattern))


def without_ending(pattern: str) -> str:
    r"""Return a pattern without the line break at its end, empty if that does not help.

    >>> without_ending(r"acc: (\S+)\r\n"), without_ending(r"Result:\n(\S+)")
    ('acc: (\\S+)', '')
    """
    before, shorter = "", pattern
    while before != shorter:
        before, shorter = shorter, _ENDING.sub("", shorter)
    try:
        return "" if shorter == pattern or needs_line_break(shorter) else shorter
    except re.error:
        return ""


def matches_across(pattern: str, lines: Sequence[str]) -> bool:
    """Tell whether a pattern matches over several lines; False where that may take long."""
    text = "\n".join(lines)
    cost = cost_of(pattern)
    if cost is None or cost.steps([text]) > QUICK_STEPS:
        return False
    found = re.search(pattern, text)
    return found is not None and "\n" in found[0]


def _need(items: Sequence[Item]) -> bool:
    return any(_needs(kind, value) for kind, value in items)


def _needs(kind: Any, value: Any) -> bool:  # noqa: ANN401 - as `re` gives them
    if kind is sre.LITERAL:
        return value in _BREAKS
    if kind is sre.IN:
        return all(what is sre.LITERAL and code in _BREAKS for what, code in value)
    if kind is sre.BRANCH:
        return all(map(_need, value[1]))
    if kind in _REPEATS:
        return value[0] > 0 and _need(value[2])
    if kind in {sre.SUBPATTERN, sre.ASSERT}:
        return _need(value[-1])
    return kind is sre.ATOMIC_GROUP and _need(value)
