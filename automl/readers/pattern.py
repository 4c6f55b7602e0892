"""The user's pattern: lines to numbers."""

import math
import re
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter

from automl.readers.cut import Cut, find_cut


class Pattern:
    r"""A regular expression whose first group is a number; every match in a line counts.

    Args:
        parser_pattern: the expression; that it compiles and has a group was checked when the
            reader was described.

    Attributes:
        text: the expression as the user wrote it.
        unparsed: the first text that matched without being a number, None while there is none.

    >>> Pattern(r"(\d+\.\d+)").values("loss 0.5, accuracy 0.75")
    [0.5, 0.75]
    """

    def __init__(self, parser_pattern: str) -> None:
        self.text = parser_pattern
        self.unparsed: str | None = None
        self._regex = re.compile(parser_pattern)

    def values(self, line: str) -> list[float]:
        """Return the numbers of one line in order, NaN and infinities included.

        A match that gives no number is left out; the first one stays in `unparsed`.
        """
        values = []
        for match in self._regex.finditer(line):
            text = match[1]
            value = _number(text)
            if value is not None:
                values.append(value)
            elif self.unparsed is None:
                self.unparsed = match[0] if text is None else text
        return values

    def values_of(self, lines: Sequence[str]) -> list[float]:
        """Return the numbers of several lines, as `values` of each would, but faster."""
        found = chain.from_iterable(map(self._regex.findall, lines))
        try:
            return list(map(float, found if self._regex.groups == 1 else map(itemgetter(0), found)))
        except ValueError:
            return [value for line in lines for value in self.values(line)]

    def matches(self, line: str) -> bool:
        """Tell whether there is a match in the line, a number or not."""
        return self._regex.search(line) is not None

    def cut_number(self, line: str) -> Cut | None:
        r"""Return the first number of the line that is read only in part, None if all are whole.

        `(\d.\d+)` reads 1.2 in `1.2e-05` and 2.5 in `12.5`. Dates, versions, ranges and names
        with digits are not taken for numbers.
        """
        for match in self._regex.finditer(line):
            text = match[1]
            value = _number(text)
            if value is None or not math.isfinite(value):
                continue
            start = match.start(1) + len(text) - len(text.lstrip())
            cut = find_cut(self.text, line, start, start + len(text.strip()))
            if cut:
                return cut
        return None


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
