r"""What a number is: decimal ASCII digits with a point, sign and exponent, or nan and infinity.

Python's own `float` takes more: `1_0` for 10, and the digits of all scripts. Whoever prints these
hardly means what it makes of them, so they are no numbers here. Hexadecimal ones are none either.
"""

from collections.abc import Iterable

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
"""A decimal number with optional sign and exponent, as a regular expression without groups."""


def number_of(text: str) -> float | None:
    """Return the number that a text is, None if it is none; blanks around it do not matter.

    >>> [number_of(text) for text in ("0.5", " 1e3 ", "-inf", "1_0", "0x1f", "0,5", "\u0661")]
    [0.5, 1000.0, -inf, None, None, None, None]
    """
    try:
        value = float(text)
    except ValueError:
        return None
    return value if _is_plain(text.strip()) else None


def numbers_of(texts: Iterable[str]) -> list[float]:
    """Return the numbers that all the texts are, fast.

    Raises:
        ValueError: one of them is none.
    """
    kept = list(texts)
    values = list(map(float, kept))
    if not _is_plain("".join(kept)):
        raise ValueError
    return values


def _is_plain(text: str) -> bool:
    return text.isascii() and "_" not in text
