"""Every value of a parameter as a number from 0 to 1, and back."""

import math

from automl.search.own.positions import Positions
from automl.space.parameters import (
    Categorical,
    Constant,
    Linked,
    LogNormal,
    Normal,
    Parameter,
    ParamValue,
    Real,
)

HALVINGS = 53
"""As many as a float from 0 to 1 has binary digits."""


class Quantiles:
    """A parameter with an order by the share of its draws that lie below a value.

    Numeric lists are taken in ascending order, ranges and distributions by their quantiles, so
    that all parts between 0 and 1 are equally likely in a random draw.

    Args:
        parameter: numeric, or a list; the shares of a list without order mean nothing.
    """

    def __init__(self, parameter: Parameter) -> None:
        self._parameter = parameter
        self._listed = isinstance(parameter, Categorical)
        even = not getattr(parameter, "log", False) and not isinstance(
            parameter, Normal | LogNormal
        )
        # Places of equal shares need no search.
        self._places = Positions(parameter) if even and parameter.count is not None else None

    def value(self, share: float) -> ParamValue:
        """Return the value at `share`, in [0, 1]."""
        if self._places is None or not self._listed:
            return self._parameter.quantile(share)
        return self._places.value(min(int(share * self._places.count), self._places.count - 1))

    def share(self, value: ParamValue) -> float:
        """Return the middle of the shares whose value is `value`."""
        if self._places is not None:
            # Whole numbers to the end: there may be more places than a float can hold.
            return (2 * self._places.place(value) + 1) / (2 * self._places.count)
        if isinstance(self._parameter, Real) and isinstance(value, float):
            return _share_of_range(self._parameter, value)
        low = self._edge(value, above=False)
        return low if self._parameter.count is None else (low + self._edge(value, above=True)) / 2

    def _edge(self, value: ParamValue, *, above: bool) -> float:
        """Return, by halving, where the values begin to reach `value` or to lie above it."""
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            here = self._parameter.quantile(middle)
            reached = here > value if above else here >= value  # type: ignore[operator]
            low, high = (low, middle) if reached else (middle, high)
        return high


def is_ordered(parameter: Parameter) -> bool:
    """Tell whether neighbouring values are alike: for numbers, also in a list of them."""
    if isinstance(parameter, Constant | Linked):
        return False
    return not isinstance(parameter, Categorical) or Positions(parameter).ordered


def _share_of_range(parameter: Real, value: float) -> float:
    low, high = parameter.min_value, parameter.max_value
    if parameter.log:
        low, high, value = math.log(low), math.log(high), math.log(value)
    # Halves, as the width of a range may be more than a float can hold.
    width = high / 2 - low / 2
    return (value / 2 - low / 2) / width if width else 0.5
