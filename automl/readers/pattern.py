"""The user's pattern: lines to numbers and the steps that they belong to."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import TypeAlias

from automl.readers.numbers.cut import Cut, find_cut
from automl.readers.numbers.foreign import Foreign, find_foreign
from automl.readers.numbers.group import knows_mark
from automl.readers.numbers.number import number_of, numbers_of
from automl.readers.numbers.word import word_of
from automl.readers.numbers.words import Words, WordsState
from automl.readers.sighting import Span

PatternState: TypeAlias = tuple[float, str | None, WordsState]
"""What a pattern met in all earlier lines, as plain values."""


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
        words: what its group took that was not just a number.
        has_steps: whether it reads steps.
        unread_step: the first text that the group `step` matched without its being a number.

    >>> Pattern(r"(\d+\.\d+)").values("loss 0.5, accuracy 0.75")
    [0.5, 0.75]
    >>> Pattern(r"epoch (?P<step>\d+): (\S+)").points_of(["epoch 1: 0.5", "epoch 2: 0.75"])
    ([0.5, 0.75], [1.0, 2.0])
    """

    def __init__(self, parser_pattern: str) -> None:
        self.text = parser_pattern
        self.words = Words(parser_pattern)
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
    def unparsed(self) -> str | None:
        """The first text that matched without being a number, None while there is none."""
        return self.words.unparsed

    @property
    def unparsed_line(self) -> str:
        """The line in which that stood."""
        return self.words.line

    @property
    def state(self) -> PatternState:
        """What it met so far: another can go on from there."""
        return self._reached, self.unread_step, self.words.state

    def resume(self, state: PatternState) -> None:
        """Go on from where another was."""
        self._reached, self.unread_step, words = state
        self.words.resume(words)

    def forget(self) -> None:
        """Go back to the start: another file follows."""
        self.unread_step = None
        self.words.forget()
        self._reached = math.nan

    def values(self, line: str) -> list[float]:
        """Return the numbers of one line in order, NaN and infinities included.

        A match that gives no number is left out; the first one stays in `unparsed`.
        """
        return [value for value, _ in self._points(line)]

    def spans(self, line: str) -> list[Span]:
        """Return where in a line stands what the numbers of its matches are read from."""
        return [
            match.span(self._value)
            for match in self._regex.finditer(line)
            if match[self._value] is not None and word_of(match[self._value]) is not None
        ]

    def values_of(self, lines: Sequence[str]) -> list[float]:
        """Return the numbers of several lines, as `values` of each would, but faster."""
        found: Iterable[str] = chain.from_iterable(map(self._regex.findall, lines))
        try:
            if self._regex.groups > 1:
                found = map(itemgetter(self._value - 1), found)
            values = numbers_of(found)
        except ValueError:
            return [value for line in lines for value in self.values(line)]
        if values:
            self.words.were_plain()
        return values

    def points_of(self, lines: Sequence[str]) -> tuple[list[float], list[float]]:
        """Return the numbers of several lines and the step of each, NaN before the first step.

        For a pattern that has steps. It goes on from the step that was read last.
        """
        found = list(chain.from_iterable(map(self._regex.findall, lines)))
        try:
            steps = numbers_of(groups[self._step - 1] for groups in found)
            values = numbers_of(groups[self._value - 1] for groups in found)
        except ValueError:
            points = [point for line in lines for point in self._points(line)]
            return [value for value, _ in points], [step for _, step in points]
        if steps:
            self._reached = steps[-1]
            self.words.were_plain()
        return values, steps

    def matches(self, line: str) -> bool:
        """Tell whether there is a match in the line, a number or not."""
        return self._regex.search(line) is not None

    def cut_number(self, line: str) -> Cut | Foreign | None:
        r"""Return the first number of the line that is read only in part, None if all are whole.

        `(\d.\d+)` reads 1.2 in `1.2e-05` and 2.5 in `12.5`, `([\d.]+)` reads 0 in `0,93`. Dates,
        versions, ranges and names with digits are not taken for numbers, nor are the columns of a
        pattern that has the mark between them.
        """
        for match in self._regex.finditer(line):
            text = match[self._value]
            value = None if text is None else number_of(text)
            if value is None or not math.isfinite(value):
                continue
            start = match.start(self._value) + len(text) - len(text.lstrip())
            end = start + len(text.strip())
            cut = self._foreign(line, start, end) or find_cut(
                self.text, line, start, end, group=self._value
            )
            if cut:
                return cut
        return None

    def _foreign(self, line: str, start: int, end: int) -> Foreign | None:
        """Return the number that no pattern can read whole of which this is a part."""
        span = find_foreign(line, start, end)
        if span is None:
            return None
        first, last = span
        if (
            first < start
            and line[first] in "+-"
            and knows_mark(self.text, self._value, line[first])
        ):
            first += 1
        marks = [line[place] for place in (start - 1, end) if first <= place < last]
        if not marks or any(knows_mark(self.text, self._value, mark) for mark in marks):
            return None
        return Foreign(
            pattern=self.text,
            line=line,
            read=line[start:end],
            whole=line[first:last],
            start=first,
        )

    def _points(self, line: str) -> Iterator[tuple[float, float]]:
        """Yield each number of a line with its step."""
        for match in self._regex.finditer(line):
            text = match[self._value]
            step = _step_of(match[self._step]) if self._step else None
            if step is not None:
                self._reached = step
            elif self._step and self.unread_step is None:
                self.unread_step = match[self._step]
            if text is None:
                if step is None:
                    self.words.refuse(match[0], line)
                continue
            value = self.words.number(text, line)
            if value is not None:
                yield value, self._reached


def _step_of(text: str | None) -> float | None:
    """Return the step that a word tells, without the punctuation around it."""
    word = None if text is None else word_of(text)
    return None if word is None or word.unit else word.value
