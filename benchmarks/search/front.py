"""What is searched by two objectives at once."""

import random
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from benchmarks.search.hypervolume import Point, front_of, hypervolume
from benchmarks.search.task import DRAWS, USUAL_S, Axis, Direction, Played, Values, drawn

FEW = 10
"""A front of so many random draws is what a regret of 100 means."""


@dataclass(frozen=True, kw_only=True)
class Front:
    """Something to be tuned by two objectives, without noise.

    Attributes:
        name: of the task, short.
        about: what it is, in a few words.
        axes: the parameters; one that holds under a condition comes after those it names.
        directions: `maximize` or `minimize`, for each objective.
        truths: gives the values of both objectives.
        known: gives the values of the best combinations known; others may be among them.
        seconds: gives how long a training takes, in any unit.
    """

    name: str
    about: str
    axes: tuple[Axis, ...]
    directions: tuple[Direction, Direction] = ("minimize", "minimize")
    truths: Callable[[Values], Point]
    known: Callable[[], Iterable[Point]]
    seconds: Callable[[Values], float]
    final: str = "last"

    def play(self, values: Values, seed: int) -> Played:
        """Return the training with these values; there is no noise, whatever the seed."""
        del seed
        first, second = self.truths(values)
        return Played(
            curve=(first,),
            value=first,
            more=(second,),
            duration_s=self.seconds(values) * self._scale.second_s,
        )

    def losses(self, values: Values) -> Point:
        """Return what both objectives are with these values, the lower the better."""
        return self._lowered(self.truths(values))

    def regret(self, losses: Iterable[Point]) -> float:
        """Return how far a front is from the best: 0 the best known, 100 that of ten draws.

        It is the hypervolume that is missing: the area that the best known front covers and this
        one does not, in percent of what the median front of `FEW` random draws leaves uncovered.
        The areas end at the worst value of each objective among `DRAWS` random draws.
        """
        missing = self._scale.best - hypervolume(list(losses), self._scale.reference)
        return 100 * missing / (self._scale.best - self._scale.usual)

    def _lowered(self, truths: Point) -> Point:
        signs = [-1 if direction == "maximize" else 1 for direction in self.directions]
        return signs[0] * truths[0], signs[1] * truths[1]

    @cached_property
    def best(self) -> list[Point]:
        """The best known front, as losses."""
        return front_of(map(self._lowered, self.known()))

    @cached_property
    def _scale(self) -> "_Scale":
        rng = random.Random(self.name)  # noqa: S311 - no secret
        draws = [drawn(self.axes, rng) for _ in range(DRAWS)]
        losses = [self.losses(values) for values in draws]
        reference = max(first for first, _ in losses), max(second for _, second in losses)
        fronts = [losses[start : start + FEW] for start in range(0, DRAWS, FEW)]
        return _Scale(
            reference=reference,
            best=hypervolume(self.best, reference),
            usual=statistics.median(hypervolume(front, reference) for front in fronts),
            second_s=USUAL_S / statistics.median(map(self.seconds, draws)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """What a front is measured by.

    Attributes:
        reference: where the areas end.
        best: the area of the best known front.
        usual: the median area of a few random draws.
        second_s: simulated seconds for one of the task's units.
    """

    reference: Point
    best: float
    usual: float
    second_s: float
