"""How much two objectives are improved at once: points, both of whose numbers are to be low."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]


def front_of(points: Iterable[Point]) -> list[Point]:
    """Return the points that no other is as low as in both numbers, by the first, each once.

    >>> front_of([(2.0, 2.0), (1.0, 3.0), (2.0, 4.0), (1.0, 3.0)])
    [(1.0, 3.0), (2.0, 2.0)]
    """
    front: list[Point] = []
    for point in sorted(points):
        if not front or point[1] < front[-1][1]:
            front.append(point)
    return front


def hypervolume(points: Sequence[Point], reference: Point) -> float:
    """Return the area of what is beaten by a point and beats the reference.

    Points that do not beat the reference in both numbers count nothing.

    >>> hypervolume([(1.0, 3.0), (2.0, 2.0)], (4.0, 4.0))
    5.0
    """
    area, height = 0.0, reference[1]
    for first, second in front_of(points):
        if first < reference[0] and second < height:
            area += (reference[0] - first) * (height - second)
            height = second
    return area
