"""What counts as a number: an int or a float, but not a truth value, which Python takes for one."""

import math
from typing import TypeGuard

from automl.errors import SpecError, shown


def is_number(value: object) -> TypeGuard[int | float]:
    """Tell whether `value` is a number of Python's, NaN and infinity included.

    >>> is_number(1), is_number(1.5), is_number(True), is_number("1")
    (True, True, False, False)
    """
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_whole(value: object) -> TypeGuard[int]:
    """Tell whether `value` is an int, and no truth value.

    >>> is_whole(1), is_whole(1.0), is_whole(True)
    (True, False, False)
    """
    return isinstance(value, int) and not isinstance(value, bool)


def is_finite(value: object) -> TypeGuard[int | float]:
    """Tell whether `value` is a number, neither NaN nor infinite; whole ones may have any length.

    >>> is_finite(10**400), is_finite(float("inf")), is_finite(True)
    (True, False, False)
    """
    return is_whole(value) or (is_number(value) and math.isfinite(value))


def whole_words(least: int, most: int | None = None) -> str:
    """Return what is allowed of whole numbers in words.

    >>> whole_words(0), whole_words(2), whole_words(1, 9)
    ('a whole number of 0 or more', 'a whole number of at least 2', 'a whole number from 1 to 9')
    """
    if most is not None:
        return f"a whole number from {least} to {most}"
    return f"a whole number of at least {least}" if least else "a whole number of 0 or more"


def whole_number(
    what: str, value: object, least: int = 1, most: int | None = None, *, why: str = ""
) -> int:
    """Return a value that must be an int from `least` to `most`.

    Args:
        what: what it is of, for the message.
        value: what was given.
        least: the least that is allowed.
        most: the most, None for no limit.
        why: what the message says at its end.

    Raises:
        SpecError: it is something else, such as a truth value or 2.0.
    """
    if type(value) is not int or value < least or (most is not None and value > most):
        raise SpecError(f"{what} must be {whole_words(least, most)}, got {shown(value)}{why}")
    return value
