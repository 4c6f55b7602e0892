"""What a query finds in a database of SQLite, which is only read."""

import math
import os
import re
import sqlite3
import struct
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from automl.readers.numbers.number import number_of
from automl.readers.whole.follower import NotWholeError, Rows
from automl.space.numbers import is_number

LONGEST_S = 2.0
"""So long a query may take at one look."""

MOST_ROWS = 1_000_000
STEP = "step"

_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_BEGINNING = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:SELECT|WITH)\b", re.IGNORECASE | re.DOTALL)
_INSTRUCTIONS = 10_000

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
_PAGE, _PAGES = struct.Struct(">H"), struct.Struct(">I")
_LARGEST_PAGE = 65536
"""Written as 1."""


def rows_of(path: str, query: str) -> Rows:
    """Return the numbers that a query finds, with the steps of a column of that name.

    The database is opened to be read alone, and the query may do nothing else.

    Args:
        path: the file.
        query: one SELECT; its first column that is not called `step` has the numbers.

    Raises:
        NotWholeError: it cannot be read now, or the query does not fit it.
        OSError: it cannot be read.
    """
    _check_whole(path)
    try:
        with closing(_opened(path)) as database:
            found = database.execute(query)
            names = [one[0].lower() for one in found.description or ()]
            rows = found.fetchmany(MOST_ROWS + 1)
    except sqlite3.Error as error:
        raise NotWholeError(_told(error)) from error
    if len(rows) > MOST_ROWS:
        raise NotWholeError(f"the query gives more than {MOST_ROWS} rows; let it give those needed")
    step = names.index(STEP) if STEP in names else None
    value = next((place for place in range(len(names)) if place != step), None)
    if value is None:
        raise NotWholeError(f"the query has no column besides {STEP!r}")
    pairs = [
        (_number(row[value]), _number(row[step]) if step is not None else None) for row in rows
    ]
    return [
        (number, math.nan if place is None else place)
        for number, place in pairs
        if number is not None
    ]


def _check_whole(path: str) -> None:
    """Refuse a file that ends before its last page, of which SQLite would read zeros."""
    # Without O_NONBLOCK, a pipe put there since would stop us.
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        header = file.read(_HEADER_BYTES)
        size = os.fstat(file.fileno()).st_size
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
        raise NotWholeError("it is no database of SQLite")
    page, pages = _PAGE.unpack_from(header, 16)[0], _PAGES.unpack_from(header, 28)[0]
    page = _LARGEST_PAGE if page == 1 else page
    if not page or size % page or size < page * pages:
        raise NotWholeError("the database is not whole")


def syntax_problem(query: str) -> str:
    """Return why a text is no query that only reads, empty if it is one; tables may be missing."""
    if not _BEGINNING.match(query):
        return "it begins with neither SELECT nor WITH"
    with closing(sqlite3.connect(":memory:")) as database:
        database.set_authorizer(_only_reading)
        try:
            database.execute(f"EXPLAIN {query}")
        except sqlite3.OperationalError as error:
            told = str(error)
            return "" if told.startswith("no such") else told
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            return str(error)
    return ""


def _opened(path: str) -> sqlite3.Connection:
    uri = f"{Path(path).absolute().as_uri()}?{urlencode({'mode': 'ro'})}"
    database = sqlite3.connect(uri, uri=True, timeout=0.0)
    database.set_authorizer(_only_reading)
    until = time.monotonic() + LONGEST_S
    database.set_progress_handler(lambda: time.monotonic() > until, _INSTRUCTIONS)
    return database


def _only_reading(action: int, name: str | None, *_: object) -> int:
    # To set up `json_each` is such an update, which SQLite allows to nobody else.
    sets_up = action == sqlite3.SQLITE_UPDATE and name == "sqlite_master"
    harmless = sets_up or (action in _ALLOWED and name != "load_extension")
    return sqlite3.SQLITE_OK if harmless else sqlite3.SQLITE_DENY


def _told(error: sqlite3.Error) -> str:
    if "interrupted" in str(error):
        return f"the query takes more than {LONGEST_S:g} s; give the table an index"
    return str(error)


def _number(value: object) -> float | None:
    if is_number(value):
        return float(value)
    return number_of(value) if isinstance(value, str) else None
