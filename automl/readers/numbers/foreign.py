r"""Numbers in a form that no pattern can read: `0,93`, `1,234.5`, `1_000`, `1.2D-05`, `1.2x10^-5`.

A pattern that takes digits finds a part of them, which is another number.
"""

import re
from dataclasses import dataclass

from automl.readers.numbers.decimal import with_points
from automl.readers.numbers.part import Part
from automl.readers.numbers.word import LONGEST_WORD
from automl.spelling.spelling import spelled

_WINDOW_CHARS = 64

_SIGN = "[-+\u2212]?"
_THIN = "\u00a0\u2007\u2009\u202f"
_GROUPS = rf"\d{{1,3}}(?P<mark>[,'\u2019_{_THIN}])\d{{3}}(?:(?P=mark)\d{{3}})*(?:\.\d+)?"
_BLANKS = r"(?:(?<=[:=])|(?<=[:=]\s))\d{1,3}(?:\x20\d{3})+(?:[.,]\d+)?(?!\x20?\d)"
_POINTS = rf"\d{{1,3}}(?:[.'\u2019{_THIN}]\d{{3}})+,\d+"
_COMMA = r"\d+,\d+"
_UNDERSCORES = r"\d+(?:_\d+)+(?:\.\d+)?"
_EXPONENT = r"(?:[eE][-+]?\d+)?"
_FORTRAN = r"\d*\.?\d*[dD][-+]?\d{1,3}"
_RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
_TIMES_TEN = r"\s?[x*\u00d7\u00b7\u22c5]\s?10"
_POWER = (
    rf"\d+(?:[.,]\d+)?{_TIMES_TEN}"
    rf"(?:(?:\^|\*\*)[-+\u2212]?\d+|[-+\u2212]\d+|\u207b?[{_RAISED}]+)"
)
_MINUS = r"(?<=\u2212)\d+(?:\.\d*)?(?:[eE][-+]?\d+)?"

# Not within dates, times, versions, lists in brackets, or names with digits.
_BEGINNING = r"(?<![\w.\[{])(?<!\d[,:/'-])"
_FORMS = (
    rf"{_SIGN}(?:(?:{_BLANKS}|{_POINTS}|{_GROUPS}|{_COMMA}|{_UNDERSCORES}){_EXPONENT}"
    rf"|{_FORTRAN}|{_POWER}|{_MINUS})"
)
_ENDING = r"(?![\d_])(?![.,:/'-]\d)"
_FOREIGN = re.compile(f"{_BEGINNING}{_FORMS}{_ENDING}", re.ASCII)
_AROUND = "[](){}<>'\"`*|,;:.!%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign(Part):
    """A number of which a pattern took only a part, and that none can take whole."""

    def __str__(self) -> str:
        """Return a paragraph that shows the line and says what to do."""
        return (
            f"{self.taken} {self.whole!r} stands there. {remedy(self.whole)} If these are several "
            "numbers, "
            f"write what stands between them into the pattern, behind or before its group"
        )


def remedy(whole: str) -> str:
    """Return what to do where a program prints such a number, as a sentence or two."""
    spelt = plain_spelling(whole)
    form = "a point and e" if "e" in spelt else "a point"
    # Where the commas are between thousands, a program was told so, whatever the locale is.
    locale = "," in whole and "," not in whole.replace(",", "", 1) and len(spelt) == len(whole)
    cure = "; the variable LC_ALL=C has many programs do so" if locale else ""
    cure += f"; or read commas so: {spelled('decimal', ',')}" if with_points(whole) != whole else ""
    return (
        f"If that is one number, let the program print it as {spelt}, with {form} and no marks "
        f"between its digits{cure}."
    )


def find_foreign(line: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of such a number that `line[start:end]` is only a part of, None for none."""
    first = max(0, start - _WINDOW_CHARS)
    for found in _FOREIGN.finditer(line, first, end + _WINDOW_CHARS):
        if found.start() > start:
            return None
        if found.end() >= end:
            return found.span() if found.span() != (start, end) else None
    return None


def is_foreign(text: str) -> bool:
    """Tell whether a word is such a number, whatever brackets and punctuation are around it.

    >>> [is_foreign(text) for text in ("1,234.5", "(0,93)", "1_0", "1.2D-05", "0.5", "1.2.3")]
    [True, True, True, True, False, False]
    """
    word = text.strip().strip(_AROUND)
    return len(word) <= LONGEST_WORD and _FOREIGN.fullmatch(word) is not None


def plain_spelling(whole: str) -> str:
    """Return how the number would be written that can be read.

    >>> [plain_spelling(one) for one in ("0,93", "1,234.5", "1.234,5", "1_0", "1.2D-05")]
    ['0.93', '1234.5', '1234.5', '10', '1.2e-05']
    """
    text = whole.replace("\u2212", "-")
    text = re.sub(rf"{_TIMES_TEN}(?:\^|\*\*)?", "e", text)
    text = re.sub(r"(?<=[\d.])[dD](?=[-+]?\d)", "e", text)
    text = text.translate({ord("\u207b"): "-", **{ord(c): str(n) for n, c in enumerate(_RAISED)}})
    text = re.sub(rf"(?<=\d)[_'\u2019\x20{_THIN}](?=\d)", "", text)
    grouped = re.fullmatch(rf"{_SIGN}\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?:e.*)?", text)
    if grouped and not re.fullmatch(rf"{_SIGN}0+,\d+.*", text):
        return text.replace(",", "")
    return (text.replace(".", "") if "," in text else text).replace(",", ".")
