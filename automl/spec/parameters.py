"""The three kinds of tuned parameter, and what a value of one may be."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from automl.errors import SpecError

ParamValue: TypeAlias = "bool | int | float | str | list[ParamValue] | dict[str, ParamValue] | None"
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
        candidates: the values, at least one, none twice. Each becomes what it would be when read
            back from JSON: numpy's numbers Python's, tuples lists.
    """

    name: str
    candidates: tuple[ParamValue, ...]

    def __post_init__(self) -> None:
        _check_name(self.name)
        # The order counts, for a grid and when the study goes on: a set has none that lasts.
        if isinstance(self.candidates, str | bytes | set | frozenset | Mapping) or not isinstance(
            self.candidates, Iterable
        ):
            raise SpecError(
                f"parameter {self.name!r}: candidates must be a list of values, "
                f"got {self.candidates!r}"
            )
        values = [_plain(value) for value in self.candidates]
        keys = [self._key(value) for value in values]
        read_back = tuple(json.loads(json.dumps(value)) for value in values)
        object.__setattr__(self, "candidates", read_back)
        if not values:
            raise SpecError(
                f"parameter {self.name!r}: candidates is empty; give at least one value"
            )
        seen = set()
        for value, key in zip(values, keys, strict=True):
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
                f"parameter {self.name!r}: candidate {value!r} cannot be written as JSON "
                f"({error}); allowed: finite numbers, strings, booleans, None, and lists or dicts "
                "of these"
            ) from error

    @property
    def count(self) -> int:
        """The number of values."""
        return len(self.candidates)

    def value_at(self, index: int) -> ParamValue:
        """Return the value number `index`, from 0, in the given order."""
        return self.candidates[index]

    def contains(self, value: ParamValue) -> bool:
        """Tell whether `value` is a candidate, type included, within lists and dicts too."""
        try:
            key = value_key(value)
        except (TypeError, ValueError):
            return False
        return any(key == value_key(candidate) for candidate in self.candidates)


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
            object.__setattr__(self, field, self._finite(field, value))
        _check_range(self)
        self._check_step()
        if self.log and self.min_value <= 0:
            raise SpecError(
                f"parameter {self.name!r}: log=True needs min_value > 0, got {self.min_value}"
            )

    def _finite(self, field: str, value: float) -> float:
        try:
            number = float(value)
        except OverflowError:  # an int that no float can hold
            number = math.inf
        if not math.isfinite(number):
            raise SpecError(f"parameter {self.name!r}: {field} must be finite, got {number!r}")
        return number

    def _check_step(self) -> None:
        if self.step is None or self.min_value == self.max_value:
            return
        smallest = 2 * math.ulp(max(abs(self.min_value), abs(self.max_value)))
        if self.step < smallest:
            raise SpecError(
                f"parameter {self.name!r}: step {self.step} is too small to tell neighbouring "
                f"values of this range apart; give at least {smallest}, or no step"
            )

    @property
    def count(self) -> int | None:
        """The number of values, or None where they are not countable."""
        if self.min_value == self.max_value:
            return 1
        if self.step is None:
            return None
        steps = (_written(self.max_value) - _written(self.min_value)) / _written(self.step)
        # A computed bound may be a hair off: 0.1 + 0.2 to 1.0 by 0.1 is meant to end at 1.0.
        return math.floor(steps + _HAIR) + 1

    def value_at(self, index: int) -> float:
        """Return the value number `index`, from 0 for `min_value`.

        It is counted in the numbers as they are written, so that 0.1 + 2 * 0.1 is 0.3.
        """
        if self.step is None:
            return self.min_value
        exact = _written(self.min_value) + index * _written(self.step)
        return min(float(exact), self.max_value)

    def contains(self, value: ParamValue) -> bool:
        """Tell whether `value` is a float of this range, and of its grid if it has a step."""
        if type(value) is not float or not self.min_value <= value <= self.max_value:
            return False
        if self.step is None or self.min_value == self.max_value:
            return True
        index = round((Fraction(value) - _written(self.min_value)) / _written(self.step))
        return index < (self.count or 0) and value == self.value_at(index)


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
    if type(parameter.log) is not bool:
        raise SpecError(f"parameter {name!r}: log must be True or False, got {parameter.log!r}")
    if parameter.log and parameter.step is not None:
        raise SpecError(
            f"parameter {name!r}: log=True and step={parameter.step} exclude each other; drop one"
        )


_HAIR = Fraction(1, 10**9)


def _written(number: float) -> Fraction:
    """Return exactly the decimal number that a user would read or write for `number`.

    >>> _written(0.1), _written(1e-05)
    (Fraction(1, 10), Fraction(1, 100000))
    """
    return Fraction(repr(number))


def _plain(value: object) -> ParamValue:
    """Return numpy's numbers and arrays as Python's numbers and lists, anything else as it is."""
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        return value.tolist()  # type: ignore[no-any-return]
    return value  # type: ignore[return-value]
