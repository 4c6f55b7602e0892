"""The range that an objective names when it asks for a value, with Optuna's rules for it.

It is what both sides know of a parameter that is learnt: the trial's process, which asks, and the
controller, which proposes.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

FLOAT, INT, CATEGORICAL = "float", "int", "categorical"

NEAR = 1e-8
"""A number that is so many steps beside a multiple of the step counts as that multiple."""


class Range(NamedTuple):
    """The values that a name may have; two are equal only if the types of their choices are.

    Attributes:
        kind: FLOAT, INT or CATEGORICAL.
        low: the lowest number.
        high: the highest number, a whole number of steps above.
        log: whether values are spread by their logarithm.
        step: the distance between neighbours; None: any float.
        choices: the values of a categorical one, each as JSON has it.
    """

    kind: str
    low: float = 0
    high: float = 0
    log: bool = False
    step: float | None = None
    choices: tuple[Any, ...] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Range) or not tuple.__eq__(self, other):
            return False
        return not self.choices or [*map(type, self.choices)] == [*map(type, other.choices)]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return tuple.__hash__(self)

    def described(self) -> dict[str, Any]:
        """Return it as JSON that `range_of` reads back."""
        if self.kind == CATEGORICAL:
            return {"kind": self.kind, "choices": list(self.choices)}
        return {name: getattr(self, name) for name in ("kind", "low", "high", "log", "step")}

    def checked(self, value: Any) -> Any:  # noqa: ANN401 - whatever was given
        """Return a value that was fixed from outside with the range's own type.

        Raises:
            ValueError: it is of another type, or no choice.
        """
        if self.kind == CATEGORICAL:
            if place_of(value, self.choices) is None:
                raise ValueError(f"{value!r} not in {self.choices!r}")
            return value
        try:
            number = float(value)
        except (ValueError, TypeError) as error:
            raise ValueError(
                f"{value!r} is not a valid type; a value that float() takes is expected"
            ) from error
        if not math.isfinite(number):
            raise ValueError(f"{value!r} is no finite number")
        if self.log and number <= 0:
            raise ValueError(f"{value!r} is not above 0, as a value must be with log=True")
        return int(value) if self.kind == INT else number

    def contains(self, value: Any) -> bool:  # noqa: ANN401 - of whatever type
        """Tell whether a value of the range's own type lies in it."""
        if self.kind == CATEGORICAL:
            return place_of(value, self.choices) is not None
        if not self.low <= value <= self.high:
            return False
        if self.step is None:
            return True
        places = (float(value) - self.low) / self.step
        return abs(places - round(places)) < NEAR


def float_range(low: float, high: float, *, step: float | None = None, log: bool = False) -> Range:
    """Return the range of `suggest_float`.

    Raises:
        ValueError: as Optuna does: `low` is above `high`, `step` is not above 0, `log` goes with
            `low` above 0 and without `step`; a bound is not finite.
    """
    low, high = float(low), float(high)
    if log and step is not None:
        raise ValueError("step is not supported with log=True; give one of them")
    _check_bounds(low, high)
    if log and low <= 0:
        raise ValueError(f"low must be above 0 with log=True, got low={low}, high={high}")
    if step is None:
        return Range(FLOAT, low, high, bool(log))
    step = float(step)
    if not step > 0:
        raise ValueError(f"step must be above 0, got {step}")
    whole = _stepped(low, high, step)
    _warn_of_high(low, high, whole, step)
    return Range(FLOAT, low, whole, log=False, step=step)


def int_range(low: int, high: int, *, step: int = 1, log: bool = False) -> Range:
    """Return the range of `suggest_int`.

    Raises:
        ValueError: as Optuna does: `low` is above `high`, `step` is below 1, `log` goes with `low`
            from 1 on and without another step.
    """
    if log and step != 1:
        raise ValueError(f"step must be 1 with log=True, got {step}")
    _check_bounds(low, high)
    if log and low < 1:
        raise ValueError(f"low must be 1 or more with log=True, got low={low}, high={high}")
    if step <= 0:
        raise ValueError(f"step must be above 0, got {step}")
    low, high, step = int(low), int(high), int(step)
    whole = low + (high - low) // step * step
    _warn_of_high(low, high, whole, step)
    return Range(INT, low, whole, bool(log), step)


def categorical_range(choices: Sequence[Any]) -> Range:
    """Return the range of `suggest_categorical`; what JSON does not have is told by its name.

    Raises:
        ValueError: there is no choice.
    """
    if not len(choices):
        raise ValueError("choices must have at least one value, got none")
    listed: list[Any] = []
    for choice in choices:
        told = as_json(choice)
        if told is not choice and isinstance(told, str):
            # Two lambdas have one name.
            same = sum(isinstance(one, str) and one.split(" #")[0] == told for one in listed)
            told = f"{told} #{same + 1}" if same else told
        listed.append(told)
    return Range(CATEGORICAL, choices=tuple(listed))


def range_of(described: Mapping[str, Any]) -> Range:
    """Return the range that `Range.described` described.

    Raises:
        ValueError, TypeError, KeyError: it is none.
    """
    kind = described["kind"]
    if kind == CATEGORICAL:
        return Range(CATEGORICAL, choices=tuple(described["choices"]))
    log = bool(described["log"])
    if kind == INT:
        least, most, by = (int(described[one]) for one in ("low", "high", "step"))
        return Range(INT, least, most, log, by)
    if kind != FLOAT:
        raise ValueError(f"no kind of range: {kind!r}")
    step = described["step"]
    low, high = float(described["low"]), float(described["high"])
    return Range(FLOAT, low, high, log, None if step is None else float(step))


def place_of(value: Any, choices: Sequence[Any]) -> int | None:  # noqa: ANN401 - of any type
    """Return the place of the first choice that is this very value, types included; else None."""
    for place, choice in enumerate(choices):
        if choice is value or (type(choice) is type(value) and choice == value):
            return place
    return None


def as_json(choice: Any) -> Any:  # noqa: ANN401 - any object
    """Return a choice as JSON has it; of any other object its name, or what it prints as."""
    if choice is None or isinstance(choice, bool | str):
        return choice
    if isinstance(choice, int):
        return int(choice)
    if isinstance(choice, float) and math.isfinite(choice):
        return float(choice)
    if getattr(choice, "shape", None) == () and hasattr(choice, "item"):
        return as_json(choice.item())  # a number of numpy
    name = getattr(choice, "__qualname__", None)
    # Without the address, which is another one in each process.
    return name if isinstance(name, str) else repr(choice).split(" at 0x", 1)[0]


def _check_bounds(low: float, high: float) -> None:
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"low and high must be finite, got low={low}, high={high}")
    if low > high:
        raise ValueError(f"low must not be above high, got low={low}, high={high}")


def _stepped(low: float, high: float, step: float) -> float:
    """Return the highest whole number of steps above `low`, in the numbers as they are written."""
    from decimal import Decimal  # noqa: PLC0415 - only for steps

    exact_low, exact_high, exact_step = (Decimal(str(one)) for one in (low, high, step))
    width = exact_high - exact_low
    return high if width % exact_step == 0 else float(width // exact_step * exact_step + exact_low)


def _warn_of_high(low: float, high: float, whole: float, step: float) -> None:
    if whole != high:
        warnings.warn(
            f"the range from {low} to {high} is no whole number of steps of {step}; it ends at "
            f"{whole}",
            stacklevel=5,
        )
