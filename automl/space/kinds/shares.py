"""Which part of a parameter's draws lies below one of its values, from 0 to 1."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automl.space.parameter import Parameter
    from automl.space.values import ParamValue

HALVINGS = 53
"""As many as a float from 0 to 1 has binary digits."""


def share_of_place(place: int, count: int) -> float:
    """Return the middle of part number `place`, from 0, of `count` equal parts.

    Whole numbers to the end: there may be more places than a float can hold.

    >>> share_of_place(0, 2), share_of_place(1, 2)
    (0.25, 0.75)
    """
    return (2 * place + 1) / (2 * count)


def log_place(share: float, first: float, last: float, step: float, count: int) -> int:
    """Return the place of the value in steps that is nearest to `share` of the range's logarithm.

    So do others round a number that is drawn evenly over orders of magnitude: the first and the
    last value get the numbers on one of their sides.

    >>> [log_place(share, 16, 256, 16, 16) for share in (0, 0.25, 0.5, 0.75, 1)]
    [0, 1, 3, 7, 15]
    """
    point = math.exp(math.log(first) * (1.0 - share) + math.log(last) * share)
    return min(max(round((point - first) / step), 0), count - 1)


def share_by_halving(parameter: Parameter, value: ParamValue) -> float:
    """Return the middle of the shares whose quantile is `value`, found by asking for quantiles."""
    low = _edge(parameter, value, above=False)
    if parameter.count is None:
        return low
    middle = (low + _edge(parameter, value, above=True)) / 2
    # A bell's outermost step may be reached by its end alone, which no halving comes to.
    return next((one for one in (middle, 0.0, 1.0) if parameter.quantile(one) == value), middle)


def _edge(parameter: Parameter, value: ParamValue, *, above: bool) -> float:
    """Return, by halving, where the quantiles begin to reach `value` or to lie above it."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        here = parameter.quantile(middle)
        reached = here > value if above else here >= value  # type: ignore[operator]
        low, high = (low, middle) if reached else (middle, high)
    return high


def place_by_halving(parameter: Parameter, value: ParamValue) -> int:
    """Return the place of `value` among the values of a countable parameter, which all rise."""
    # Not bisect: there may be more places than an index can hold.
    low, high = 0, (parameter.count or 1) - 1
    while low < high:
        middle = (low + high) // 2
        if parameter.value_at(middle) < value:  # type: ignore[operator]
            low = middle + 1
        else:
            high = middle
    return low
