"""Tables with a header: the column of a name, and the numbers in the rows below."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from automl.readers.named.name import Name
from automl.readers.named.step import COLUMN
from automl.readers.numbers.word import word_of

_MARKS = ("\u2502", "\u2503", "\u2551", "|", "\t", ";", ",")
_BORDERS = "\u2502\u2503\u2551|"
_RULE = re.compile(r"[-+=|:_~*\s\u2500-\u257f]*")
_COLUMNS = re.compile(r"\S+(?: \S+)*")
_WORDS = re.compile(r"\S+")
_STEP = re.compile(r"\W*(\d+)(?:/\d+)?\W*")
_ALL = frozenset({"all", "overall", "total", "mean", "average", "avg"})
"""Names of rows that tell of all others, where they stand first."""

_MOST_BETWEEN = 3
"""So many other lines may stand between the header and the first row."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one column of a line."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """The number and the step, if there is a column of steps, in one row."""

    text: str
    step: float | None


class Table:
    """The rows below a header.

    Args:
        mark: what stands between the columns; empty for blanks.
        cells: the header.
        place: which of them is the name.
        rank: that of the name as it stands there.
    """

    def __init__(self, mark: str, cells: Sequence[Cell], place: int, rank: int) -> None:
        self.rank = rank
        self._mark = mark
        self._cells = cells
        self._place = place
        self._step = next(
            (one for one in cells if COLUMN.fullmatch(one.text.strip("*`'\" "))), None
        )
        self._mask: tuple[bool, ...] = ()
        self._between = 0
        self._open = True
        self._of_all = ""

    @property
    def ended(self) -> bool:
        """Whether no row can follow any more."""
        return not self._open and not self._mask

    def row(self, line: str) -> Row | None:
        """Return the row that a line is, None if it is none."""
        if _RULE.fullmatch(line):
            return None
        cells = _split(line, self._mark) if not self._mark or self._mark in line else []
        found = self._cell(cells, self._cells[self._place])
        mask = tuple(word_of(one.text) is not None for one in cells)
        alone = len(self._cells) == 1
        is_row = (
            found is not None
            and (not alone or len(cells) == 1)
            and (2 * sum(mask) >= len(mask) - 1 if self._open else mask == self._mask)
        )
        if not is_row or found is None:
            self._miss(alone=alone)
            return None
        if not alone:
            self._of_all = self._of_all or ("" if self._mask else _of_all(cells))
            self._mask = self._mask or mask
        if self._of_all and cells[0].text != self._of_all:
            # A part of what the first row told of all.
            return None
        self._open = not alone
        step = _STEP.fullmatch(self._text(cells, self._step))
        return Row(found.text, float(step[1]) if step else None)

    def _miss(self, *, alone: bool) -> None:
        self._between += 1
        if self._mask or alone or self._between >= _MOST_BETWEEN:
            self._open = False

    def _text(self, cells: Sequence[Cell], column: Cell | None) -> str:
        cell = None if column is None else self._cell(cells, column, number=False)
        return cell.text if cell else ""

    def _cell(self, cells: Sequence[Cell], column: Cell, *, number: bool = True) -> Cell | None:
        """Return what a row has in a column: by its place, else by how it is aligned."""
        usable = [one for one in cells if not number or word_of(one.text) is not None]
        if len(cells) == len(self._cells):
            found = cells[self._cells.index(column)]
            return found if found in usable else None
        if self._mark:
            return None
        for aligned in (
            [one for one in usable if one.end == column.end],
            [one for one in usable if one.start == column.start],
            [one for one in usable if one.start < column.end and column.start < one.end],
        ):
            if len(aligned) == 1:
                return aligned[0]
        # Names of rows have no header.
        if len(cells) == len(self._cells) + 1:
            found = cells[self._cells.index(column) + 1]
            return found if found in usable else None
        return None


def _of_all(cells: Sequence[Cell]) -> str:
    """Return the name of a row that tells of all others, empty if a row is none."""
    name = cells[0].text
    return name if name.lower() in _ALL else ""


def table_below(line: str, name: Name) -> Table | None:
    """Return the table whose header a line is, with a column of that name; None if it is none."""
    marks = [one for one in _MARKS if one in line]
    for mark in (*marks, ""):
        splits = [_split(line, mark)] if mark else [_cells(_COLUMNS, line), _cells(_WORDS, line)]
        for cells in splits:
            table = _with_column(mark, cells, name)
            if table:
                return table
    return None


def _with_column(mark: str, cells: list[Cell], name: Name) -> Table | None:
    if not cells or 2 * sum(word_of(one.text) is not None for one in cells) >= len(cells):
        return None
    for place, cell in enumerate(cells):
        hit = name.is_cell(cell.text)
        if hit:
            return Table(mark, cells, place, hit.rank)
    return None


def _split(line: str, mark: str) -> list[Cell]:
    if not mark:
        return _cells(_WORDS, line)
    cells, start = [], 0
    for text in line.split(mark):
        cells.append(Cell(text.strip(), start, start + len(text)))
        start += len(text) + 1
    if mark in _BORDERS:
        first, last = not cells[0].text, not cells[-1].text
        cells = cells[first : len(cells) - last]
    return cells


def _cells(regex: re.Pattern[str], line: str) -> list[Cell]:
    return [
        Cell(one[0].rstrip(":"), one.start(), one.start() + len(one[0].rstrip(":")))
        for one in regex.finditer(line.expandtabs())
    ]
