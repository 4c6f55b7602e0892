"""What queries find in databases."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.readers.databases import opened
from automl.readers.databases import query as queries
from automl.readers.databases.reader import SqliteReader
from automl.readers.follower import Look
from automl.readers.registry import follow, make_reader

QUERY = "SELECT epoch AS step, loss FROM log ORDER BY epoch"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "a b%20?.db"
    with closing(sqlite3.connect(place)) as database:
        database.execute("CREATE TABLE log (epoch INTEGER, loss)")
        database.commit()
    return place


def add(path: Path, *rows: tuple[Any, ...]) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executemany("INSERT INTO log VALUES (?, ?)", rows)
        database.commit()


def look(path: Path, query: str = QUERY) -> tuple[Look, str]:
    follower = follow(SqliteReader(location=str(path), query=query, metric="m"), str(path))
    return follower.read(ended=True, limit_bytes=1000), follower.problem()


def test_rows_are_read_as_they_come_with_their_steps(path: Path) -> None:
    follower = follow(SqliteReader(location=str(path), query=QUERY, metric="m"), str(path))
    add(path, (1, 0.5), (2, "0.25"))
    first = follower.read(ended=False, limit_bytes=1).measurements["m"]
    assert (first.values, first.steps) == ((0.5, 0.25), (1.0, 2.0))
    add(path, (3, None), (4, "much"), (5, 7))
    second = follower.read(ended=True, limit_bytes=1).measurements["m"]
    assert (second.values, second.steps, second.restarted) == ((7.0,), (5.0,), False)


def test_what_is_written_ahead_is_read(path: Path) -> None:
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("INSERT INTO log VALUES (1, 0.5)")
        writer.commit()
        follower = follow(SqliteReader(location=str(path), query=QUERY, metric="m"), str(path))
        assert follower.read(ended=False, limit_bytes=1).measurements["m"].values == (0.5,)
        writer.execute("INSERT INTO log VALUES (2, 0.25)")
        assert not follower.read(ended=False, limit_bytes=1).measurements
        writer.commit()
        assert follower.read(ended=False, limit_bytes=1).measurements["m"].values == (0.25,)


def test_without_steps_numbers_are_counted(path: Path) -> None:
    add(path, (1, 0.5))
    assert look(path, "SELECT loss FROM log")[0].measurements["m"].steps is None


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT loss FROM logs", "no such table: logs"),
        ("SELECT lost FROM log", "no such column: lost"),
        ("SELECT epoch AS step FROM log", "no column besides 'step'"),
        ("SELECT loss FROM log WHERE epoch > 9", "gave no number"),
        ("SELECT load_extension('x')", "not authorized"),
    ],
)
def test_why_there_is_no_number_is_told(path: Path, query: str, told: str) -> None:
    add(path, (1, 0.5))
    found, problem = look(path, query)
    assert not found.measurements
    assert told in problem


@pytest.mark.parametrize(
    "query",
    [
        "",
        5,
        "SELEC loss FROM log",
        "DELETE FROM log",
        "WITH a(x) AS (SELECT 1) UPDATE sqlite_master SET name = 'x'",
        "WITH a(x) AS (SELECT 1) DELETE FROM sqlite_master",
        "INSERT INTO log VALUES (1, 1)",
        "DROP TABLE log",
        "ATTACH 'x' AS y",
        "PRAGMA journal_mode=DELETE",
        "VACUUM INTO 'x'",
        "CREATE TABLE x (a)",
        "SELECT 1; SELECT 2",
    ],
)
def test_what_is_no_query_that_reads_is_refused(query: Any) -> None:
    with pytest.raises(SpecError, match="query"):
        make_reader("sqlite_reader", {"location": "x", "query": query})


@pytest.mark.parametrize(
    "query",
    [
        "SELECT*FROM log",
        "SELECT(loss) FROM log",
        "-- the loss\nSELECT loss FROM log",
        "/* a */ with a(x) AS (SELECT 1) SELECT x FROM a",
        "SELECT value FROM json_each('[1, 2]')",
        "SELECT json_extract(loss, '$.a') FROM log",
    ],
)
def test_every_query_that_reads_is_taken(query: str, path: Path) -> None:
    look(path, query)


def test_more_rows_than_are_read_are_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_ROWS", 2)
    add(path, (1, 0.5), (2, 0.25), (3, 0.125))
    found, problem = look(path)
    assert not found.measurements
    assert "more than 2 rows" in problem
    assert "more than 2 rows" in found.left_out


def test_what_cannot_be_read_at_the_end_is_told(path: Path) -> None:
    add(path, (1, 0.5))
    follower = follow(SqliteReader(location=str(path), query=QUERY, metric="m"), str(path))
    follower.read(ended=False, limit_bytes=1)
    path.write_bytes(path.read_bytes()[:5000])
    assert "not whole" in follower.read(ended=True, limit_bytes=1).left_out


def test_a_query_without_end_is_ended(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "LONGEST_S", 0.0)
    add(path, (1, 0.5))
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    found, problem = look(path, endless)
    assert not found.measurements
    assert "the query takes more than 0 s" in problem


def test_a_database_that_is_locked_is_read_later(path: Path) -> None:
    add(path, (1, 0.5))
    follower = follow(SqliteReader(location=str(path), query=QUERY, metric="m"), str(path))
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        assert not follower.read(ended=False, limit_bytes=1).measurements
        assert "locked" in follower.problem()
    assert follower.read(ended=False, limit_bytes=1).measurements["m"].values == (0.5,)


def test_nothing_is_written(path: Path) -> None:
    add(path, (1, 0.5))
    before = path.read_bytes()
    look(path)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]
