"""The contract of a kind of parameter: all that the other rooms may ask it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from automl.space.conditions import Condition
from automl.space.values import Params, ParamValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A parameter's values as a range of numbers, for models that know ranges.

    Attributes:
        low: the lowest value.
        high: the highest value that is reached.
        log: whether the values are searched by their logarithm.
        step: the distance between neighbours, None if the user gave none.
        whole: whether the values are ints; else they are floats.
        even: whether random values fill the range, or its logarithm with `log`, evenly.
    """

    low: float
    high: float
    log: bool = False
    step: float | None = None
    whole: bool = False
    even: bool = True


class Values(Protocol):
    """The values of a parameter: which there are, in which order, and how they are drawn.

    All are JSON values, so that files and tables hold those of any kind alike.
    """

    @property
    def allowed(self) -> str:
        """Its values in words, for messages: `one of 1, 2`, `a whole number from 1 to 9`."""
        ...

    @property
    def count(self) -> int | None:
        """The number of its values; None where they cannot be counted."""
        ...

    def contains(self, value: ParamValue) -> bool:
        """Tell whether `value`, any JSON value, is one of its values, type included."""
        ...

    def value_at(self, index: int) -> ParamValue:
        """Return the value number `index`, from 0, in the order in which a grid is walked."""
        ...

    def index_of(self, value: ParamValue) -> int:
        """Return the number of one of its values: the inverse of `value_at`."""
        ...

    def quantile(self, share: float) -> ParamValue:
        """Return the value at `share`, in [0, 1]: even shares give values as they are drawn."""
        ...

    def share_of(self, value: ParamValue) -> float:
        """Return the middle of the shares whose quantile is one of its values."""
        ...

    def draw(self, rng: random.Random) -> ParamValue:
        """Return a random value."""
        ...


@runtime_checkable
class Parameter(Values, Protocol):
    """One axis of a search space: it has one value in each trial in which it is in use.

    What a kind of parameter does not say here, no algorithm, table or journal needs to know.
    `Kind` answers most of it; `automl.testing` checks it (`PARAMETER_CHECKS`).
    """

    @property
    def name(self) -> str:
        """How templates, messages and algorithms call it."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The values of a trial that it sets: itself, or several that are drawn as one list."""
        ...

    @property
    def when(self) -> Condition | None:
        """The condition under which it is in use; None: always."""
        ...

    @property
    def searched(self) -> bool:
        """Whether algorithms choose its value; else it has the same one in every trial."""
        ...

    @property
    def ordered(self) -> bool:
        """Whether neighbouring values are alike, in the order of `in_order`."""
        ...

    @property
    def span(self) -> Span | None:
        """Its values as a range of numbers, if they are one; what cannot be counted must be."""
        ...

    def moved(self, value: ParamValue, factor: float) -> ParamValue:
        """Return a value near `value`: above it for a factor above 1, below it for one below 1.

        A number may be multiplied by the factor. The value stays where none is near.
        """
        ...

    def in_order(self) -> "Parameter":
        """Return the same values in rising order, by which `value_at` and `quantile` then go."""
        ...

    def options(self) -> dict[str, Any]:
        """Return what it is made with as JSON values by keyword, without `when`."""
        ...


def named(parameter: Parameter, value: ParamValue) -> dict[str, ParamValue]:
    """Return the values of a trial that a parameter's value stands for, by name."""
    if len(parameter.names) == 1:
        return {parameter.name: value}
    return dict(zip(parameter.names, value, strict=True))  # type: ignore[arg-type]


def value_in(parameter: Parameter, params: Params | Mapping[str, Any]) -> ParamValue:
    """Return a parameter's value among those of a trial; KeyError where it has none."""
    if len(parameter.names) == 1:
        return params[parameter.name]
    return [params[name] for name in parameter.names]
