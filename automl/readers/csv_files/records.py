"""The records of a table whose text comes in pieces: a line each, or several within quotes."""

import re
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from automl.readers.csv_files.cells import BrokenError, OpenError, cells_of, delimiter_of

LONGEST_CHARS = 1 << 18
"""A longer line is left out."""

_MOST_LINES = 200
"""No cell has more lines."""

COMMENT = "#"
_ENDING = re.compile(r"\r\n|\r(?!\Z)|\n")
_FINAL_ENDING = re.compile(r"\r\n?|\n")
_CLOSES = re.compile(r'(?:[^"]|"")*+"')
"""What a line begins with that ends a quoted cell."""

_SEPARATOR = re.compile(r"sep=(?P<delimiter>.)\s*", re.IGNORECASE)


class _Line(NamedTuple):
    number: int
    text: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One record.

    Attributes:
        cells: its cells.
        line: the number of the line in which it begins.
        text: that line, or lines.
        whole: whether its line has ended.
        delimiter: what stood between its cells.
        comment: whether it is a comment, which may be a header.
    """

    cells: list[str]
    line: int
    text: str
    whole: bool
    delimiter: str
    comment: bool = False


class Records:
    """Takes records out of a text, each once its last line has ended.

    Args:
        delimiter: what stands between cells; empty if it is to be found in each record, until it
            is fixed.
        names: the columns that are looked for.
        decimal: what stands before the decimals of numbers.

    Attributes:
        left_out: what was left out, in words; empty for nothing.
        delimiter: what stands between cells; empty as long as that is not known.
    """

    def __init__(self, delimiter: str, names: Collection[str], decimal: str) -> None:
        self.left_out = ""
        self.delimiter = delimiter
        self._names = names
        self._decimal = decimal
        self._text = ""
        self._count = 0
        self._held: list[_Line] = []
        self._skips_line = False
        self._gave_up = False

    def feed(self, text: str, *, final: bool) -> Iterator[Record]:
        """Yield the records that a text completes; exhaust it before the next call."""
        for line in self._lines(text, final=final):
            if self._gave_up:
                return
            yield from self._records(line)
        if final and self._held:
            self._give_up()

    def _lines(self, text: str, *, final: bool) -> Iterator[_Line]:
        """Yield the lines that a text completes; of one that is too long nothing is kept."""
        self._text += text
        at = 0
        ending = _FINAL_ENDING if final else _ENDING
        while found := ending.search(self._text, at):
            yield from self._line(self._text[at : found.start()], whole=True)
            self._skips_line = False
            at = found.end()
        self._text = self._text[at:]
        if len(self._text) > LONGEST_CHARS:
            self._leave_out(f"line {self._count + 1} has more than {LONGEST_CHARS:,} characters")
            self._count += not self._skips_line
            self._skips_line = True
        if final or self._skips_line:
            text, self._text = self._text, ""
            if text:
                yield from self._line(text, whole=False)

    def _line(self, text: str, *, whole: bool) -> Iterator[_Line]:
        if not self._skips_line:
            self._count += 1
            yield _Line(self._count, text, whole)

    def _records(self, line: _Line) -> Iterator[Record]:
        """Yield the record that a line ends, and those behind it that had seemed to be in it."""
        waiting = deque([line])
        while waiting:
            line = waiting.popleft()
            if not self._held:
                stripped = line.text.strip("\ufeff \t")
                if not stripped or self._is_mark(line.number, stripped):
                    continue
                if stripped.startswith(COMMENT):
                    yield from self._comment(stripped, line)
                    continue
            elif len(self._held) >= _MOST_LINES:
                self._give_up()
                return
            elif not _CLOSES.match(line.text):
                self._held.append(line)
                continue
            self._held.append(line)
            try:
                record = self._record(self._held)
            except OpenError:
                continue
            except BrokenError:
                # Such as a row that a crash cut off: the next one may be whole.
                waiting.extendleft(reversed(self._held[1:]))
            else:
                yield record
            self._held = []

    def _record(self, lines: Sequence[_Line]) -> Record:
        text = "\n".join(one.text for one in lines)
        delimiter = self.delimiter or delimiter_of(text, self._names, self._decimal)
        cells = cells_of(text, delimiter)
        return Record(cells, lines[0].number, text, lines[-1].whole, delimiter)

    def _is_mark(self, number: int, text: str) -> bool:
        """Tell whether a first line says what stands between cells, as spreadsheets have it."""
        found = _SEPARATOR.fullmatch(text) if number == 1 else None
        if found:
            self.delimiter = self.delimiter or found["delimiter"]
        return found is not None

    def _comment(self, text: str, line: _Line) -> Iterator[Record]:
        """Yield a comment as a record, if it may be one."""
        with suppress(ValueError):
            bare = _Line(line.number, text.lstrip(f"{COMMENT} \t"), line.whole)
            yield replace(self._record([bare]), comment=True)

    def _give_up(self) -> None:
        # What stands in a cell that does not end may look like any row.
        number = self._held[0].number
        self._leave_out(f"a quoted cell that begins in line {number} does not end: what follows")
        self._gave_up = True
        self._held = []

    def _leave_out(self, what: str) -> None:
        self.left_out = self.left_out or f"{what} is left out"
