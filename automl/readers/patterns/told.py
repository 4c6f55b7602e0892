"""The numbers of several files one after another, and what is new in them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from automl.readers.follower import Points


@dataclass(slots=True)
class Numbers:
    """Numbers of one metric.

    Attributes:
        values: the numbers.
        steps: the step of each, NaN where none is known.
        stepped: whether steps are known.
    """

    values: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    stepped: bool = False

    def add(self, points: Points) -> None:
        """Take in what was read."""
        if points.restarted:
            self.values, self.steps = [], []
        self.values += points.values
        self.stepped = self.stepped or points.steps is not None
        self.steps += points.steps or [math.nan] * len(points.values)


def news(shown: dict[str, Numbers], files: Sequence[Mapping[str, Numbers]]) -> dict[str, Points]:
    """Return what is new of the numbers of files, one file after the other.

    Args:
        shown: what was told before, by metric; what is new is added.
        files: the numbers of each file, by metric.
    """
    found = {}
    for metric in dict.fromkeys(name for one in files for name in one):
        before = shown.setdefault(metric, Numbers())
        gave = [one[metric] for one in files if metric in one]
        now = Numbers(
            [value for one in gave for value in one.values],
            [step for one in gave for step in one.steps],
            any(one.stepped for one in gave),
        )
        count = len(before.values)
        # The very same objects, as NaN is not equal to itself.
        goes_on = all(map(_same, before.values, now.values)) and count <= len(now.values)
        values, steps = now.values, now.steps
        if goes_on:
            values, steps = values[count:], steps[count:]
        if not values:
            continue
        shown[metric] = now
        stepped = tuple(steps) if now.stepped else None
        found[metric] = Points(tuple(values), stepped, restarted=not goes_on)
    return found


def _same(one: float, other: float) -> bool:
    return one is other or one == other
