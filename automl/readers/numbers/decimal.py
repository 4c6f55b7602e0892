"""Numbers that are written with a decimal comma, as they are written with a point."""

import re

from automl.study.tasks.reader import DECIMAL_MARKS

POINT, COMMA = DECIMAL_MARKS

_GROUPS = "[.\u00a0\u2007\u2009\u202f'\u2019]"
_NUMBER = re.compile(
    # Not within names, dates, times, versions, lists in brackets, or further numbers.
    r"(?<![\w.,\[{])(?<!\d[:/'-])"
    rf"[-+\u2212]?(?:\d{{1,3}}(?:(?P<group>{_GROUPS})\d{{3}}(?:(?P=group)\d{{3}})*)"
    r"|(?:(?<=[:=])|(?<=[:=]\s))\d{1,3}(?:\x20\d{3})+|\d+),\d+"
    r"(?:[eE][-+]?\d+)?(?![\w]|[.,:/'-]\d)",
    re.ASCII,
)


def with_points(line: str) -> str:
    """Return a line whose numbers have a decimal point in place of a comma.

    Marks between thousands are taken out. What may be several numbers, a date or a time is left as
    it is.

    >>> with_points("loss 0,93; rate 1.234,5 (-2,5e-3)")
    'loss 0.93; rate 1234.5 (-2.5e-3)'
    >>> with_points("12:00:01,123 [1,2] 1,2,3 a1,5")
    '12:00:01,123 [1,2] 1,2,3 a1,5'
    """
    return _NUMBER.sub(_with_point, line) if COMMA in line else line


def _with_point(found: re.Match[str]) -> str:
    return found[0].replace(found["group"] or " ", "").replace(COMMA, POINT)
