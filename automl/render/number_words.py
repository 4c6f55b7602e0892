"""How a number is written where a program reads it: in words of commands, in texts, in files."""

import math
from decimal import Decimal

LONGEST = 20
"""A number with an exponent is written without it where that takes no more characters."""


def float_word(number: float) -> str:
    """Return a float as text that common programs read back as this float.

    Python's `1e-05` is a text to YAML 1.1, and `-1e-05` an option to argparse. So plain decimals
    take the place of an exponent where they are short, and else it follows a decimal point.

    >>> float_word(0.1), float_word(-1e-05), float_word(1e-25), float_word(1e16)
    ('0.1', '-0.00001', '1.0e-25', '10000000000000000.0')
    """
    text = float.__repr__(number)
    if "e" not in text:
        return text
    plain = f"{Decimal(text):f}"
    plain = plain if "." in plain else f"{plain}.0"
    if len(plain) <= LONGEST:
        return plain
    mantissa, _, exponent = text.partition("e")
    return text if "." in mantissa else f"{mantissa}.0e{exponent}"


def looks_like_an_option(word: str) -> bool:
    """Tell whether a word is a negative number with an exponent, which argparse takes for one.

    >>> looks_like_an_option("-1.0e-25"), looks_like_an_option("-0.1")
    (True, False)
    """
    if not word.startswith("-") or "e" not in word:
        return False
    try:
        return math.isfinite(float(word))
    except ValueError:
        return False
