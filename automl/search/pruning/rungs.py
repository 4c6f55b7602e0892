"""The common rungs on which curves of different steps are compared.

A rung is a step with a binary significand of four digits: 0, then eight to each octave from 1/1024
on. So every whole number up to 16 is one, then 18, 20, ... 32, 36 and so on: neighbours lie at
most an eighth of a step's size apart, whether a program counts epochs, samples or shares of its
data. Rungs are numbered from 0 so that curves can be kept by whole numbers.
"""

import math

_EIGHT = 8
_LOWEST_EXPONENT = -9
"""`math.frexp` of the lowest rung above 0, 1/1024."""


def rung_below(step: float) -> int:
    """Return the number of the highest rung at or below `step`, which is 0 or above.

    >>> [rung_step(rung_below(step)) for step in (0, 0.3, 1, 16, 17, 100)]
    [0.0, 0.28125, 1.0, 16.0, 16.0, 96.0]
    """
    significand, exponent = math.frexp(step)
    if exponent < _LOWEST_EXPONENT or step == 0:
        return 0
    return (exponent - _LOWEST_EXPONENT) * _EIGHT + int(significand * 2 * _EIGHT) - _EIGHT + 1


def rung_above(step: float) -> int:
    """Return the number of the lowest rung at or above `step`, which is 0 or above."""
    below = rung_below(step)
    return below if rung_step(below) == step else below + 1


def rung_step(rung: int) -> float:
    """Return the step of a rung by its number; infinite above the largest float."""
    if rung == 0:
        return 0.0
    exponent, place = divmod(rung - 1, _EIGHT)
    try:
        return math.ldexp(_EIGHT + place, exponent + _LOWEST_EXPONENT - 4)
    except OverflowError:
        return math.inf
