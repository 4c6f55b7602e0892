"""Durations as users write them."""

import math
import re
import sys

from automl.errors import SpecError
from automl.space.numbers import is_number

_UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|min|[smhd])", re.IGNORECASE)

_FACTOR = re.compile(r"\s*(\d+(?:\.\d+)?)\s*x\s*", re.IGNORECASE)


def parse_duration(what: str, given: object) -> float:
    """Return the seconds that a user means by a number of seconds or a text such as '1h30m'.

    >>> parse_duration("max_runtime", "1h 30m"), parse_duration("max_runtime", 90)
    (5400.0, 90.0)

    Raises:
        SpecError: it is neither, or not above 0; `what` names the option in the message.
    """
    seconds = math.nan
    if isinstance(given, str):
        parts = list(_PART.finditer(given))
        if parts and "".join(part[0] for part in parts).strip() == given.strip():
            seconds = sum(float(part[1]) * _UNIT_S[part[2].lower()] for part in parts)
    elif is_number(given):
        seconds = float(given) if abs(given) < sys.float_info.max else math.inf
    if not 0 < seconds < math.inf:
        raise SpecError(
            f"{what} must be a number of seconds above 0 or a text such as '90s', '30m', '8h' or "
            f"'1h30m', got {given!r}"
        )
    return seconds


def parse_timeout(what: str, given: object) -> tuple[float | None, float | None]:
    """Return seconds, or a factor of the median duration for a text such as '3x'; one is None.

    >>> parse_timeout("trial_timeout", "3x"), parse_timeout("trial_timeout", "2m")
    ((None, 3.0), (120.0, None))

    Raises:
        SpecError: it is neither a duration nor a factor.
    """
    if isinstance(given, str) and (match := _FACTOR.fullmatch(given)):
        return None, float(match[1])
    return parse_duration(what, given), None
