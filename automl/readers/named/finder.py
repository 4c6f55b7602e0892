"""Line after line: the numbers of a name, and the step of each."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from automl.readers.matching.finder import Numbers
from automl.readers.named.name import SPLITS, Hit, Name
from automl.readers.named.step import LineSteps, Step, Steps
from automl.readers.named.table import Row, Table, table_below
from automl.readers.named.value import Value, value_before, value_behind
from automl.readers.numbers.foreign import is_foreign, remedy
from automl.readers.numbers.word import word_of
from automl.readers.sighting import Span
from automl.spelling.spelling import spelled

_SHOWN_CHARS = 120
_MOST_HITS = 400
_NO_RANK = -1
_WORD_BEFORE = re.compile(r"([^\W\d]\w{0,30}'s)\s$")
"""What says whose metric it is, as LightGBM prints it: `valid's auc`."""

_SEVERAL = "one name for several numbers"


@dataclass(frozen=True, slots=True)
class _Found:
    """The numbers that a line gives, where they stand in it, and how surely they are meant."""

    value: Value
    place: int
    rank: int
    front: str = ""
    step: float | None = None
    start: int = -1


class NameFinder:
    """Finds the numbers of a metric by its name alone; it is its own `Sought`.

    Numbers that are named as they were asked for put aside those that were found before under a
    like name: in other capital letters, or as another metric such as `best loss`.

    Args:
        name: the name.

    Attributes:
        text: the name.
        rank: how surely the numbers found are meant, -1 while there are none.
        left_out: never anything.
        quick: as `LineFinder` has it: no line takes it long.
        unread_step: never anything.
        in_steps: as `Sought` has it: nobody asked for steps, so nobody is told of none.
        has_steps: whether steps are known; the first number tells.
    """

    def __init__(self, name: str) -> None:
        self._name = Name(name)
        self.text = name
        self.left_out = ""
        self.quick = True
        self.unread_step: str | None = None
        self.in_steps = True
        self.forget()

    def forget(self) -> None:
        """Go back to the start: another file follows."""
        self.rank = _NO_RANK
        self.has_steps = False
        self.unparsed: str | None = None
        self.unparsed_line = ""
        self.warnings: dict[str, str] = {}
        self._unit: str | None = None
        self._fronts: dict[str, str] = {}
        self._steps = Steps()
        self._table: Table | None = None
        self._places: list[Span] = []

    @property
    def pattern(self) -> "NameFinder":
        """What it looks for."""
        return self

    def begin_look(self) -> None:
        """Nothing bounds it but the lines."""

    def find(self, lines: Sequence[str]) -> Numbers:
        """Return the numbers of the next lines."""
        numbers = Numbers()
        self._places = []
        done = 0
        if self._table is not None or self._name.may_be_in("\n".join(lines).lower()):
            for place, line in enumerate(lines):
                best = self._best(self._in_line(line))
                if best and self._take(best, line, lines[done:place], numbers):
                    done = place
        self._steps.passed(lines[done:])
        return numbers

    def places(self, line: str) -> Sequence[Span]:
        """Return where the numbers stand in the one line that was searched last."""
        del line
        return self._places

    def _in_line(self, line: str) -> list[_Found]:
        hits = (
            list(islice(self._name.hits(line), _MOST_HITS))
            if self._name.may_be_in(line.lower())
            else []
        )
        found = list(filter(None, (self._behind(line, hit) for hit in hits)))
        if found:
            return found
        row = self._table.row(line) if self._table else None
        if row and self._table:
            return [_of_row(row, self._table.rank, line)]
        if self._table and self._table.ended:
            self._table = None
        if hits:
            self._table = table_below(line, self._name) or self._table
        return []

    def _behind(self, line: str, hit: Hit) -> _Found | None:
        before = value_before(line, hit.start, hit.end, hit.front)
        value = before or value_behind(line, hit.start, hit.end)
        if value is None:
            return None
        if not value.numbers:
            self._refuse(value.text, line)
            return None
        start = line.rfind(value.text, 0, hit.start) if before else line.find(value.text, hit.end)
        return _Found(value, hit.start, hit.rank, hit.front, start=start)

    def _best(self, found: Sequence[_Found]) -> Sequence[_Found]:
        """Return those that are at least as surely meant as all before, and as the others."""
        rank = max((one.rank for one in found), default=_NO_RANK)
        return [one for one in found if one.rank == rank >= self.rank]

    def _take(
        self, best: Sequence[_Found], line: str, before: Sequence[str], numbers: Numbers
    ) -> bool:
        """Take what a line gives; tell whether the lines before were looked at for the step."""
        steps = LineSteps(line)
        own = [steps.at(one.place) for one in best]
        self._note_several(best, own, line)
        looked = False
        for found, step in zip(best, own, strict=True):
            told = found.step
            if told is None:
                told = self._steps.at(step, () if looked else before)
                looked = True
            self._add(found, told, numbers)
            if found.start >= 0:
                span = found.start, found.start + len(found.value.text)
                self._places += [span] * len(found.value.numbers)
        return looked

    def _add(self, found: _Found, step: float | None, numbers: Numbers) -> None:
        unit = found.value.unit
        if unit and self._unit not in (None, unit) and found.rank == self.rank:
            self._refuse_unit(found.value)
            return
        if found.rank > self.rank:
            # What counted until now was of another name.
            anew = Numbers(anew=self.rank != _NO_RANK)
            numbers.add(anew)
            self.rank, self.has_steps = found.rank, step is not None
        self._unit = unit
        numbers.values += found.value.numbers
        numbers.steps += [math.nan if step is None else step] * len(found.value.numbers)
        self._note_front(found)

    def _note_front(self, found: _Found) -> None:
        """Tell once that two metrics have the name, such as `train loss` and `val loss`."""
        if found.front not in SPLITS:
            return
        self._fronts.setdefault(found.front, found.value.text)
        if len(self._fronts) > 1:
            fronts = [f"{one} {self.text}" for one in self._fronts]
            self.warnings.setdefault(
                _SEVERAL,
                f"metric {self.text!r} is found as {' and as '.join(map(repr, fronts))}, and both "
                f"count: name the one that you mean, such as "
                f"{spelled('metric', fronts[-1])}",
            )

    def _note_several(self, found: Sequence[_Found], own: Sequence[Step | None], line: str) -> None:
        """Tell once that a line has the name several times, and not for several steps."""
        if len(found) < 2 or found[0].front != found[1].front:  # noqa: PLR2004
            return
        if len({None if one is None else one.value for one in own}) == 1:
            words = [_WORD_BEFORE.search(line, 0, one.place) for one in found]
            longer = [f"{word[1]} {self.text}" for word in words if word]
            cure = (
                f"name the one that you mean, such as {spelled('metric', longer[-1])}"
                if len(set(longer)) == len(found)
                else "let the program print names that differ, or read one by a pattern"
            )
            self.warnings.setdefault(
                _SEVERAL,
                f"metric {self.text!r} stands {len(found)} times in the line "
                f"{line.strip()[:_SHOWN_CHARS]!r}, and each number counts, the last one if the "
                f"last counts: {cure}",
            )

    def _refuse(self, text: str, line: str) -> None:
        if self.unparsed is None:
            self.unparsed, self.unparsed_line = text, line[:_SHOWN_CHARS]
        if is_foreign(text):
            self.warnings.setdefault(
                "no number",
                f"metric {self.text!r} has {text!r} in the line {line.strip()[:_SHOWN_CHARS]!r}, "
                f"which is left out. {remedy(text.strip())}",
            )

    def _refuse_unit(self, value: Value) -> None:
        before = f"{self._unit!r} behind them" if self._unit else "no unit"
        self.warnings.setdefault(
            f"number with another unit, {value.unit}",
            f"metric {self.text!r} has {value.text[:_SHOWN_CHARS]!r}: left out, as the numbers "
            f"before have {before}. Let the program print one unit",
        )


def _of_row(row: Row, rank: int, line: str) -> _Found:
    word = word_of(row.text)
    numbers = () if word is None else (word.value,)
    # Where two columns have the same text, nobody is told which it is.
    start = line.find(row.text) if line.count(row.text) == 1 else -1
    value = Value(numbers, word.unit if word else "", row.text)
    return _Found(value, 0, rank, step=row.step, start=start)
