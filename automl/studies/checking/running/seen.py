"""What is found of one metric while its trial runs, each number with its line."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from automl.readers.follower import Follower, Look, Points
from automl.readers.sighting import Sighting

KEPT = 100
"""So many of the first numbers are kept, and so many of the last."""


@dataclass(frozen=True, slots=True)
class Point:
    """One number of a metric.

    Attributes:
        value: the number.
        step: its step, NaN where none is known.
        sighting: where it stands; None for readers that cannot tell.
    """

    value: float
    step: float
    sighting: Sighting | None


class Seen:
    """The numbers of one metric that count so far; those of a file written anew begin anew.

    Args:
        metric: its name.
        tell: is told of each number as it is found.

    Attributes:
        count: how many there are.
        first: the first of them.
        last: the last of them.
        distinct: how many different ones there are, up to `KEPT`.
        not_finite: the first that is NaN or infinite; None without one.
        back: two neighbours of which the second has the smaller step; None without any.
    """

    def __init__(self, metric: str, tell: Callable[[str, Point], None]) -> None:
        self.metric = metric
        self._tell = tell
        self._forget()

    def _forget(self) -> None:
        self.count = 0
        self.first: list[Point] = []
        self.last: deque[Point] = deque(maxlen=KEPT)
        self.not_finite: Point | None = None
        self.back: tuple[Point, Point] | None = None
        self._values: set[float] = set()

    @property
    def distinct(self) -> int:
        """How many different numbers there are, up to `KEPT`."""
        return len(self._values)

    def take(self, points: Points, sightings: list[Sighting]) -> None:
        """Take in what one look found.

        Args:
            points: the numbers.
            sightings: where they stand; of others before them, too, that do not count.
        """
        if points.restarted:
            self._forget()
        count = len(points.values)
        told = sightings[-count:] if count else []
        known = [one.value for one in told] == list(points.values)
        for place, value in enumerate(points.values):
            step = points.steps[place] if points.steps else math.nan
            self._add(Point(value, step, told[place] if known else None))

    def _add(self, point: Point) -> None:
        before = self.last[-1] if self.last else None
        if before and point.step < before.step and self.back is None:
            self.back = before, point
        if not math.isfinite(point.value) and self.not_finite is None:
            self.not_finite = point
        if len(self._values) < KEPT:
            self._values.add(point.value)
        if len(self.first) < KEPT:
            self.first.append(point)
        self.last.append(point)
        self.count += 1
        self._tell(self.metric, point)


class Noting:
    """A follower whose numbers are noted.

    Args:
        follower: reads a file.
        seen: takes in what it reads, by metric.
        sightings: where its numbers stand, as they are told.
    """

    def __init__(
        self, follower: Follower, seen: dict[str, Seen], sightings: list[Sighting]
    ) -> None:
        self._follower = follower
        self._seen = seen
        self._sightings = sightings

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return what is new in the file."""
        look = self._follower.read(ended=ended, limit_bytes=limit_bytes)
        if not look.pending:
            sightings = list(self._sightings)
            self._sightings.clear()
            for metric, points in look.measurements.items():
                if metric in self._seen:
                    self._seen[metric].take(points, sightings)
        return look

    def problem(self) -> str:
        """Return why there is no usable number."""
        return self._follower.problem()

    def close(self) -> None:
        """Free what the follower holds."""
        self._follower.close()
