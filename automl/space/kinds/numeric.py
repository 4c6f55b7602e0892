"""Parameters that are numbers between two bounds."""

import math
import random
import sys
from dataclasses import dataclass
from fractions import Fraction

from automl.errors import SpecError
from automl.plain_data import plain
from automl.space.conditions import Condition
from automl.space.kinds.kind import Kind
from automl.space.kinds.moves import multiplied
from automl.space.kinds.shares import log_place, share_by_halving, share_of_place
from automl.space.parameter import Span
from automl.space.values import (
    ParamValue,
    finite,
    not_a_number,
    share_to_index,
    shown,
    written,
)
from automl.spelling.spelling import spelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Integer(Kind):
    """A whole number between two bounds, both included.

    Args:
        name: how templates and the table call it.
        min_value: the lowest value.
        max_value: the highest value; reached only if whole steps from `min_value` reach it.
        log: search evenly over orders of magnitude; needs `min_value >= 1`.
        step: distance between neighbouring values, 1 if not given.
        when: the condition under which it is used; always if not given.
    """

    name: str
    min_value: int
    max_value: int
    log: bool = False
    step: int | None = None
    when: Condition | None = None

    def __post_init__(self) -> None:
        Kind.__post_init__(self)
        for field in ("min_value", "max_value", "step"):
            value = plain(getattr(self, field))
            object.__setattr__(self, field, value)
            if not (type(value) is int or (field == "step" and value is None)):
                advice = (
                    ""
                    if isinstance(value, str)
                    else f"; use {spelled('type', 'Real')} for fractions"
                )
                raise SpecError(
                    f"parameter {self.name!r}: {field} must be a whole number, "
                    f"got {not_a_number(value)}{advice}"
                )
        _check_range(self)
        if self.log and self.min_value < 1:
            raise SpecError(
                f"parameter {self.name!r}: {spelled('log', value=True)} needs min_value >= 1, "
                f"got {self.min_value}"
            )
        if self.log and self.max_value > sys.float_info.max:
            raise SpecError(
                f"parameter {self.name!r}: {spelled('log', value=True)} needs max_value <= "
                f"1.8e308, the largest float, "
                f"got {self.max_value}; drop {spelled('log', value=True)}, or give a lower one"
            )

    __repr__ = shown

    @property
    def count(self) -> int:
        """The number of values."""
        return (self.max_value - self.min_value) // (self.step or 1) + 1

    @property
    def allowed(self) -> str:
        """The values in words."""
        return f"a whole number {_range(self)}"

    @property
    def span(self) -> Span:
        """The range."""
        return Span(
            low=self.min_value,
            high=self.value_at(self.count - 1),
            log=self.log,
            step=self.step,
            whole=True,
            even=not _in_log_steps(self),
        )

    def value_at(self, index: int) -> int:
        """Return the value number `index`, from 0 for `min_value`."""
        return self.min_value + index * (self.step or 1)

    def quantile(self, share: float) -> int:
        """Return the value at `share`, in [0, 1], of the range, or of its logarithm with `log`."""
        if not self.log or self.count == 1:
            return self.value_at(share_to_index(share, self.count))
        if _in_log_steps(self):
            return self.value_at(_log_index(self, share))
        # Half a step on either side gives the end values their full share.
        low, high = math.log(self.min_value - 0.5), math.log(self.max_value + 0.5)
        value = round(math.exp(low * (1.0 - share) + high * share))
        return min(max(value, self.min_value), self.max_value)

    def share_of(self, value: ParamValue) -> float:
        """Return the middle of the shares whose quantile is `value`."""
        if self.log:
            return share_by_halving(self, value)
        return share_of_place(self.index_of(value), self.count)

    def draw(self, rng: random.Random) -> int:
        """Return a random value, each equally likely, or each of its logarithm with `log`."""
        if self.log:
            return self.quantile(rng.random())
        return self.value_at(rng.randrange(self.count))

    def moved(self, value: ParamValue, factor: float) -> ParamValue:
        """Return `value * factor` within the range, but one step away at least."""
        return multiplied(self, value, factor)

    def contains(self, value: ParamValue) -> bool:
        """Tell whether `value` is an int of this grid."""
        return (
            type(value) is int
            and self.min_value <= value <= self.max_value
            and (value - self.min_value) % (self.step or 1) == 0
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Real(Kind):
    """A real number between two bounds, both included.

    Args:
        name: how templates and the table call it.
        min_value: the lowest value.
        max_value: the highest value; with `step`, reached only if whole steps reach it.
        log: search evenly over orders of magnitude; needs `min_value > 0`.
        step: distance between neighbouring values; any value in the range if not given.
        when: the condition under which it is used; always if not given.
    """

    name: str
    min_value: float
    max_value: float
    log: bool = False
    step: float | None = None
    when: Condition | None = None

    def __post_init__(self) -> None:
        Kind.__post_init__(self)
        for field in ("min_value", "max_value", "step"):
            value = getattr(self, field)
            if value is not None or field != "step":
                object.__setattr__(self, field, finite(self.name, field, value))
        _check_range(self)
        if self.step is not None and self.min_value != self.max_value:
            check_step(self.name, self.step, self.min_value, self.max_value)
        if self.log and self.min_value <= 0:
            raise SpecError(
                f"parameter {self.name!r}: {spelled('log', value=True)} needs min_value > 0, got "
                f"{self.min_value}"
            )

    __repr__ = shown

    @property
    def count(self) -> int | None:
        """The number of values, or None where they are not countable."""
        if self.min_value == self.max_value:
            return 1
        if self.step is None:
            return None
        steps = (written(self.max_value) - written(self.min_value)) / written(self.step)
        # A computed bound may be a hair off: 0.1 + 0.2 to 1.0 by 0.1 is meant to end at 1.0.
        return math.floor(steps + _HAIR) + 1

    @property
    def allowed(self) -> str:
        """The values in words."""
        return f"a number with a decimal point {_range(self)}"

    @property
    def span(self) -> Span:
        """The range."""
        high = self.max_value if self.step is None else self.quantile(1.0)
        even = not _in_log_steps(self)
        return Span(low=self.min_value, high=high, log=self.log, step=self.step, even=even)

    def value_at(self, index: int) -> float:
        """Return the value number `index`, from 0 for `min_value`.

        It is counted in the numbers as they are written, so that 0.1 + 2 * 0.1 is 0.3.
        """
        if self.step is None:
            return self.min_value
        exact = written(self.min_value) + index * written(self.step)
        return float(min(exact, Fraction(self.max_value)))

    def quantile(self, share: float) -> float:
        """Return the value at `share`, in [0, 1], of the range, or of its logarithm with `log`."""
        if _in_log_steps(self):
            return self.value_at(_log_index(self, share))
        if self.count is not None:
            return self.value_at(share_to_index(share, self.count))
        low, high = self.min_value, self.max_value
        if self.log:
            value = math.exp(math.log(low) * (1.0 - share) + math.log(high) * share)
        else:
            # Not low + share * (high - low): the width may be more than a float can hold.
            value = low * (1.0 - share) + high * share
        return min(max(value, low), high)

    def share_of(self, value: ParamValue) -> float:
        """Return the share whose quantile is `value`, of a step the middle of its shares."""
        if _in_log_steps(self):
            return share_by_halving(self, value)
        if self.count is not None:
            return share_of_place(self.index_of(value), self.count)
        return _share_of_range(self, float(value))  # type: ignore[arg-type]

    def draw(self, rng: random.Random) -> float:
        """Return a random value, drawn evenly from the range, or its logarithm with `log`."""
        if self.count is None or self.log:
            return self.quantile(rng.random())
        return self.value_at(rng.randrange(self.count))

    def moved(self, value: ParamValue, factor: float) -> ParamValue:
        """Return `value * factor` within the range, with a step but one step away at least."""
        return multiplied(self, value, factor)

    def contains(self, value: ParamValue) -> bool:
        """Tell whether `value` is a float of this range, and of its grid if it has a step."""
        if type(value) is not float or not self.min_value <= value <= self.max_value:
            return False
        if self.step is None or self.min_value == self.max_value:
            return True
        index = round((Fraction(value) - written(self.min_value)) / written(self.step))
        return index < (self.count or 0) and value == self.value_at(index)


def _in_log_steps(parameter: Integer | Real) -> bool:
    """Tell whether values in steps are searched by their logarithm; ints always have one of 1."""
    least = 1 if isinstance(parameter, Integer) else None
    return parameter.log and parameter.step not in {None, least} and parameter.count != 1


def _log_index(parameter: Integer | Real, share: float) -> int:
    """Return the number of the value that is nearest to `share` of the range's logarithm."""
    count = parameter.count or 1
    first, last = parameter.min_value, parameter.value_at(count - 1)
    return log_place(share, first, last, parameter.step or 1, count)


def check_step(name: str, step: float, low: float, high: float) -> None:
    """Raise SpecError for a step so small that floats cannot tell neighbouring values apart."""
    smallest = 2 * math.ulp(max(abs(low), abs(high)))
    if step < smallest:
        raise SpecError(
            f"parameter {name!r}: step {step} is too small to tell neighbouring "
            f"values of this range apart; give at least {smallest}, or no step"
        )


def _check_range(parameter: Integer | Real) -> None:
    name, low, high = parameter.name, parameter.min_value, parameter.max_value
    if low > high:
        raise SpecError(
            f"parameter {name!r}: min_value {low} is above max_value {high}; swap or correct them"
        )
    if parameter.step is not None and parameter.step <= 0:
        raise SpecError(f"parameter {name!r}: step must be above 0, got {parameter.step}")
    if type(parameter.log) is not bool:
        raise SpecError(f"parameter {name!r}: log must be True or False, got {parameter.log!r}")


def _share_of_range(parameter: Real, value: float) -> float:
    low, high = parameter.min_value, parameter.max_value
    if parameter.log:
        low, high, value = math.log(low), math.log(high), math.log(value)
    # Halves, as the width of a range may be more than a float can hold.
    width = high / 2 - low / 2
    return (value / 2 - low / 2) / width if width else 0.5


def _range(parameter: Integer | Real) -> str:
    steps = "" if parameter.step is None else f" in steps of {parameter.step}"
    return f"from {parameter.min_value} to {parameter.max_value}{steps}"


_HAIR = Fraction(1, 10**9)
