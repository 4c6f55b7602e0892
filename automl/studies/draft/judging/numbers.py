"""Bounds of numbers around their defaults, as a person would write them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from automl.studies.draft.judging.vocabulary import (
    AVERAGES,
    EPSILON,
    LEARNING,
    MAY_BE_OFF,
    NEVER_ONE,
    RATE,
    SHARE,
    SMALL_RATE,
)

_GUARD = 1e-5
"""An epsilon of at most this only keeps a program from dividing by 0."""

_WIDE_RATE, _WIDE = 30.0, 10.0
_LEAST, _MOST = 1e-30, 1e30
"""Beyond these a number stands for none or for no limit; and its bounds could not be written."""

_NEAR_ONE, _VERY_NEAR_ONE = 0.9, 0.99
_MANY_TIMES = 100.0
_HALF = 0.5
_EXPLORES = 0.01


@dataclass(frozen=True, slots=True)
class Range:
    """What a parameter may be: bounds, or values.

    Attributes:
        described: what `hyperparams` has for it, but for its name.
        why: why it is so, in a few words.
    """

    described: dict[str, Any]
    why: str


def nice(number: float) -> float:
    """Return a number with one significant digit.

    >>> nice(0.000333), nice(31)
    (0.0003, 30.0)
    """
    return float(f"{number:.0e}")


def real_range(default: float, words: Collection[str]) -> Range | None:
    """Return bounds around the default of a real number; None where nobody could tell them."""
    own = frozenset(words)
    if default and not _LEAST <= default <= _MOST:
        return None
    if own & EPSILON and default <= _GUARD:
        return None
    if default <= 1 and _is_share(own, default):
        return _share(default, own)
    if own & (RATE | EPSILON) or ("rate" in own and not own & SHARE):
        return _rate(default, own)
    low, high = nice(default / _WIDE), nice(default * _WIDE)
    found = _real(low, high, log=True)
    return Range(found, "evenly over orders of magnitude") if default else None


def _is_share(words: frozenset[str], default: float) -> bool:
    """Tell whether a number is of a part of something, by its name and its default."""
    if words & EPSILON:
        # Of exploration; a smaller one is a tolerance.
        return default >= _EXPLORES
    if "ratio" in words or "smoothing" in words:
        return True
    small = bool(words & SMALL_RATE) and default < _HALF
    return bool(words & SHARE) and not words & RATE and not small


def _rate(default: float, words: frozenset[str]) -> Range | None:
    if default == 0:
        if not words & MAY_BE_OFF:
            return None
        values = [0.0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]
        return Range(
            {"type": "Categorical", "candidates": values}, "off, or by orders of magnitude"
        )
    if _NEAR_ONE <= default < 1 and words & {"decay", "lambda", "lamda"}:
        return _share(default, words)
    low, high = nice(default / _WIDE_RATE), nice(default * _WIDE_RATE)
    if words & LEARNING:
        high = min(high, max(1.0, nice(3 * default)))
    return Range(_real(low, high, log=True), "a rate, so evenly over orders of magnitude")


def _share(default: float, words: frozenset[str]) -> Range:
    """Return bounds of a probability or a fraction, never below 0 or above 1."""
    if default >= _VERY_NEAR_ONE and default < 1:
        rest = 1 - default
        low, high = _digits(1 - 10 * rest), _digits(1 - rest / 10)
    elif default >= _NEAR_ONE and default < 1:
        low, high = 0.5, 0.99
    elif default == 1:
        low, high = 0.5, 1.0
    elif words & AVERAGES:
        low, high = 0.0, 0.99
    elif "smoothing" in words:
        low, high = 0.0, max(0.3, min(1.0, nice(2 * default)))
    elif default > _HALF:
        low, high = _digits(max(0.0, default - 2 * (1 - default))), 1.0
    else:
        low, high = 0.0, max(0.5, min(1.0, nice(2 * default)))
    if words & NEVER_ONE and high == 1.0:
        high = _NEAR_ONE if default <= _NEAR_ONE else _VERY_NEAR_ONE
    return Range(_real(low, max(high, default)), "a share, within 0 and 1")


def _digits(number: float) -> float:
    return float(f"{number:.6g}")


def within(found: Range, low: float | None, high: float | None) -> Range | None:
    """Return a range cut off at what the program itself says that it takes; None for nothing."""
    described = dict(found.described)
    if "candidates" in described:
        described["candidates"] = [
            one
            for one in described["candidates"]
            if (low is None or one >= low) and (high is None or one <= high)
        ]
        return Range(described, found.why) if len(described["candidates"]) > 1 else None
    if low is not None and described["min_value"] < low:
        described["min_value"] = type(described["min_value"])(low)
    if high is not None and described["max_value"] > high:
        described["max_value"] = type(described["max_value"])(high)
    return Range(described, found.why) if described["min_value"] < described["max_value"] else None


def told_range(low: float, high: float, *, whole: bool) -> Range:
    """Return the range between two bounds that the program itself tells."""
    log = low > 0 and high / low >= _MANY_TIMES
    why = "as the program says"
    return Range(
        whole_numbers(round(low), round(high), log=log) if whole else _real(low, high, log=log), why
    )


def _real(low: float, high: float, *, log: bool = False) -> dict[str, Any]:
    described = {"type": "Real", "min_value": float(low), "max_value": float(high)}
    return {**described, "log": True} if log else described


def whole_numbers(low: int, high: int, *, log: bool = False) -> dict[str, Any]:
    """Return the description of whole numbers between two bounds."""
    described = {"type": "Integer", "min_value": low, "max_value": high}
    return {**described, "log": True} if log else described
