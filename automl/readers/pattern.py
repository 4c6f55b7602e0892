"""The user's pattern: lines to numbers and the steps that they belong to."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter

from automl.readers.cut import Cut, find_cut


class Pattern:
    r"""A regular expression with a group that is a number; every match in a line counts.

    The number is the group named `value`; without one, the first group not named `step`. A group
    named `step` tells the step that the number belongs to. A match without a value tells the
    step of those behind it, as in `Epoch (?P<step>\d+)|acc: (?P<value>\S+)`.

    Args:
        parser_pattern: the expression; that it compiles and has a group was checked when the
            reader was described.

    Attributes:
        text: the expression as the user wrote it.
        unparsed: the first text that matched without being a number, None while there is none.
        has_steps: whether it reads steps.
        unread_step: the first text that the group `step` matched without its being a number.

    >>> Pattern(r"(\d+\.\d+)").values("loss 0.5, accuracy 0.75")
    [0.5, 0.75]
    >>> Pattern(r"epoch (?P<step>\d+): (\S+)").points_of(["epoch 1: 0.5", "epoch 2: 0.75"])
    ([0.5, 0.75], [1.0, 2.0])
    """

    def __init__(self, parser_pattern: str) -> None:
        self.text = parser_pattern
        self.unparsed: str | None = None
        self.unread_step: str | None = None
        self._regex = re.compile(parser_pattern)
        self._step = self._regex.groupindex.get("step", 0)
        self._value = self._regex.groupindex.get("value") or (2 if self._step == 1 else 1)
        self.has_steps = self._step > 0
        self._reached = math.nan

    @property
    def in_steps(self) -> bool:
        """Whether it has read a step."""
        return not math.isnan(self._reached)

    @property
    def state(self) -> tuple[float, str | None, str | None]:
        """The step reached, `unparsed` and `unread_step`."""
        return self._reached, self.unparsed, self.unread_step

    def resume(self, reached: float, unparsed: str | None, unread_step: str | None) -> None:
        """Go on from a `state`."""
        self._reached, self.unparsed, self.unread_step = reached, unparsed, unread_step

    def forget(self) -> None:
        """Go back to the start: another file follows."""
        self.unparsed = self.unread_step = None
        self._reached = math.nan

    def values(self, line: str) -> list[float]:
        """Return the numbers of one line in order, NaN and infinities included.

        A match that gives no number is left out; the first one stays in `unparsed`.
        """
        return [value for value, _ in self._points(line)]

    def values_of(self, lines: Sequence[str]) -> list[float]:
        """Return the numbers of several lines, as `values` of each would, but faster."""
        found: Iterable[str] = chain.from_iterable(map(self._regex.findall, lines))
        try:
            if self._regex.groups > 1:
                found = map(itemgetter(self._value - 1), found)
            return list(map(float, found))
        except ValueError:
            return [value for line in lines for value in self.values(line)]

    def points_of(self, lines: Sequence[str]) -> tuple[list[float], list[float]]:
        """Return the numbers of several lines and the step of each, NaN before the first step.

        For a pattern that has steps. It goes on from the step that was read last.
        """
        found = list(chain.from_iterable(map(self._regex.findall, lines)))
        try:
            steps = [float(groups[self._step - 1]) for groups in found]
            values = [float(groups[self._value - 1]) for groups in found]
        except ValueError:
            points = [point for line in lines for point in self._points(line)]
            return [value for value, _ in points], [step for _, step in points]
        if steps:
            self._reached = steps[-1]
        return values, steps

    def matches(self, line: str) -> bool:
        """Tell whether there is a match in the line, a number or not."""
        return self._regex.search(line) is not None

    def cut_number(self, line: str) -> Cut | None:
        r"""Return the first number of the line that is read only in part, None if all are whole.

        `(\d.\d+)` reads 1.2 in `1.2e-05` and 2.5 in `12.5`. Dates, versions, ranges and names
        with digits are not taken for numbers.
        """
        for match in self._regex.finditer(line):
            text = match[self._value]
            value = _number(text)
            if value is None or not math.isfinite(value):
                continue
            start = match.start(self._value) + len(text) - len(text.lstrip())
            end = start + len(text.strip())
            cut = find_cut(self.text, line, start, end, group=self._value)
            if cut:
                return cut
        return None

    def _points(self, line: str) -> Iterator[tuple[float, float]]:
        """Yield each number of a line with its step."""
        for match in self._regex.finditer(line):
            text = match[self._value]
            step = _number(match[self._step]) if self._step else None
            if step is not None:
                self._reached = step
            elif self._step and self.unread_step is None:
                self.unread_step = match[self._step]
            value = _number(text)
            if value is not None:
                yield value, self._reached
            elif self.unparsed is None and (text is not None or step is None):
                self.unparsed = match[0] if text is None else text


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
