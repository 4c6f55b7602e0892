"""What an objective gives, as numbers."""

import math
from collections.abc import Sequence
from typing import Any


def as_number(what: str, given: Any) -> float:  # noqa: ANN401 - whatever a user gives
    """Return a number of any library as Python's own.

    Args:
        what: what it is, for messages.
        given: a number, a text of one, or an array or tensor that holds one.

    Raises:
        TypeError: it is none.
    """
    try:
        # One of an array, a tensor or a column: `float` takes it with a warning, if at all.
        holds = getattr(given, "shape", None) is not None and hasattr(given, "item")
        return float(given.item() if holds else given)
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:
        raise TypeError(f"{what} must be a number, got {shown(given)}") from error


def returned_numbers(given: Any, names: Sequence[str]) -> list[float]:  # noqa: ANN401 - as above
    """Return what an objective returned as the numbers that it is ranked by.

    Args:
        given: what it returned.
        names: what they are called.

    Raises:
        TypeError: they are no finite numbers, or not as many as there are names.
    """
    if given is None:
        raise TypeError(
            f"the function returned nothing; it must return {_wanted(names)}: end it with `return`"
        )
    if len(names) == 1:
        # Optuna takes a list of one for it.
        alone = given[0] if isinstance(given, list | tuple) and len(given) == 1 else given
        return [_finite(names[0], alone, len(names))]
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) != len(names):
        raise TypeError(f"the function returned {shown(given)}; it must return {_wanted(names)}")
    return [_finite(name, one, len(names)) for name, one in zip(names, given, strict=True)]


def _finite(name: str, given: Any, count: int) -> float:  # noqa: ANN401 - as above
    what = "what the function returns" if count == 1 else f"{name!r} of what the function returns"
    number = as_number(what, given)
    if not math.isfinite(number):
        raise TypeError(f"{what} must be a finite number, got {number}")
    return number


def _wanted(names: Sequence[str]) -> str:
    return "a number" if len(names) == 1 else f"{len(names)} numbers ({', '.join(names)})"


def shown(given: object) -> str:
    """Return a value, with its type, for a message."""
    try:
        text = repr(given)
    except Exception:  # noqa: BLE001 - of a user's own class
        text = "something that cannot be shown"
    text = " ".join(text.split())
    return f"{text if len(text) <= 80 else text[:80] + '...'} of type {type(given).__name__}"  # noqa: PLR2004
