"""The three kinds of tuned parameter, and what a value of one may be."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from automl.errors import SpecError

ParamValue: TypeAlias = "None | bool | int | float | str | list[ParamValue] | dict[str, ParamValue]"
"""Any JSON value; it keeps its type from here to the table: 1, 1.0 and True are three values."""


def value_key(value: ParamValue) -> str:
    """Return a text that is equal for two values only when value and type are equal.

    >>> value_key(1), value_key(1.0), value_key(True), value_key("1")
    ('1', '1.0', 'true', '"1"')
    """
    return json.dumps(value, sort_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Categorical:
    """A parameter that takes one of a fixed list; grid search walks it in the given order.

    Args:
        name: how templates and the table call it.
        candidates: the values, at least one, none twice; numpy scalars become Python's.
    """

    name: str
    candidates: tuple[ParamValue, ...]

    def __post_init__(self) -> None:
        _check_name(self.name)
        if isinstance(self.candidates, str) or not isinstance(self.candidates, Iterable):
            raise SpecError(
                f"parameter {self.name!r}: candidates must be a list of values, "
                f"got {self.candidates!r}"
            )
        values = tuple(_plain(value) for value in self.candidates)
        object.__setattr__(self, "candidates", values)
        if not values:
            raise SpecError(
                f"parameter {self.name!r}: candidates is empty; give at least one value"
            )
        seen = set()
        for value in values:
            key = self._key(value)
            if key in seen:
                raise SpecError(
                    f"parameter {self.name!r}: candidate {value!r} is listed twice; list it once"
                )
            seen.add(key)

    def _key(self, value: ParamValue) -> str:
        try:
            return json.dumps(value, sort_keys=True, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise SpecError(
                f"parameter {self.name!r}: candidate {value!r} cannot be written as JSON ({error}); "
                "allowed: finite numbers, strings, booleans, None, and lists or dicts of these"
            ) from error

    @property
    def count(self) -> int:
        """The number of values."""
        return len(self.candidates)

    def value_at(self, index: int) -> ParamValue:
        """Return the value number `index`, from 0, in the given order."""
        return self.candidates[index]

    def contains(self, value: ParamValue) -> bool:
        """Tell whether `value` is a candidate, type included."""
        return any(
            type(value) is type(candidate) and value == candidate for candidate in self.candidates
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Integer:
    """A whole number between two bounds, both included.

    Args:
        name: how templates and the table call it.
        min_value: the lowest value.
        max_value: the highest value; reached only if whole steps from `min_value` reach it.
        log: search evenly over orders of magnitude; needs `min_value >= 1` and no `step`.
        step: distance between neighbouring values, 1 if not given.
    """

    name: str
    min_value: int
    max_value: int
    log: bool = False
    step: int | None = None

    def __post_init__(self) -> None:
        _check_name(self.name)
        for field in ("min_value", "max_value", "step"):
            value = _plain(getattr(self, field))
            object.__setattr__(self, field, value)
            if not (type(value) is int or (field == "step" and value is None)):
                raise SpecError(
                    f"parameter {self.name!r}: {field} must be a whole number, got {value!r}; "
                    "use type='Real' for fractions"
                )
        _check_range(self)
        if self.log and self.min_value < 1:
            raise SpecError(
                f"parameter {self.name!r}: log=True needs min_value >= 1, got {self.min_value}"
            )

    @property
    def count(self) -> int:
        """The number of values."""
        return (self.max_value - self.min_value) // (self.step or 1) + 1

    def value_at(self, index: int) -> int:
        """Return the value number `index`, from 0 for `min_value`."""
        return self.min_value + index * (self.step or 1)

    def contains(self, value: ParamValue) -> bool:
        """Tell whether `value` is an int of this grid."""
        return (
            type(value) is int
            and self.min_value <= value <= self.max_value
            and (value - self.min_value) % (self.step or 1) == 0
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """A real number between two bounds, both included.

    Args:
        name: how templates and the table call it.
        min_value: the lowest value.
        max_value: the highest value; with `step`, reached only if whole steps reach it.
        log: search evenly over orders of magnitude; needs `min_value > 0` and no `step`.
        step: distance between neighbouring values; any value in the range if not given.
    """

    name: str
    min_value: float
    max_value: float
    log: bool = False
    step: float | None = None

    def __post_init__(self) -> None:
        _check_name(self.name)
        for field in ("min_value", "max_value", "step"):
            value = _plain(getattr(self, field))
            if value is None and field == "step":
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise SpecError(f"parameter {self.name!r}: {field} must be a number, got {value!r}")
            if not math.isfinite(value):
                raise SpecError(f"parameter {self.name!r}: {field} must be finite, got {value!r}")
            object.__setattr__(self, field, float(value))
        _check_range(self)
        if self.log and self.min_value <= 0:
            raise SpecError(
                f"parameter {self.name!r}: log=True needs min_value > 0, got {self.min_value}"
            )

    @property
    def count(self) -> int | None:
        """The number of values, or None where they are not countable."""
        if self.min_value == self.max_value:
            return 1
        if self.step is None:
            return None
        # A range of 0..0.3 by 0.1 has four values although 0.3 / 0.1 is 2.9999999999999996.
        return math.floor((self.max_value - self.min_value) / self.step + 1e-9) + 1

    def value_at(self, index: int) -> float:
        """Return the value number `index`, from 0 for `min_value`.

        It is rounded to the decimals of `step` and `min_value`, so that 0.1 + 2 * 0.1 is 0.3.
        """
        if self.step is None:
            return self.min_value
        decimals = max(_decimals(self.step), _decimals(self.min_value))
        return min(round(self.min_value + index * self.step, decimals), self.max_value)

    def contains(self, value: ParamValue) -> bool:
        """Tell whether `value` is a float of this range, and of its grid if it has a step."""
        if type(value) is not float or not self.min_value <= value <= self.max_value:
            return False
        if self.step is None:
            return True
        return value == self.value_at(round((value - self.min_value) / self.step))


Parameter: TypeAlias = Categorical | Integer | Real


def _check_name(name: object) -> None:
    if not isinstance(name, str):
        raise SpecError(f"parameter name must be a string, got {name!r}")
    if not name.strip():
        raise SpecError(f"parameter name {name!r} is empty; give it the name that templates use")


def _check_range(parameter: Integer | Real) -> None:
    name, low, high = parameter.name, parameter.min_value, parameter.max_value
    if low > high:
        raise SpecError(
            f"parameter {name!r}: min_value {low} is above max_value {high}; swap or correct them"
        )
    if parameter.step is not None and parameter.step <= 0:
        raise SpecError(f"parameter {name!r}: step must be above 0, got {parameter.step}")
    if parameter.log and parameter.step is not None:
        raise SpecError(
            f"parameter {name!r}: log=True and step={parameter.step} exclude each other; drop one"
        )


def _decimals(number: float) -> int:
    """Return how many decimals the shortest text of `number` has, exponents included.

    >>> _decimals(0.25), _decimals(1e-05), _decimals(3.0)
    (2, 5, 1)
    """
    mantissa, _, exponent = repr(number).partition("e")
    return max(0, len(mantissa.partition(".")[2]) - int(exponent or 0))


def _plain(value: object) -> ParamValue:
    """Return a numpy scalar as Python's own number, and anything else as it is."""
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        return value.item()  # type: ignore[no-any-return]
    return value  # type: ignore[return-value]
