"""Checks of the options that users give to pruners."""

import math

from automl.errors import SpecError
from automl.search.pruning.shares import WHOLE
from automl.search.pruning.window import Window
from automl.space.numbers import is_finite


def check_number(what: str, value: object, low: float = -math.inf, high: float = math.inf) -> None:
    """Raise SpecError unless `value` is a finite number from `low` to `high`, both included."""
    allowed = f"from {low:g} to {high:g}" if high < math.inf else f"of at least {low:g}"
    allowed = "that is finite" if low == -math.inf else allowed
    if not is_finite(value) or not low <= value <= high:
        raise SpecError(f"pruner {what} must be a number {allowed}, got {value!r}")


def checked_window(
    name: str,
    *,
    start_fraction: float,
    start_step: float | None,
    max_step: float | None,
    length: str | float | None,
) -> Window:
    """Return where a pruner named `name` may stop trials; SpecError for what cannot be."""
    check_number(f"{name!r}: start_fraction", start_fraction, 0, 1)
    if length is not None:
        if not isinstance(length, str):
            check_number(f"{name!r}: length", length, 0)
        if start_step is not None or max_step is not None:
            raise SpecError(
                f"pruner {name!r}: with length= trials are compared by shares of their lengths, so "
                "give start_fraction= in place of start_step= and max_step="
            )
        return Window(start_fraction=start_fraction, max_step=WHOLE)
    if start_step is not None:
        check_number(f"{name!r}: start_step", start_step, 0)
    if max_step is not None:
        check_number(f"{name!r}: max_step", max_step, 0)
        if max_step <= (start_step or 0):
            raise SpecError(
                f"pruner {name!r}: max_step must be above {start_step or 0:g}, where stopping "
                f"begins, got {max_step!r}; it is the last step of a whole trial"
            )
    return Window(start_fraction=start_fraction, start_step=start_step, max_step=max_step)
