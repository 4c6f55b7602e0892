"""Numbers of any scale, bent so that they scatter normally."""

import math
import sys
from collections.abc import Sequence
from statistics import median

FAR = 1000.0
"""A number farther from the middle than so many widths counts by the logarithm of its distance."""

_LARGEST, _SMALLEST = sys.float_info.max, sys.float_info.min


def normal_by_power(values: Sequence[float]) -> list[float]:
    """Return the values in their order, scattered as normally as a power makes them.

    They are counted from their median, in widths of their middle half, and raised to the power
    with which they are likeliest to be normal. Unlike ranks this keeps the slope around the best,
    and unlike the values themselves it is not ruled by the worst.

    Source: Yeo and Johnson, A new family of power transformations, Biometrika 2000, by scipy; what
    is done before keeps numbers of any size within what scipy computes with.

    Args:
        values: at least one, none of them NaN; infinite ones count as the largest float.
    """
    from scipy.stats import yeojohnson  # type: ignore[import-untyped]  # noqa: PLC0415 - 0.5 s

    raised, _ = yeojohnson(_places([min(max(value, -_LARGEST), _LARGEST) for value in values]))
    return [float(each) for each in raised]


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
