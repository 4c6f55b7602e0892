"""The distributions of other tools as parameters of ours, and in what these differ."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from automl.errors import SpecError
from automl.space.values import value_key, written


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a parameter of another tool becomes.

    Attributes:
        described: `type` and options, without a name.
        notes: in what it differs, each the end of a sentence that begins with its name.
    """

    described: dict[str, Any]
    notes: tuple[str, ...] = ()

    def noting(self, *notes: str) -> "Distribution":
        """Return the same with further notes."""
        return Distribution(self.described, (*self.notes, *notes))


def constant(value: Any) -> Distribution:  # noqa: ANN401 - plain data
    """Return the same value in every trial."""
    return Distribution({"type": "Constant", "value": value})


def listed(values: Sequence[Any]) -> Distribution:
    """Return one of a list; a value that is there twice is one value."""
    kept = {value_key(value): value for value in reversed(values)}
    candidates = list(reversed(kept.values()))
    made = Distribution({"type": "Categorical", "candidates": candidates})
    if len(kept) == len(values):
        return made
    return made.noting("a value that is listed twice is as likely as the others")


def real(low: float, high: float, *, log: bool = False) -> Distribution:
    """Return a number between two bounds, by its logarithm with `log`."""
    described = {"type": "Real", "min_value": float(low), "max_value": float(high)}
    return Distribution({**described, "log": True} if log else described)


def stepped(low: float, high: float, step: float, *, log: bool = False) -> Distribution:
    """Return numbers from the lower bound up, in steps."""
    made = real(low, high, log=log)
    return Distribution({**made.described, "step": float(step)})


def exponents(low: float, high: float) -> Distribution:
    """Return exp of an even number between two bounds.

    Raises:
        SpecError: no float holds it.
    """
    try:
        return real(math.exp(low), math.exp(high), log=True)
    except OverflowError:
        raise SpecError(
            f"exp({high:g}) is more than a float holds; the bounds are exponents of e here"
        ) from None


def integer(low: int, high: int, *, log: bool = False, step: int = 1) -> Distribution:
    """Return a whole number between two bounds, both included."""
    described: dict[str, Any] = {"type": "Integer", "min_value": low, "max_value": high}
    if log:
        described["log"] = True
    if step != 1:
        described["step"] = step
    return Distribution(described)


def below(low: int, high: int, *, log: bool = False) -> Distribution:
    """Return a whole number from `low` to just below `high`.

    Raises:
        SpecError: there is none.
    """
    if low >= high:
        raise SpecError(
            f"there is no whole number from {low} to below {high}; the upper bound is excluded"
        )
    return integer(low, high - 1, log=log)


def rounded(
    low: float, high: float, step: float, *, log: bool = False, whole: bool | None = None
) -> Distribution:
    """Return multiples of `step` between two bounds.

    Args:
        low: the lower bound.
        high: the upper bound.
        step: the distance between values.
        log: whether the other tool searches them by their logarithm.
        whole: whether they are whole numbers; where all three are ints if None.

    Raises:
        SpecError: there is none.
    """
    if step <= 0:
        raise SpecError(f"the step must be above 0, got {step!r}")
    first = math.ceil(written(low) / written(step))
    last = math.floor(written(high) / written(step))
    if first > last:
        raise SpecError(f"no multiple of {step!r} lies between {low!r} and {high!r}")
    ints = all(type(one) is int for one in (low, high, step)) if whole is None else whole
    least, most = (_number(index * written(step), whole=ints) for index in (first, last))
    notes = [] if (least, most) == (low, high) else [f"multiples of {step!r}, {least} to {most}"]
    by_log = log and least > 0
    if log and not by_log:
        notes.append("searched evenly: 0 has no logarithm")
    elif not log:
        notes.append("the lowest and the highest value are as likely as the others")
    kind = "Integer" if ints else "Real"
    described: dict[str, Any] = {"type": kind, "min_value": least, "max_value": most}
    if by_log:
        described["log"] = True
    if not ints or step != 1:
        described["step"] = step if ints else float(step)
    return Distribution(described, tuple(notes))


def quantized(low: float, high: float, step: float, *, log: bool = False) -> Distribution:
    """Return the same for what other tools give as floats: whole numbers where they are written so.

    `--layers 4.0` is refused by most programs that take a number of layers.
    """
    made = rounded(low, high, step, log=log)
    if made.described["type"] != "Integer":
        return made
    return made.noting(f"whole numbers, as its bounds and step are: {step}, not {float(step)}")


def bell(mean: float, std: float, step: float | None = None, *, log: bool = False) -> Distribution:
    """Return a number around a mean; with `log`, mean and deviation are those of the logarithm."""
    kind = "LogNormal" if log else "Normal"
    described: dict[str, Any] = {"type": kind, "mean": float(mean), "std": float(std)}
    if step is not None:
        described["step"] = step
    return Distribution(described, ("values end 5 standard deviations from the mean",))


def _number(value: Fraction, *, whole: bool) -> int | float:
    return int(value) if whole else float(value)
