"""Optuna's distributions: the ranges of parameters, as objects of their own."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from automl.inside.ranges import (
    CATEGORICAL,
    FLOAT,
    Range,
    categorical_range,
    float_range,
    int_range,
)


class BaseDistribution(ABC):
    """The values that a parameter may have; two are equal if they are the same range."""

    @property
    @abstractmethod
    def range(self) -> Range:
        """The same, as trials note it."""

    def single(self) -> bool:
        """Tell whether there is one value alone."""
        return len(self.range.choices) == 1 if self.range.choices else _holds_one(self.range)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BaseDistribution) and self.range == other.range

    def __hash__(self) -> int:
        return hash(self.range)


@dataclass(frozen=True, eq=False)
class FloatDistribution(BaseDistribution):
    """What `suggest_float` asks for.

    Raises:
        ValueError: as `suggest_float`.
    """

    low: float
    high: float
    log: bool = False
    step: float | None = None

    def __post_init__(self) -> None:
        _take_bounds(self, float_range(self.low, self.high, step=self.step, log=self.log))

    @property
    def range(self) -> Range:
        """As above."""
        return Range(FLOAT, self.low, self.high, self.log, self.step)


@dataclass(frozen=True, eq=False)
class IntDistribution(BaseDistribution):
    """What `suggest_int` asks for.

    Raises:
        ValueError: as `suggest_int`.
    """

    low: int
    high: int
    log: bool = False
    step: int = 1

    def __post_init__(self) -> None:
        _take_bounds(self, int_range(self.low, self.high, step=self.step, log=self.log))

    @property
    def range(self) -> Range:
        """As above."""
        return int_range(self.low, self.high, step=self.step, log=self.log)


@dataclass(frozen=True, eq=False)
class CategoricalDistribution(BaseDistribution):
    """What `suggest_categorical` asks for.

    Raises:
        ValueError: there is no choice.
    """

    choices: Sequence[Any]

    def __post_init__(self) -> None:
        categorical_range(self.choices)
        object.__setattr__(self, "choices", tuple(self.choices))

    @property
    def range(self) -> Range:
        """As above."""
        return categorical_range(self.choices)


def distribution_of(given: Range) -> BaseDistribution:
    """Return a range that a trial noted as a distribution."""
    if given.kind == CATEGORICAL:
        return CategoricalDistribution(given.choices)
    if given.kind == FLOAT:
        return FloatDistribution(given.low, given.high, given.log, given.step)
    return IntDistribution(int(given.low), int(given.high), given.log, int(given.step or 1))


def UniformDistribution(low: float, high: float) -> FloatDistribution:  # noqa: N802 - Optuna's name
    """Return a range of floats, by an older name."""
    return FloatDistribution(low, high)


def LogUniformDistribution(low: float, high: float) -> FloatDistribution:  # noqa: N802 - as above
    """Return a range of floats that are spread by their logarithm, by an older name."""
    return FloatDistribution(low, high, log=True)


def DiscreteUniformDistribution(  # noqa: N802 - as above
    low: float, high: float, q: float
) -> FloatDistribution:
    """Return a range of floats in steps of `q`, by an older name."""
    return FloatDistribution(low, high, step=q)


def IntUniformDistribution(  # noqa: N802 - as above
    low: int, high: int, step: int = 1
) -> IntDistribution:
    """Return a range of whole numbers, by an older name."""
    return IntDistribution(low, high, step=step)


def IntLogUniformDistribution(  # noqa: N802 - as above
    low: int, high: int, step: int = 1
) -> IntDistribution:
    """Return a range of whole numbers that are spread by their logarithm, by an older name."""
    return IntDistribution(low, high, log=True, step=step)


def _take_bounds(given: FloatDistribution | IntDistribution, found: Range) -> None:
    """Keep bounds with the type of the range; of a step, the highest is a whole number of them."""
    for name in ("low", "high", "log", "step"):
        object.__setattr__(given, name, getattr(found, name))


def _holds_one(given: Range) -> bool:
    if given.step is None:
        return given.low == given.high
    return given.high - given.low < given.step
