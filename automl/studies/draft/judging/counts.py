"""Bounds of whole numbers around their defaults, as a person would write them."""

from collections.abc import Collection

from automl.studies.draft.judging.numbers import Range, nice, whole_numbers
from automl.studies.draft.judging.vocabulary import LEAST, NEIGHBOURS, SIZES, TREES

_SMALL, _LEAST_POWER, _EVERY_POWER = 10, 8, 32
_AROUND = 4


def whole_range(default: int, words: Collection[str]) -> Range | None:
    """Return bounds around the default of a count; None where nobody could tell them."""
    own = frozenset(words)
    if default <= 0:
        return None
    if _is_power(default) and default >= (_LEAST_POWER if own & SIZES else _EVERY_POWER):
        powers = [default // 4, default // 2, default, 2 * default, 4 * default]
        described = {"type": "Categorical", "candidates": powers}
        return Range(described, "powers of 2 around the default")
    if own & LEAST and default <= _SMALL:
        return Range(whole_numbers(min(default, 2), 20, log=True), "a count, from small to large")
    if own & NEIGHBOURS and default <= _SMALL:
        return Range(whole_numbers(1, 3 * default), "a count")
    if default <= _SMALL:
        return Range(whole_numbers(1, max(2 * default, default + 2)), "a count")
    low, high = round(nice(default / _AROUND)), round(nice(default * _AROUND))
    least = 10 if own & TREES else 1
    return Range(whole_numbers(max(least, low), high, log=True), "a count, from small to large")


def _is_power(number: int) -> bool:
    return number & (number - 1) == 0
