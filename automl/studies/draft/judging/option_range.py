"""Between what bounds, or among what values, an option is searched."""

import math
from collections.abc import Callable, Sequence

from automl.discovery.option import MISSING, Kind, Missing, Option, Plain
from automl.space.numbers import is_number
from automl.studies.draft.judging.counts import whole_range
from automl.studies.draft.judging.numbers import Range, real_range, told_range, within
from automl.studies.draft.judging.usual import usual_range
from automl.studies.draft.judging.vocabulary import RATE, SHARE

_NARROW = 1000
"""More whole numbers than this between two bounds are no advice."""


def range_of(option: Option, words: Sequence[str], default: "Plain | Missing") -> Range | str:
    """Return what a parameter may be, or why that cannot be told."""
    if option.kind is Kind.FLAG:
        return _flag(option, default)
    return _choice(option, default) if option.choices else _number(option, words, default)


def _number(option: Option, words: Sequence[str], default: "Plain | Missing") -> Range | str:
    kind = _number_kind(option, words, default)
    if kind is None:
        return "any text: give it choices" if option.kind is Kind.TEXT else _unknown(default)
    whole = kind is Kind.INTEGER
    if not is_number(default) or not math.isfinite(default):
        return _without_default(option, words, whole=whole)
    number = float(default)
    low, high = _closed(option, whole=whole, default=number)
    if low is not None and high is not None and low < high and _is_told(option, words):
        return told_range(low, high, whole=whole)
    found = whole_range(int(number), words) if whole else real_range(number, words)
    if found is None:
        return _no_scale(number)
    return within(found, low, high) or "its default is not within its own bounds"


def _flag(option: Option, default: "Plain | Missing") -> Range | str:
    on, off = option.names[0], option.negative
    if default is True and off is None and option.given is None:
        return "on by default, and no word was found that turns it off"
    described = {"type": "Flag", "on": on, **({"off": off} if off else {})}
    return Range(described, "on or off")


def _choice(option: Option, default: "Plain | Missing") -> Range | str:
    values = [
        one for one in option.choices if one is not None and not isinstance(one, tuple | list)
    ]
    known = default is not MISSING and default is not None
    if known and default not in values:
        values = [default, *values]  # type: ignore[list-item] # plain data
    if len(values) < 2:  # noqa: PLR2004
        return "only one choice"
    return Range({"type": "Categorical", "candidates": values}, "as the program allows")


def _number_kind(option: Option, words: Sequence[str], default: "Plain | Missing") -> Kind | None:
    """Return whether an option is a real or a whole number, None if it is neither."""
    if option.kind is Kind.FLOAT:
        return Kind.FLOAT
    if option.kind is Kind.INTEGER:
        # A help text shows `1` where a program takes 0.5 as well.
        guessed = option.place == "--help" and not option.low and set(words[:1]) & (RATE | SHARE)
        return Kind.FLOAT if guessed else Kind.INTEGER
    if option.kind is not Kind.UNKNOWN:
        return None
    if isinstance(default, float):
        return Kind.FLOAT
    return Kind.INTEGER if is_number(default) else (None if default is not MISSING else Kind.FLOAT)


def _without_default(option: Option, words: Sequence[str], *, whole: bool) -> Range | str:
    low, high = _closed(option, whole=whole)
    if low is not None and high is not None and low < high:
        return told_range(low, high, whole=whole)
    usual = usual_range(words, whole=whole if option.kind is not Kind.UNKNOWN else None)
    found = within(usual, low, high) if usual else None
    return found or "no default tells how large it is"


def _unknown(default: "Plain | Missing") -> str:
    if default is MISSING or default is None:
        return "nothing tells what it takes"
    return f"{default!r} is no number"


def _no_scale(default: float) -> str:
    if default == 0:
        return "0 does not tell how large it may be"
    if default < 0:
        return "a negative default, which may have a meaning of its own"
    return "so small that it is only a guard" if default < 1 else "so large that it is no limit"


def _is_told(option: Option, words: Sequence[str]) -> bool:
    """Tell whether the program's own bounds are narrow enough to be searched as they are."""
    if option.low is None or option.high is None:
        return False
    own = set(words)
    is_rate = bool(own & RATE) and option.low <= 0
    # That a share is within 0 and 1 is no news: 0.9 is too much for a dropout.
    is_share = bool(own & SHARE) and option.low <= 0 and option.high >= 1
    narrow = option.kind is Kind.FLOAT or option.high - option.low <= _NARROW
    return narrow and not is_rate and not is_share


def _closed(
    option: Option, *, whole: bool, default: float | None = None
) -> tuple[float | None, float | None]:
    """Return bounds that are taken themselves: 0.99 where 1 is not.

    A default that is nearer to its bound than that, 0.001 above 0, says how near is meant.
    """
    low, high = option.low, option.high
    if whole:
        least = None if low is None else math.floor(low) + 1 if option.low_open else math.ceil(low)
        most = (
            None if high is None else math.ceil(high) - 1 if option.high_open else math.floor(high)
        )
        return least, most
    width = (high or 0) - (low or 0) if low is not None and high is not None else 1.0
    if low is not None and option.low_open:
        low += min(width, width if default is None else default - low) / 100
    if high is not None and option.high_open:
        high -= min(width, width if default is None else high - default) / 100
    return low, high


def _rounded(bound: float | None, rounded: Callable[[float], int]) -> float | None:
    return None if bound is None else rounded(bound)
