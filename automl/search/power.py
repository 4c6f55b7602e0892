"""Numbers of any scale, bent so that they scatter normally."""

import math
import sys
from collections.abc import Sequence
from statistics import fmean, median

POWERS = (-3.0, 5.0)
"""Between these the power is searched; 1 leaves numbers as they are."""

CUTS = 30
"""So often what is left of that is cut, by a golden section each time."""

FAR = 1000.0
"""A number farther from the middle than so many widths counts by the logarithm of its distance."""

NEAR_ZERO = 1e-9
"""With a power so small the logarithm is the better approximation."""

_GOLDEN = (math.sqrt(5) - 1) / 2
_LARGEST, _SMALLEST = sys.float_info.max, sys.float_info.min


def normal_by_power(values: Sequence[float]) -> list[float]:
    """Return the values in their order, scattered as normally as a power makes them.

    They are counted from their median, in widths of their middle half, and raised to the power
    with which they are likeliest to be normal. Unlike ranks this keeps the slope around the best,
    and unlike the values themselves it is not ruled by the worst.

    Source: Yeo and Johnson, A new family of power transformations, Biometrika 2000; the power is
    lambda there.

    Args:
        values: at least one, none of them NaN; infinite ones count as the largest float.
    """
    places = _places([min(max(value, -_LARGEST), _LARGEST) for value in values])
    low, high = POWERS
    for _ in range(CUTS):
        step = _GOLDEN * (high - low)
        if _likelihood(places, high - step) > _likelihood(places, low + step):
            high = low + step
        else:
            low = high - step
    return [_raised(place, (low + high) / 2) for place in places]


def _places(values: Sequence[float]) -> list[float]:
    """Return by how many widths the values are away from their median."""
    top = max(map(abs, values)) or 1.0
    shares = [value / top for value in values]  # the largest floats are infinitely far apart
    middle, width = median(shares), _width(shares)
    return [_nearer((share - middle) / width) for share in shares]


def _width(values: Sequence[float]) -> float:
    """Return how wide the middle half is, or all of them where that is one value."""
    ordered = sorted(values)
    left_out = len(ordered) // 4
    half = ordered[-1 - left_out] - ordered[left_out]
    return max(half or ordered[-1] - ordered[0], _SMALLEST)


def _nearer(place: float) -> float:
    far = abs(place)
    return place if far <= FAR else math.copysign(FAR * (1 + math.log(far / FAR)), place)


def _raised(place: float, power: float) -> float:
    if place < 0:
        return -_raised(-place, 2 - power)
    far = math.log1p(place)
    return far if abs(power) < NEAR_ZERO else math.expm1(power * far) / power


def _likelihood(places: Sequence[float], power: float) -> float:
    """Return the logarithm of the likelihood, but for what does not depend on the power."""
    raised = [_raised(place, power) for place in places]
    middle = fmean(raised)
    spread = fmean((each - middle) ** 2 for each in raised)
    slopes = sum(math.copysign(math.log1p(abs(place)), place) for place in places)
    return (power - 1) * slopes - len(places) / 2 * math.log(max(spread, _SMALLEST))
