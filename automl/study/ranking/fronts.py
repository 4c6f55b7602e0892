"""Non-dominated fronts of points whose larger coordinates are the better ones."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol, TypeAlias

Point: TypeAlias = tuple[float, ...]

_STAIRS_UP_TO = 3
"""With more coordinates the points of a front have no order that a staircase could use."""


def front_numbers(points: Sequence[Point]) -> list[int]:
    """Return the front of each point: 1 if no other dominates it, 2 if only those of 1 do, ...

    A point dominates another if it is at least as large in every coordinate and larger in one;
    equal points share a front. Two and three coordinates cost O(n log² n) for n points, as a
    front is kept as a staircase; more cost O(n²) at the worst.

    Source: efficient non-dominated sorting with binary search (Zhang et al., IEEE TEVC 2015): a
    point can only be dominated by those before it in descending order, and if front k has none
    that does, no later front has one. The staircases (Kung et al. 1975) are our addition.

    Args:
        points: of the same length, finite.
    """
    fronts: list[_Front] = []
    numbers: dict[Point, int] = {}
    for point in sorted(set(points), reverse=True):
        rest = point[1:]
        number = bisect_left(fronts, True, key=lambda front: not front.dominates(rest))  # noqa: FBT003
        if number == len(fronts):
            fronts.append(_Stairs() if len(point) <= _STAIRS_UP_TO else _Unordered())
        fronts[number].add(rest)
        numbers[point] = number + 1
    return [numbers[point] for point in points]


class _Front(Protocol):
    """The points of one front without their first coordinate, which later points do not exceed."""

    def dominates(self, rest: Point) -> bool:
        """Tell whether one of them is at least as large in every coordinate."""
        ...

    def add(self, rest: Point) -> None:
        """Add one that none of them dominates."""
        ...


class _Stairs:
    """A front of up to two further coordinates: only its outermost points, as steps.

    The first of the two ascends from step to step, the second descends.
    """

    def __init__(self) -> None:
        self._ends: list[float] = []
        self._heights: list[float] = []

    def dominates(self, rest: Point) -> bool:
        end, height = _both(rest)
        step = bisect_left(self._ends, end)
        return step < len(self._ends) and self._heights[step] >= height

    def add(self, rest: Point) -> None:
        end, height = _both(rest)
        after = bisect_left(self._ends, end)
        if after < len(self._ends) and self._ends[after] == end:
            after += 1
        first = after
        while first > 0 and self._heights[first - 1] <= height:
            first -= 1
        self._ends[first:after] = [end]
        self._heights[first:after] = [height]


class _Unordered:
    """A front of any number of coordinates: all its points."""

    def __init__(self) -> None:
        self._points: list[Point] = []

    def dominates(self, rest: Point) -> bool:
        return any(
            all(left >= right for left, right in zip(one, rest, strict=True))
            for one in reversed(self._points)
        )

    def add(self, rest: Point) -> None:
        self._points.append(rest)


def _both(rest: Point) -> tuple[float, float]:
    end, height = (*rest, 0.0, 0.0)[:2]
    return end, height
