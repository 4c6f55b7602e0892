"""Parameters that are numbers around a mean: normal and lognormal, also in steps."""

import math
import random
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import ClassVar

from automl.errors import SpecError
from automl.plain_data import plain
from automl.space.conditions import Condition
from automl.space.kinds.kind import Kind
from automl.space.kinds.moves import multiplied
from automl.space.kinds.numeric import check_step
from automl.space.kinds.shares import share_by_halving
from automl.space.parameter import Span
from automl.space.values import ParamValue, finite, shown, written

REACH = 5.0
"""How many standard deviations from the mean the values end, on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bell(Kind):
    """What the two bell-shaped parameters share; they differ in what a deviation means."""

    name: str
    mean: float
    std: float
    step: float | None = None
    when: Condition | None = None
    _log: ClassVar[bool] = False

    def __post_init__(self) -> None:
        Kind.__post_init__(self)
        _check(self)

    __repr__ = shown

    @property
    def min_value(self) -> float:
        """The lowest value."""
        return _stepped(self, self._at(-REACH))

    @property
    def max_value(self) -> float:
        """The highest value."""
        return _stepped(self, self._at(REACH))

    @property
    def count(self) -> int | None:
        """The number of values, or None without a step."""
        return _count(self)

    @property
    def allowed(self) -> str:
        """The values in words."""
        return _allowed(self)

    @property
    def span(self) -> Span:
        """The range, whose middle is likelier than its ends."""
        low, high, step = self.min_value, self.max_value, self.step
        log, whole = self._log and low > 0, type(step) is int
        return Span(low=low, high=high, log=log, step=step, whole=whole, even=False)

    def value_at(self, index: int) -> float:
        """Return the multiple of the step number `index`, from 0 for the lowest."""
        return _value_at(self, index)

    def quantile(self, share: float) -> float:
        """Return the value below which `share`, in [0, 1], of the draws lie."""
        return _stepped(self, self._at(standard_quantile(share)))

    def share_of(self, value: ParamValue) -> float:
        """Return the share of the draws below `value`, of a step the middle of its shares."""
        return share_by_halving(self, value)

    def draw(self, rng: random.Random) -> float:
        """Return a random value, the likelier the nearer to the mean."""
        return self.quantile(rng.random())

    def moved(self, value: ParamValue, factor: float) -> ParamValue:
        """Return `value * factor` within reach, with a step but one step away at least."""
        return multiplied(self, value, factor)

    def contains(self, value: ParamValue) -> bool:
        """Tell whether `value` is in reach, of the right type, and a multiple of the step."""
        return _contains(self, value)

    def _at(self, deviations: float) -> float:
        """Return the value so many standard deviations from the mean."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Normal(_Bell):
    """A number around a mean, rarer the further away; at most 5 standard deviations from it.

    Args:
        name: how templates and the table call it.
        mean: the middle of the values.
        std: the standard deviation, above 0.
        step: values are rounded to multiples of it; whole numbers if it is one (`1`, not `1.0`).
            Any value if not given.
        when: the condition under which it is used; always if not given.
    """

    def _at(self, deviations: float) -> float:
        return self.mean + deviations * self.std


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LogNormal(_Bell):
    """A positive number whose logarithm is normal; at most 5 standard deviations from its mean.

    Args:
        name: how templates and the table call it.
        mean: the mean of the natural logarithm: half the values are below exp(mean).
        std: the standard deviation of the logarithm, above 0.
        step: values are rounded to multiples of it, 0 included where values are so small; whole
            numbers if it is one (`1`, not `1.0`). Any value if not given.
        when: the condition under which it is used; always if not given.
    """

    _log: ClassVar[bool] = True

    def _at(self, deviations: float) -> float:
        return math.exp(self.mean + deviations * self.std)


def standard_quantile(share: float) -> float:
    """Return the quantile of the standard normal distribution, cut off at 5 on either side.

    >>> [round(standard_quantile(share), 3) for share in (0, 0.5, 0.975, 1)]
    [-5.0, 0.0, 1.96, 5.0]
    """
    inside = _TAIL + share * (1.0 - 2 * _TAIL)
    return min(max(_STANDARD.inv_cdf(inside), -REACH), REACH)


def _check(parameter: _Bell) -> None:
    name = parameter.name
    for field in ("mean", "std"):
        object.__setattr__(parameter, field, finite(name, field, getattr(parameter, field)))
    if parameter.std <= 0:
        raise SpecError(f"parameter {name!r}: std must be above 0, got {parameter.std}")
    step = plain(parameter.step)
    if step is not None:
        if finite(name, "step", step) <= 0:
            raise SpecError(f"parameter {name!r}: step must be above 0, got {step}")
        object.__setattr__(parameter, "step", step)
    low, high = parameter.mean - REACH * parameter.std, parameter.mean + REACH * parameter.std
    log = parameter._log  # noqa: SLF001 - of this module
    fits = low >= _LEAST_LOG and high <= _MOST_LOG if log else math.isfinite(high - low)
    if not fits:
        what = "the logarithm's mean and std" if log else "mean and std"
        raise SpecError(
            f"parameter {name!r}: {REACH:g} standard deviations around the mean reach from "
            f"{low} to {high}, which is more than floats hold; give {what} nearer to 0"
        )
    if step is not None and type(step) is not int:
        check_step(name, step, parameter.min_value, parameter.max_value)


def _index(parameter: _Bell, value: float) -> int:
    """Return which multiple of the step is nearest to `value`."""
    return round(Fraction(value) / written(parameter.step or 1))


def _multiple(parameter: _Bell, index: int) -> float:
    step = parameter.step or 1
    return index * step if type(step) is int else float(index * written(step))


def _stepped(parameter: _Bell, value: float) -> float:
    if parameter.step is None:
        return value
    return _multiple(parameter, _index(parameter, value))


def _count(parameter: _Bell) -> int | None:
    if parameter.step is None:
        return None
    return _index(parameter, parameter.max_value) - _index(parameter, parameter.min_value) + 1


def _value_at(parameter: _Bell, index: int) -> float:
    return _multiple(parameter, _index(parameter, parameter.min_value) + index)


def _contains(parameter: _Bell, value: ParamValue) -> bool:
    if type(value) is not (int if type(parameter.step) is int else float):
        return False
    if not parameter.min_value <= value <= parameter.max_value:
        return False
    return parameter.step is None or value == _multiple(parameter, _index(parameter, value))


def _allowed(parameter: _Bell) -> str:
    kind = "a whole number" if type(parameter.step) is int else "a number with a decimal point"
    steps = "" if parameter.step is None else f" in multiples of {parameter.step}"
    return f"{kind} from {parameter.min_value} to {parameter.max_value}{steps}"


_STANDARD = NormalDist()
_TAIL = _STANDARD.cdf(-REACH)

# The logarithms of the smallest normal float and of the largest one, a little inside.
_LEAST_LOG = -708.0
_MOST_LOG = 709.0
