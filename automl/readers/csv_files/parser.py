"""The numbers of one column of a table."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from automl.readers.advice.likeness import nearest_first
from automl.readers.csv_files.records import Record, Records
from automl.readers.numbers.foreign import is_foreign
from automl.readers.numbers.number import NUMBER, number_of
from automl.readers.records.parser import Found
from automl.spelling.spelling import spelled

_MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "--", "?", "."}
"""What stands in a cell without a value, in small letters."""

_COMMA = re.compile(NUMBER.replace(r"\.", ","), re.ASCII)
_SHOWN_COLUMNS, _SHOWN_CHARS, _KEPT_CHARS = 6, 80, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What is looked for.

    Attributes:
        column: the column of the number, by its name or its place.
        step: that of its step; empty for none.
        delimiter: what stands between cells, empty if it is to be found.
        header: whether the first record has the names; None if that is to be found.
        decimal: what stands before the decimals of a number.
    """

    column: str | int
    step: str | int = ""
    delimiter: str = ""
    header: bool | None = None
    decimal: str = "."

    @property
    def names(self) -> list[str]:
        """The columns that are given by name."""
        return [one for one in (self.column, self.step) if isinstance(one, str) and one]


class CsvParser:
    """Takes the numbers of a column; it is a `RecordParser`.

    Args:
        columns: what is looked for.

    Attributes:
        records: how many records there were, headers and comments too.
        warnings: what the user should know of, by kind.
    """

    def __init__(self, columns: Columns) -> None:
        self.records = 0
        self.warnings: dict[str, str] = {}
        self._columns = columns
        self._records = Records(columns.delimiter, columns.names[:1], columns.decimal)
        self._header: Sequence[str] | None = None
        self._width = self._rows = 0
        self._framed = self._spaced = False
        self._other: Record | None = None
        self._strange: Record | None = None
        self._seen: Record | None = None
        self._refused: tuple[str, int] | None = None
        self._uneven: Record | None = None

    @property
    def left_out(self) -> str:
        """What could not be read although it is there."""
        return self._records.left_out

    @property
    def has_steps(self) -> bool:
        """Whether a step was asked for."""
        return self._columns.step != ""

    def feed(self, text: str, *, final: bool, more: bool) -> Sequence[Found]:
        """Return the numbers of the rows that a text completes."""
        del more
        found = [self._found(one) for one in self._records.feed(text, final=final)]
        if final:
            self._settle(None)
        return [one for one in found if one]

    def silence(self, path: str) -> str:
        """Return why there is no number."""
        what = f"column {self._columns.column!r}"
        if self._seen is None and self._header is None:
            return f"{path} has only comments and blanks, so there is no {what}"
        if self._header is None and isinstance(self._columns.column, str) and self._seen:
            near = self._nearest(self._seen.cells, self._columns.column)
            return f"no {what} in {path}{near}"
        strange = self._is_other_header(self._strange) if self._strange else ""
        uneven = self._is_uneven(self._uneven) if self._uneven and not self._rows else ""
        if strange or uneven:
            return f"no {what} in {path}: {strange or uneven}"
        if self._refused:
            text, line = self._refused
            shown = repr(text[:_SHOWN_CHARS])
            return f"{what} has {shown} in line {line} of {path}: no number{self._cure(text)}"
        return self._emptiness(path, what)

    def _emptiness(self, path: str, what: str) -> str:
        """Return why there is nothing in the column."""
        if not self._rows:
            return f"{path} has a header and no row, so there is no number in {what}"
        if self._place(self._columns.column) is None:
            return f"no {what} in {path}, whose rows have {self._width} cells"
        return f"{what} of {path} has only empty cells in its {self._rows} rows"

    def _found(self, record: Record) -> Found | None:
        """Return the number of a record, None if it is no row, or has none."""
        self.records += 1
        if self._is_header(record) or record.comment:
            return None
        by_name = isinstance(self._columns.column, str)
        if self._seen is None or (not self._header and len(record.cells) > len(self._seen.cells)):
            self._seen = record
        if self._strange or (by_name and not self._header):
            return None
        return self._row(record)

    def _row(self, record: Record) -> Found | None:
        """Return the number of a row, None if it has none."""
        if not self._is_even(record):
            return None
        cells = record.cells
        if not record.whole and len(cells) < self._width:
            # The last one may be cut off.
            cells = cells[:-1]
        self._rows += 1
        text = self._cell(cells, self._columns.column)
        value = self._number(text)
        if value is None:
            if text.lower() not in _MISSING:
                self._refuse(text, record)
            return None
        step = self._number(self._cell(cells, self._columns.step))
        if self.has_steps and self._place(self._columns.step) is None:
            self._tell_no_step()
        return Found(
            value, math.nan if step is None else step, record.line, record.text[:_KEPT_CHARS]
        )

    def _is_header(self, record: Record) -> bool:
        """Take in a header, the first one or another; tell whether a record is one."""
        cells = record.cells
        by_name = isinstance(self._columns.column, str)
        named = by_name and self._columns.column in cells
        if by_name and (self._header is None or record.comment):
            if named:
                self._begin(record)
            return named
        if record.comment:
            return False
        if self._columns.header and self._header is None:
            self._begin(record)
            return True
        self._settle(record)
        if self._columns.header is False or not self._is_all_names(cells):
            return False
        if named or not self._width:
            self._begin(record)
            return True
        if self._may_be_other_header(record):
            self._other = record
        return self._other is not None

    def _may_be_other_header(self, record: Record) -> bool:
        """Tell whether a record of texts alone may be a header, if the next one fits it."""
        cells, header = record.cells, self._header or ()
        if isinstance(self._columns.column, str) and (self._columns.header or self._strange):
            return False
        full = [one for one in cells if one]
        # Such as the empty cells outside of a frame, or above the index of a data frame.
        empty = all(at < len(header) and not header[at] for at, one in enumerate(cells) if not one)
        # Such as "Saving model, please wait".
        is_message = _is_spaced(record) and not self._spaced and any(" " in one for one in full)
        return empty and len(set(full)) == len(full) and not is_message

    def _settle(self, record: Record | None) -> None:
        """Take what may be another header for one if the record behind it fits, else for a row."""
        other = self._other
        if other is None or (record and _is_drawn(record.text)):
            return
        self._other = None
        if record is None or not self._fits(record, other):
            self._row(other)
        elif isinstance(self._columns.column, str):
            self._strange = other
            self.warnings.setdefault(
                "another header", f"a table has {self._is_other_header(other)}"
            )
        else:
            self._begin(other)

    def _fits(self, record: Record, header: Record) -> bool:
        """Tell whether a record may be a row below another header, rather than one of before."""
        count, wanted = len(record.cells), len(header.cells)
        if self._is_all_names(record.cells):
            return False
        return count == wanted or (count != self._width and _full_count(record.cells) <= wanted)

    def _begin(self, record: Record) -> None:
        self._header, self._strange, self._other = record.cells, None, None
        self._measure(record)
        column = self._columns.column
        if isinstance(column, str) and record.cells.count(column) > 1:
            self._strange = record
            self.warnings["column twice"] = f"a table has {self._is_other_header(record)}"

    def _is_all_names(self, cells: Sequence[str]) -> bool:
        """Tell whether a record looks like a header: different texts, none of them a number."""
        full = [one for one in cells if one]
        missing = any(one.lower() in _MISSING for one in full)
        numbers = any(self._number(one) is not None or is_foreign(one) for one in full)
        drawn = all(set(one) <= set("-=:+ ") for one in full)
        several = len(full) > 1 or self._header is None
        return bool(full) and several and not (missing or numbers or drawn)

    def _is_even(self, record: Record) -> bool:
        """Tell whether a row has the cells that the header, or the first row, has."""
        cells = record.cells
        if not self._width:
            self._measure(record)
        by_place = any(isinstance(one, int) for one in (self._columns.column, self._columns.step))
        even = len(cells) == self._width if by_place else _full_count(cells) <= self._width
        if not even and self._uneven is None and not _is_drawn(record.text):
            self._uneven = record
            self.warnings["uneven rows"] = f"a table has rows left out: {self._is_uneven(record)}"
        return even

    def _measure(self, record: Record) -> None:
        """Take in of how many cells records are, and what stands between and around them."""
        cells = record.cells
        self._width = len(cells)
        self._spaced = _is_spaced(record)
        self._framed = len(cells) > 2 and record.delimiter == "|" and not (cells[0] or cells[-1])  # noqa: PLR2004 - the empty ones outside of both lines
        if self._width > 1:
            self._records.delimiter = record.delimiter

    def _place(self, column: str | int) -> int | None:
        if isinstance(column, int):
            count = self._width - 2 * self._framed
            place = column if column >= 0 else count + column
            return place + self._framed if 0 <= place < count else None
        if not column or self._header is None or column not in self._header:
            return None
        return self._header.index(column)

    def _cell(self, cells: Sequence[str], column: str | int) -> str:
        place = self._place(column)
        return "" if place is None or place >= len(cells) else cells[place]

    def _number(self, text: str) -> float | None:
        if self._columns.decimal == "." or not ("," in text or "." in text):
            return number_of(text)
        return number_of(text.replace(",", ".")) if _COMMA.fullmatch(text) else None

    def _refuse(self, text: str, record: Record) -> None:
        if self._refused is None:
            self._refused = text, record.line
            if is_foreign(text):
                self.warnings.setdefault(
                    "no number",
                    f"column {self._columns.column!r} has {text[:_SHOWN_CHARS]!r} in line "
                    f"{record.line}, which is no number: left out{self._cure(text)}",
                )

    def _tell_no_step(self) -> None:
        self.warnings.setdefault(
            "no steps",
            f"there are numbers in column {self._columns.column!r}, but no column "
            f"{self._columns.step!r} for their steps"
            f"{self._nearest(self._header or [], self._columns.step)}. Pruners leave out numbers "
            "without a step",
        )

    def _cure(self, text: str) -> str:
        if self._columns.decimal == "." and _COMMA.fullmatch(text):
            return f"; if its comma stands before decimals: {spelled('decimal', ',')}"
        return ""

    def _is_other_header(self, record: Record) -> str:
        column = self._columns.column
        if record.cells.count(str(column)) > 1:
            return (
                f"a header in line {record.line} in which {column!r} stands "
                f"{record.cells.count(str(column))} times; give the place of the column, such as "
                f"{spelled('column', record.cells.index(str(column)))}"
            )
        return (
            f"another header without it in line {record.line}, {record.text[:_SHOWN_CHARS]!r}; "
            f"what follows is not read. If it is no header: {spelled('header', value=True)}"
        )

    def _is_uneven(self, record: Record) -> str:
        return (
            f"line {record.line}, {record.text[:_SHOWN_CHARS]!r}, has {len(record.cells)} cells "
            f"where those before have {self._width}"
        )

    def _nearest(self, names: Sequence[str], asked: str | int) -> str:
        full = [one for one in names if one]
        near = islice(nearest_first(full, str(asked)), _SHOWN_COLUMNS)
        shown = ", ".join(map(repr, near))
        return f"; it has {shown}" if shown else ""


def _is_drawn(text: str) -> bool:
    """Tell whether a line only looks nice."""
    return set(text) <= set("-=:+| \t")


def _is_spaced(record: Record) -> bool:
    """Tell whether blanks stand behind what stands between cells."""
    return f"{record.delimiter} " in record.text


def _full_count(cells: Sequence[str]) -> int:
    """Return how many cells there are without the empty ones at the end."""
    return next((at for at in range(len(cells), 0, -1) if cells[at - 1]), 0)
