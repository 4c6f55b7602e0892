"""A number with brackets, quotes or punctuation around it, or with a unit behind it."""

import re
from dataclasses import dataclass

from automl.readers.numbers.number import NUMBER, number_of

_OPENING = r"[\[({<'\"`*|]*"
_CLOSING = r"[\])}>'\"`*|,;:.!]*"
_PREFIX = "[numkKMGTPµ\u03bc]"  # of the two letters for micro, programs print either
_SYMBOLS = (
    rf"{_PREFIX}?(?:s|m|g|J|W|Wh|V|A|Hz|eV|Pa|L|l|mol|cal|Ohm|sec|bit|bits|bps|FLOPS?|FLOP|flops?)"
    r"|[kKMGTP]i?[Bb]|h|d|hz"
)
_WORDS = (
    "secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|weeks?|years?|bytes?|bits?|percent|pct|pp|pts?"
    "|points?|px|pixels?|dB|dBm|dBFS|fps|qps|rps|tps|ops|iops|rpm|bpm|bpc|bpp|bpd|ppl|nats?|its?"
    "|iters?|iterations?|epochs?|steps?|batch|batches|samples?|tokens?|tok|imgs?|images?|examples?"
    "|req|requests?|rows?|items?|frames?|cycles?|calls?|x|deg|rad|kcal|C|F|K|USD|EUR|GBP"
)
_ONE = f"(?:{_SYMBOLS}|{_WORDS})[\u00b2\u00b3]?"
# A letter that also stands for a thousand, a million or more is no unit: 12k is not 12.
_UNIT = rf"%|\u2030|\u00b0[CF]?|[€$£]|(?![KMGTPFC]\b)(?:{_ONE})?(?<!\d)(?:/{_ONE})?"

_NOT_FINITE = r"[-+]?(?:[nN][aA][nN]|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)"
_WORD = re.compile(
    rf"\s*{_OPENING}(?P<number>{NUMBER}|{_NOT_FINITE})\s?(?P<unit>{_UNIT})?{_CLOSING}\s*", re.ASCII
)

SPREAD = r"\u00b1|\+/?-|(?<=\d)\+(?=\d{1,12}\.\d)"
"""What stands between a mean and how far it spreads, as a regular expression without groups."""

LONGEST_WORD = 200
"""No number has more characters with what is around it, and longer texts take long to try."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a word says.

    Attributes:
        value: its number.
        unit: what stands behind that, empty for nothing.
    """

    value: float
    unit: str


def word_of(text: str) -> Word | None:
    """Return the number within a word and its unit, None if it is not just one number.

    >>> word_of("[0.998],"), word_of("93.5%)")
    (Word(value=0.998, unit=''), Word(value=93.5, unit='%'))
    >>> [word_of(text) for text in ("n/a", "0.9/1.0", "1.2.3", "2020-08-07", "12k", "0,93")]
    [None, None, None, None, None, None]
    """
    found = _WORD.fullmatch(text) if len(text) <= LONGEST_WORD else None
    value = number_of(found["number"]) if found else None
    if found is None or value is None:
        return None
    return Word(value, found["unit"] or "")
