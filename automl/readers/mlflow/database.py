"""Runs of MLflow in a database of SQLite."""

import math
import sqlite3
import sys

from automl.readers.databases.opened import opened
from automl.readers.mlflow.runs import TAG, Owner, Run, Runs, Whose, stepped
from automl.readers.whole.follower import NotWholeError, Rows
from automl.space.numbers import is_number

_PARENT = "mlflow.parentRunId"
_MOST_ROWS = 1_000_000
_MOST_KEYS = 1000

_RUNS = """
    SELECT run_uuid, name, start_time,
      (SELECT value FROM tags WHERE key = :tag AND tags.run_uuid = runs.run_uuid),
      EXISTS (SELECT 1 FROM tags WHERE key = :parent AND tags.run_uuid = runs.run_uuid)
    FROM runs WHERE lifecycle_stage = 'active' AND (
      run_uuid IN (SELECT run_uuid FROM tags WHERE key = :tag AND value = :label)
      OR start_time >= :since AND (
        :label = '' OR run_uuid NOT IN (SELECT run_uuid FROM tags WHERE key = :tag)))
"""
"""Those of a launch, and those that do not tell whose they are; of others there may be many."""

_NUMBERS = """
    SELECT value, step, is_nan FROM metrics WHERE run_uuid = ? AND key = ?
    ORDER BY timestamp, rowid
"""
_KEYS = "SELECT DISTINCT key FROM metrics WHERE run_uuid = ?"


def add_runs(found: Runs, path: str, key: str, owner: Owner) -> None:
    """Add the runs of a launch that are in a database.

    Args:
        found: what was found.
        path: the database.
        key: the metric whose numbers are read.
        owner: the launch.

    Raises:
        NotWholeError: it cannot be read now, or is none of MLflow's.
        OSError: it cannot be read; or not now, as another program has locked it.
    """
    with opened(path, shared=True) as database:
        for run_id, name, began, label, nested in database.execute(
            _RUNS,
            {"tag": TAG, "parent": _PARENT, "label": owner.label, "since": owner.since_ms},
        ):
            began_ms = began if isinstance(began, int) else 0
            whose = owner.whose(label, began_ms)
            found.unknown += whose is Whose.UNKNOWN
            if whose is not Whose.OWN:
                continue
            rows = _rows(database, run_id, key)
            found.own.append(
                Run(
                    id=str(run_id),
                    name=str(name),
                    began_ms=began_ms,
                    nested=bool(nested),
                    rows=stepped(rows),
                    keys=() if rows else _keys(database, run_id),
                )
            )


def _rows(database: sqlite3.Connection, run_id: str, key: str) -> Rows:
    rows = database.execute(_NUMBERS, (run_id, key)).fetchmany(_MOST_ROWS + 1)
    if len(rows) > _MOST_ROWS:
        raise NotWholeError(f"metric {key!r} has more than {_MOST_ROWS} numbers")
    return [
        (_number(value, is_nan=bool(is_nan)), float(step))
        for value, step, is_nan in rows
        if is_number(value) and isinstance(step, int)
    ]


def _keys(database: sqlite3.Connection, run_id: str) -> list[str]:
    return [str(key) for (key,) in database.execute(_KEYS, (run_id,)).fetchmany(_MOST_KEYS)]


def _number(value: float, *, is_nan: bool) -> float:
    """Return a number as it was logged: databases have neither NaN nor, in MLflow's, infinity."""
    if is_nan:
        return math.nan
    return math.copysign(math.inf, value) if abs(value) >= sys.float_info.max else float(value)
