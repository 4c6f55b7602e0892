"""What is read of stores of MLflow, and whose runs count."""

import json
import math
import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from mlflow_stores import BEGAN_MS, add_to_database, add_to_files

from automl.errors import ReadError, SpecError, may_pass
from automl.readers.databases import opened
from automl.readers.follower import Follower, Points
from automl.readers.mlflow import files
from automl.readers.patterns.launched import ANY, Launched
from automl.readers.registry import follow, make_reader

OWN = "uid:3:2"
CURVE = [(0, 1.0), (1, 0.5)]

Add = Callable[..., None]


@pytest.fixture(params=["database", "files", "working directory", "earlier working directory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Add]:
    """Return a location, and what writes a run into the store there."""
    place, path, add = {
        "database": (tmp_path / "a b%20.db", tmp_path / "a b%20.db", add_to_database),
        "files": (tmp_path / "runs", tmp_path / "runs", add_to_files),
        "working directory": (tmp_path, tmp_path / "mlflow.db", add_to_database),
        "earlier working directory": (tmp_path, tmp_path / "mlruns", add_to_files),
    }[request.param]
    return place, lambda *given, **options: add(path, *given, **options)


@pytest.fixture
def launched(tmp_path: Path) -> Launched:
    note = tmp_path / "launch.json"
    note.write_text(json.dumps({"uid": "uid", "trial": 3, "attempt": 2}))
    os.utime(note, (BEGAN_MS / 1000, BEGAN_MS / 1000))
    return Launched(note=str(note), shared=True)


def following(path: Path, launched: Launched = ANY, **options: Any) -> Follower:
    reader = make_reader("mlflow_reader", {"location": str(path), "key": "val/loss", **options})
    return follow(reader, str(path), launched=launched)


def points(follower: Follower, *, ended: bool = True, metric: str = "val/loss") -> Points:
    return follower.read(ended=ended, limit_bytes=1).measurements.get(metric, Points())


def test_a_curve_is_read_as_it_is_logged(store: tuple[Path, Add]) -> None:
    path, add = store
    follower = following(path, metric="loss")
    assert follower.read(ended=False, limit_bytes=1).measurements == {}
    add("a", {"val/loss": CURVE, "other": [(0, 7)]})
    first = points(follower, ended=False, metric="loss")
    assert first == Points((1.0, 0.5), (0.0, 1.0))
    add("a", {"val/loss": [(2, math.nan), (3, math.inf)]})
    values = points(follower, metric="loss").values
    assert math.isnan(values[0])
    assert values[1] == math.inf
    assert "is nan" in follower.problem()


def test_numbers_that_were_logged_without_steps_are_counted(store: tuple[Path, Add]) -> None:
    path, add = store
    add("a", {"val/loss": [(0, 3.0), (0, 2.0)]})
    assert points(following(path)) == Points((3.0, 2.0), None)


def test_only_the_runs_of_the_launch_count(store: tuple[Path, Add], launched: Launched) -> None:
    path, add = store
    add("earlier", {"val/loss": [(0, 1.0)]}, began_ms=BEGAN_MS - 1)
    add("other trial", {"val/loss": [(0, 2.0)]}, label="uid:4:1")
    add("other attempt", {"val/loss": [(0, 3.0)]}, label="uid:3:1")
    add("other study", {"val/loss": [(0, 4.0)]}, label="diu:3:2")
    follower = following(path, launched)
    assert not points(follower, ended=False).values
    assert follower.problem() == f"this trial began no run of MLflow in {path}"
    add("own", {"val/loss": [(0, 5.0)]}, label=OWN)
    add("by hand later", {"val/loss": [(0, 6.0)]})
    assert points(follower).values == (5.0,)


def test_what_does_not_tell_whose_it_is_counts_in_a_store_of_the_trials_own(
    store: tuple[Path, Add], launched: Launched
) -> None:
    path, add = store
    add("earlier", {"val/loss": [(0, 1.0)]}, began_ms=BEGAN_MS - 1)
    add("since", {"val/loss": [(0, 2.0)]})
    follower = following(path, launched)
    assert not points(follower).values
    assert "1 run of MLflow began" in follower.problem()
    assert "sqlite:///{{ trial.dir }}/mlflow.db" in follower.problem()
    alone = Launched(note=launched.note)
    assert points(following(path, alone)).values == (2.0,)


def test_runs_begun_after_the_end_do_not_count(store: tuple[Path, Add], launched: Launched) -> None:
    path, add = store
    add("own", {"val/loss": [(0, 1.0)]}, label=OWN)
    add("script by hand", {"val/loss": [(0, 2.0)]}, label=OWN, began_ms=BEGAN_MS + 5000)
    until = Launched(note=launched.note, until_ns=(BEGAN_MS + 4000) * 1_000_000)
    assert points(following(path, until)).values == (1.0,)


def test_an_earlier_launch_is_told_by_its_label(
    store: tuple[Path, Add], launched: Launched
) -> None:
    path, add = store
    add("first", {"val/loss": [(0, 1.0)]}, label="uid:3:1", began_ms=BEGAN_MS - 100)
    add("second", {"val/loss": [(0, 2.0)]}, label=OWN)
    add("unknown", {"val/loss": [(0, 3.0)]})
    earlier = Launched(note=launched.note, mark="uid:3", attempt=1)
    assert points(following(path, earlier)).values == (1.0,)


def test_without_its_note_nothing_is_a_launchs_own(store: tuple[Path, Add]) -> None:
    path, add = store
    add("a", {"val/loss": CURVE}, label=OWN)
    assert not points(following(path, Launched(note="/nowhere/launch.json"))).values


@pytest.mark.parametrize(
    ("options", "values"),
    [
        ({}, (2.0,)),
        ({"which": "all"}, (1.0, 2.0, 3.0)),
        ({"run": "fold-*"}, (3.0,)),
        ({"run": "fold-1", "which": "all"}, (1.0,)),
    ],
)
def test_of_several_runs(
    store: tuple[Path, Add], options: dict[str, str], values: tuple[float, ...]
) -> None:
    path, add = store
    add("fold-1", {"val/loss": [(0, 1.0)]}, nested=True, began_ms=BEGAN_MS + 1)
    add("whole", {"val/loss": [(0, 2.0)]}, began_ms=BEGAN_MS + 2)
    add("fold-2", {"val/loss": [(0, 3.0)]}, nested=True, began_ms=BEGAN_MS + 3)
    add("last", {"test/loss": [(0, 4.0)]}, began_ms=BEGAN_MS + 4)
    add("deleted", {"val/loss": [(0, 5.0)]}, began_ms=BEGAN_MS + 5, deleted=True)
    assert points(following(path, **options)).values == values


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"key": "val_loss"}, "this trial logged 'val/loss', 'acc'"),
        ({"run": "fold-1"}, "no run 'fold-1' in .*; this trial began 'a'"),
        ({"key": "lr", "run": "empty"}, "no run 'empty'"),
    ],
)
def test_what_there_is_instead_is_told(
    store: tuple[Path, Add], options: dict[str, str], told: str
) -> None:
    path, add = store
    add("a", {"val/loss": CURVE, "acc": CURVE})
    follower = following(path, **options)
    assert not points(follower, metric=options.get("key", "val/loss")).values
    assert re.search(told, follower.problem())


def test_a_run_without_any_metric_is_told(store: tuple[Path, Add]) -> None:
    path, add = store
    add("a", {})
    follower = following(path)
    points(follower)
    assert follower.problem() == f"no metric at all in the 1 run of this trial in {path}"


def test_no_store_is_told(tmp_path: Path) -> None:
    follower = following(tmp_path / "none.db")
    points(follower)
    assert "no file" in follower.problem()


def test_a_line_that_is_not_whole_does_not_count(tmp_path: Path) -> None:
    add_to_files(tmp_path, "a", {"val/loss": CURVE})
    log = tmp_path / "0/a/metrics/val/loss"
    log.write_text("1 0.5 3\n2 0.25 4 data 8f\nnonsense\n3 1_0 5\n4 0.125 6 7\n5 0.0625")
    assert points(following(tmp_path)) == Points((0.5, 0.25), (3.0, 4.0))


def test_hostile_files_hold_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_to_files(tmp_path, "a", {"val/loss": CURVE})
    add_to_files(tmp_path, "b", {"val/loss": [(0, 9.0)]})
    for name in ("meta.yaml", "tags/automl.trial"):
        (tmp_path / "0/b" / name).unlink(missing_ok=True)
        os.mkfifo(tmp_path / "0/b" / name)
    (tmp_path / "1").symlink_to("1")
    (tmp_path / "0/c").mkdir()
    (tmp_path / "0/meta.yaml").write_bytes(b"\xff\0" * 100)
    follower = following(tmp_path)
    assert points(follower, ended=False).values == (1.0, 0.5)
    monkeypatch.setattr(files, "_MOST_BYTES", 10)
    add_to_files(tmp_path, "a", {"val/loss": [(2, 0.25)]})
    found = follower.read(ended=True, limit_bytes=1)
    assert "has more than" in found.left_out


def test_a_database_that_stays_locked_is_read_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "LONGEST_S", 0.05)
    path = tmp_path / "mlflow.db"
    add_to_database(path, "a", {"val/loss": CURVE})
    follower = following(path)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ReadError, match="locked") as error:
            follower.read(ended=True, limit_bytes=1)
        assert may_pass(error.value.errno)
    assert points(follower).values == (1.0, 0.5)


def test_what_is_written_ahead_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    add_to_database(path, "a", {"val/loss": CURVE})
    follower = following(path)
    points(follower, ended=False)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("INSERT INTO metrics VALUES ('val/loss', 0.25, 2000000, 'a', 2, 0)")
        writer.commit()
        assert points(follower, ended=False).values == (0.25,)


def test_a_database_of_something_else_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE log (epoch INTEGER)")
        database.commit()
    follower = following(path)
    assert "no such table: runs" in follower.read(ended=True, limit_bytes=1).left_out
    assert "no such table: runs" in follower.problem()


@pytest.mark.parametrize(
    ("location", "env", "path"),
    [
        ("sqlite:///mlflow.db", {}, "mlflow.db"),
        ("sqlite:////data/m.db?timeout=30", {}, "/data/m.db"),
        ("sqlite+pysqlite:///m.db", {}, "m.db"),
        ("file:///data/my%20runs", {}, "/data/my runs"),
        ("file:runs", {}, "runs"),
        ("sqlite:///{{ trial.dir }}/m.db", {}, "{{ trial.dir }}/m.db"),
        ("C/runs", {}, "C/runs"),
        (None, {}, "."),
        (None, {"MLFLOW_TRACKING_URI": None}, "."),
        (None, {"MLFLOW_TRACKING_URI": "sqlite:///{{ trial.dir }}/m.db"}, "{{ trial.dir }}/m.db"),
        ("here.db", {"MLFLOW_TRACKING_URI": "http://x"}, "here.db"),
    ],
)
def test_a_tracking_uri_is_a_location(
    location: str | None, env: dict[str, str | None], path: str
) -> None:
    options = {"location": location} if location else {}
    reader: Any = make_reader("mlflow_reader", {"key": "loss", **options})
    assert reader.located(env) == path


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("http://localhost:5000", "http"),
        ("https://me:secret@x", "https"),
        ("databricks", "databricks"),
        ("databricks://profile", "databricks"),
        ("postgresql://me:secret@db/mlflow", "postgresql"),
        ("s3://bucket/runs", "s3"),
        ("sqlite://", "sqlite"),
        ("file://host/runs", "file"),
    ],
)
def test_a_store_elsewhere_is_refused(uri: str, kind: str) -> None:
    with pytest.raises(SpecError, match=rf"one elsewhere \({kind}:...\)") as error:
        make_reader("mlflow_reader", {"key": "loss", "location": uri})
    assert "secret" not in str(error.value)
    reader: Any = make_reader("mlflow_reader", {"key": "loss"})
    with pytest.raises(SpecError, match="it is MLFLOW_TRACKING_URI that names it"):
        reader.located({"MLFLOW_TRACKING_URI": uri})


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"key": ""},
        {"key": 5},
        {"key": "../../etc/passwd"},
        {"key": "/etc/passwd"},
        {"key": "a//b"},
        {"key": "a", "run": 5},
        {"key": "a", "metric": 5},
        {"key": "a", "which": "some"},
        {"key": "a", "location": ""},
        {"key": "a", "location": "runs/*/mlflow.db"},
    ],
)
def test_what_is_no_such_reader_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(SpecError):
        make_reader("mlflow_reader", options)


def test_a_database_that_just_gets_longer_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mlflow.db"
    add_to_database(path, "a", {"val/loss": CURVE})
    whole = path.read_bytes()
    path.write_bytes(whole[:-512])
    monkeypatch.setattr(opened.time, "sleep", lambda _: path.write_bytes(whole))
    assert points(following(path)).values == (1.0, 0.5)
