r"""What searching for a pattern can cost at the most, proved by its form.

A pattern of Python's `re` tries one way after the other. Where one loop stands in another, or two
ways through a loop read the same text, the ways double with each letter (`(a+)+$`), and no limit of
a line's length is small enough. All others cost a power of the line's length: one for the places
where a match may begin, and one for each loop that is gone back into when something behind it
fails. A loop is not if nothing behind it can fail, as at the end of `acc: (\S+)`; if what follows
tells where it ends, as in `(\d+)%`, it is gone back over but once.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]

from automl.readers.matching.letters import ONE_CHARACTER, Item, are_apart, is_simple

QUICK_STEPS = 10_000_000
"""About 0.1 s: what may be matched in one look by a thread for which others wait."""

_MOST_WAYS = 1_000_000
_FEW_WAYS = 100
_FEW = 16
_REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT}
_ENDS = {sre.AT_END, sre.AT_END_STRING}


@dataclass(frozen=True, slots=True)
class Cost:
    """A bound of the steps of a search.

    Attributes:
        ways: how many ways there are from one beginning, besides the loops.
        power: the power of a line's length that each beginning costs, for the loops.
        prefix: what each match begins with; empty where it may begin with several texts.
    """

    ways: int
    power: int
    prefix: str

    @property
    def is_linear(self) -> bool:
        """Whether the steps are but a few times the letters, so that as many can be searched."""
        return self.power == 0 and self.ways <= _FEW_WAYS

    def steps(self, lines: Sequence[str]) -> int:
        """Return how many steps searching all these lines takes at the most."""
        total = sum(map(len, lines)) + len(lines)
        if not self.prefix:
            begins = total
        else:
            overlaps = any(
                self.prefix.startswith(self.prefix[place:]) for place in range(1, len(self.prefix))
            )
            found = sum(line.count(self.prefix) for line in lines)
            begins = found * (len(self.prefix) if overlaps else 1)
        longest = max(map(len, lines), default=0)
        # So many ways has a line to be divided among loops that follow each other.
        divisions = math.comb(longest + self.power, self.power)
        return total + begins * self.ways * divisions


@dataclass(frozen=True, slots=True)
class _Part:
    """What a part of a pattern costs from one beginning, as in `Cost`."""

    ways: int = 1
    power: int = 0


class _UnprovenError(Exception):
    """Nothing is known of what a part of the pattern costs."""


@lru_cache(maxsize=64)
def cost_of(pattern: str) -> Cost | None:
    r"""Return what searching for a pattern costs at the most, None where that is not known.

    >>> cost_of(r"acc: (\S+)").power, cost_of(r"(\d+)%").power, cost_of(r"(a+)+$")
    (0, 1, None)
    """
    try:
        parsed = sre_parser.parse(pattern)
        flags = parsed.state.flags
        items = _flat(list(parsed))
        part = _sequence(items, flags, can_fail=False)
    except (_UnprovenError, re.error, RecursionError, OverflowError):
        return None
    if part.ways > _MOST_WAYS:
        return None
    return Cost(part.ways, part.power, "" if flags & re.IGNORECASE else _prefix(items))


def _flat(items: Sequence[Item]) -> list[Item]:
    """Return the items with those of groups in the place of the groups."""
    flat: list[Item] = []
    for kind, value in items:
        if kind is sre.SUBPATTERN:
            _, adds, removes, body = value
            if adds or removes:
                raise _UnprovenError
            flat += _flat(list(body))
        else:
            flat.append((kind, value))
    return flat


def _prefix(items: Sequence[Item]) -> str:
    letters = []
    for kind, value in items:
        if kind is not sre.LITERAL:
            break
        letters.append(chr(value))
    return "".join(letters)


def _sequence(items: Sequence[Item], flags: int, *, can_fail: bool) -> _Part:
    """Return what items cost that follow each other; `can_fail`: what stands behind them can."""
    rest = _Part()
    for place in reversed(range(len(items))):
        behind = items[place + 1 :]
        one = _item(items[place], flags, can_fail=can_fail)
        # Without anything that fails behind it, it is never gone back into.
        ways = one.ways * rest.ways + 1 if can_fail else one.ways + rest.ways
        power = one.power + rest.power
        if one.power and _ends_are_told(items[place], behind, flags):
            power = max(one.power, rest.power)
        rest = _Part(min(ways, _MOST_WAYS + 1), power)
        can_fail = can_fail or not _cannot_fail(items[place])
    return rest


def _item(item: Item, flags: int, *, can_fail: bool) -> _Part:
    kind, value = item
    if kind in ONE_CHARACTER or kind is sre.AT:
        return _Part()
    if kind is sre.BRANCH:
        return _branches([_flat(list(one)) for one in value[1]], flags, can_fail=can_fail)
    if kind in {sre.ASSERT, sre.ASSERT_NOT} and all(map(is_simple, value[1])):
        return _Part(len(value[1]) + 1)
    if kind in _REPEATS:
        least, most, body = value
        return _repeat(int(least), int(most), body, flags, can_fail=can_fail)
    raise _UnprovenError


def _branches(branches: Sequence[Sequence[Item]], flags: int, *, can_fail: bool) -> _Part:
    # One that matched may be left for the next when something behind it fails.
    parts = [_sequence(one, flags, can_fail=can_fail) for one in branches]
    return _Part(sum(one.ways for one in parts) + 1, max(one.power for one in parts))


def _repeat(least: int, most: int, body: Sequence[Item], flags: int, *, can_fail: bool) -> _Part:
    items = _flat(list(body))
    if most == 1:
        # There or not.
        return _branches([items, []], flags, can_fail=can_fail)
    if len(items) != 1 or not is_simple(items[0]):
        raise _UnprovenError
    if most <= _FEW or least == most:
        return _Part(min(most + 1, _MOST_WAYS + 1))
    return _Part(1, int(can_fail))


def _ends_are_told(item: Item, behind: Sequence[Item], flags: int) -> bool:
    """Tell whether what follows a loop can only begin where the loop's letters end."""
    kind, value = item
    if kind not in _REPEATS or not behind:
        return False
    if behind[0][0] is sre.AT:
        # A line has no newline in it.
        return behind[0][1] in _ENDS
    following = behind[0]
    if following[0] in _REPEATS and following[1][0] > 0:
        following = _only(following[1][2])
    letter = _only(value[2])
    return is_simple(letter) and is_simple(following) and are_apart(letter, following, flags)


def _only(body: Sequence[Item]) -> Item:
    """Return the one item of a loop, or one that is not simple if it has several."""
    items = _flat(list(body))
    return items[0] if len(items) == 1 else (sre.BRANCH, None)


def _cannot_fail(item: Item) -> bool:
    kind, value = item
    if kind is sre.BRANCH:
        return any(all(map(_cannot_fail, _flat(list(one)))) for one in value[1])
    return kind in _REPEATS and value[0] == 0
