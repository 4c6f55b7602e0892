"""What counts as a number: an int or a float, but not a truth value, which Python takes for one."""

import math
from typing import TypeGuard


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
