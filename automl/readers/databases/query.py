"""What a query finds in a database of SQLite, which is only read."""

import math
import re
import sqlite3
from contextlib import closing

from automl.readers.databases.opened import only_reading, opened
from automl.readers.numbers.number import number_of
from automl.readers.whole.follower import NotWholeError, Rows
from automl.space.numbers import is_number

MOST_ROWS = 1_000_000
STEP = "step"

_BEGINNING = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:SELECT|WITH)\b", re.IGNORECASE | re.DOTALL)


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
    with opened(path) as database:
        found = database.execute(query)
        names = [one[0].lower() for one in found.description or ()]
        rows = found.fetchmany(MOST_ROWS + 1)
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


def syntax_problem(query: str) -> str:
    """Return why a text is no query that only reads, empty if it is one; tables may be missing."""
    if not _BEGINNING.match(query):
        return "it begins with neither SELECT nor WITH"
    with closing(sqlite3.connect(":memory:")) as database:
        database.set_authorizer(only_reading)
        try:
            database.execute(f"EXPLAIN {query}")
        except sqlite3.OperationalError as error:
            told = str(error)
            return "" if told.startswith("no such") else told
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            return str(error)
    return ""


def _number(value: object) -> float | None:
    if is_number(value):
        return float(value)
    return number_of(value) if isinstance(value, str) else None
