"""What is searched: a space, and what a training with given values would print, and when."""

import math
import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol, TypeAlias

Values: TypeAlias = dict[str, Any]
"""The values of one trial; parameters that do not hold are left out."""

Direction: TypeAlias = Literal["maximize", "minimize"]

DRAWS = 2000
"""Random draws from which a task's median regret and its time scale are taken."""

USUAL_S = 20.0
"""Simulated seconds that a training of the median random draw takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One parameter: a list of candidates, or a range.

    Attributes:
        name: how values refer to it.
        type: `Categorical`, `Integer` or `Real`.
        candidates: of a list.
        low: of a range, both ends are in.
        high: likewise.
        step: of a range of whole numbers.
        log: whether a range is searched by its logarithm.
        when: the values of other parameters with which it holds.
    """

    name: str
    type: str
    candidates: tuple[Any, ...] = ()
    low: float = 0
    high: float = 0
    step: int = 1
    log: bool = False
    when: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Tell whether it is a parameter at all, given the values before it."""
        return all(values.get(name) in allowed for name, allowed in self.when.items())

    def value_at(self, place: float) -> Any:  # noqa: ANN401 - a value of any type
        """Return the value at a place from 0 to below 1; equal steps are equally likely."""
        if self.candidates:
            return self.candidates[int(place * len(self.candidates))]
        if self.type == "Integer":
            count = (self.high - self.low) // self.step + 1
            return int(self.low + self.step * int(place * count))
        if self.log:
            return self.low * (self.high / self.low) ** place
        return self.low + (self.high - self.low) * place

    def place_of(self, value: Any) -> float:  # noqa: ANN401
        """Return where a value lies, from 0 to 1."""
        if self.candidates:
            return self.candidates.index(value) / max(1, len(self.candidates) - 1)
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return float((value - self.low) / (self.high - self.low))


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One training.

    Attributes:
        curve: what it prints, at equal distances in time, the last at its end.
        value: what counts of it, noise included.
        duration_s: how long it takes, in simulated seconds.
        more: the values of further objectives, printed at its end.
    """

    curve: tuple[float, ...]
    value: float
    duration_s: float
    more: tuple[float, ...] = ()

    @property
    def values(self) -> tuple[float, ...]:
        """The values of all objectives."""
        return self.value, *self.more


class Trained(Protocol):
    """What those see of a task who run its trainings."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The parameters."""
        ...

    @property
    def directions(self) -> tuple[Direction, ...]:
        """For each objective whether it is to `maximize` or to `minimize`."""
        ...

    @property
    def final(self) -> str:
        """Which of the printed values counts, `last` or `mean`."""
        ...

    def play(self, values: Values, seed: int) -> Played:
        """Return the training with these values; `seed` decides the noise."""
        ...


def counted(final: str, curve: Sequence[float]) -> float:
    """Return which number counts of what was printed, at least one."""
    return statistics.fmean(curve) if final == "mean" else curve[-1]


def drawn(axes: Sequence[Axis], rng: random.Random) -> Values:
    """Return a random combination."""
    values: Values = {}
    for axis in axes:
        if axis.holds(values):
            values[axis.name] = axis.value_at(rng.random())
    return values


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to be tuned.

    Attributes:
        name: of the task, short.
        about: what it is, in a few words.
        axes: the parameters; one that holds under a condition comes after those it names.
        maximize: whether higher is better.
        final: which of the printed values counts, `last` or `mean`.
        best: the best noise-free value there is.
        truth: gives the noise-free value.
        curve: gives what a training prints; the number decides the noise.
        seconds: gives how long a training takes, in any unit.
    """

    name: str
    about: str
    axes: tuple[Axis, ...]
    maximize: bool
    final: str = "last"
    best: float
    truth: Callable[[Values], float]
    curve: Callable[[Values, int], tuple[float, ...]]
    seconds: Callable[[Values], float]

    def play(self, values: Values, seed: int) -> Played:
        """Return the training with these values; `seed` decides the noise."""
        curve = self.curve(values, seed)
        return Played(
            curve=curve,
            value=counted(self.final, curve),
            duration_s=self.seconds(values) * self._usual[1],
        )

    @property
    def directions(self) -> tuple[Direction]:
        """The one direction, in words."""
        return ("maximize",) if self.maximize else ("minimize",)

    def regret(self, values: Values) -> float:
        """Return how far these values are from the best: 0 the best, 100 a median random draw."""
        return 100 * self._loss(self.truth(values)) / self._usual[0]

    def _loss(self, truth: float) -> float:
        return self.best - truth if self.maximize else truth - self.best

    @cached_property
    def _usual(self) -> tuple[float, float]:
        """The median loss of a random draw, and simulated seconds for one of the task's units."""
        rng = random.Random(self.name)  # noqa: S311 - no secret
        draws = [drawn(self.axes, rng) for _ in range(DRAWS)]
        loss = statistics.median(self._loss(self.truth(values)) for values in draws)
        return loss, USUAL_S / statistics.median(self.seconds(values) for values in draws)
