"""The reader of CSV: `reader.create(type="csv_reader", location=..., column="val/loss")`."""

from dataclasses import dataclass
from typing import ClassVar

from automl.errors import SpecError
from automl.readers.csv_files.parser import Columns, CsvParser
from automl.readers.numbers.decimal import POINT
from automl.readers.records.follower import RecordFollower
from automl.study.objective import METRIC
from automl.study.tasks.location import NEWEST, check_which
from automl.study.tasks.reader import check_decimal
from automl.study.tasks.remote import PATIENCE_S

_SPELLED = {"\\t": "\t"}
"""Delimiters as they are typed where no text has escapes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvReader:
    """A metric in a table of a file, a number a row: CSV, TSV, columns between blanks.

    Args:
        location: path of the file, with placeholders, relative to the working directory.
        column: the column, by the name in the header, or by its place: 0 is the first, -1 the
            last; `metric` if not given.
        metric: what the number is called, in objectives, constraints and the table.
        step: the column of the step; none if empty.
        delimiter: what stands between cells: one character, a blank for any number of blanks;
            found if empty.
        header: whether the first line has the names of columns; None: that is found.
        decimal: what stands before the decimals of a number, a point or a comma.
        which: of several files that a location with `*` names, `newest` or `all`.
        patience: for how long a file that `location` names by a URL is waited for once its trial
            has ended.
    """

    type: ClassVar[str] = "csv_reader"
    sought: ClassVar[str] = "column"

    location: str
    column: str | int = ""
    metric: str = METRIC
    step: str | int = ""
    delimiter: str = ""
    header: bool | None = None
    decimal: str = POINT
    which: str = NEWEST
    patience: float | str = PATIENCE_S

    def __post_init__(self) -> None:
        if not _is_column(self.column) or (self.column == "" and self.metric == METRIC):
            raise SpecError(
                "reader: column must be a name in the header, such as 'val_loss', or a place: 0 "
                f"for the first, -1 for the last; got {self.column!r}"
            )
        if not _is_column(self.step):
            raise SpecError(f"reader: step must be a column such as 'epoch', got {self.step!r}")
        check_which(self.which)
        if self.header is not None and not isinstance(self.header, bool):
            raise SpecError(f"reader: header must be True, False or None, got {self.header!r}")
        if self.header is False and self._columns.names:
            raise SpecError(
                f"reader: column {self._columns.names[0]!r} is a name, but there is no header; "
                "give its place: 0 for the first, -1 for the last"
            )
        if not isinstance(self.delimiter, str) or len(self._delimiter) > 1:
            raise SpecError(
                f"reader: delimiter must be one character, such as ';', got {self.delimiter!r}"
            )
        check_decimal(self.decimal)
        if self.delimiter == self.decimal:
            raise SpecError(
                f"reader: delimiter and decimal are both {self.decimal!r}: give two characters"
            )

    @property
    def _delimiter(self) -> str:
        return _SPELLED.get(self.delimiter, self.delimiter)

    @property
    def _columns(self) -> Columns:
        return Columns(
            column=self.metric if self.column == "" else _stripped(self.column),
            step=_stripped(self.step),
            delimiter=self._delimiter,
            header=self.header,
            decimal=self.decimal,
        )

    def follow(self, path: str) -> RecordFollower:
        """Return what reads the file that the location became."""
        columns = self._columns
        return RecordFollower(
            self.metric, f"column {columns.column!r}", path, lambda: CsvParser(columns)
        )


def _is_column(given: object) -> bool:
    return isinstance(given, str | int) and not isinstance(given, bool)


def _stripped(column: str | int) -> str | int:
    """Return a column without the blanks around its name, as cells are."""
    return column.strip() if isinstance(column, str) else column
