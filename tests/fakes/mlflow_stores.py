"""Stores of MLflow, as MLflow 3 leaves them, without MLflow."""

import math
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

Numbers: TypeAlias = Sequence[tuple[float, float]]
"""Steps and numbers."""

TAG = "automl.trial"
BEGAN_MS = 1_000_000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (run_uuid VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(250),
  status VARCHAR(9), start_time BIGINT, lifecycle_stage VARCHAR(20), experiment_id INTEGER);
CREATE TABLE IF NOT EXISTS metrics (key VARCHAR(250) NOT NULL, value FLOAT NOT NULL,
  timestamp BIGINT NOT NULL, run_uuid VARCHAR(32) NOT NULL, step BIGINT DEFAULT '0' NOT NULL,
  is_nan BOOLEAN DEFAULT '0' NOT NULL,
  CONSTRAINT metric_pk PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan));
CREATE TABLE IF NOT EXISTS tags (key VARCHAR(250) NOT NULL, value VARCHAR(8000),
  run_uuid VARCHAR(32) NOT NULL, CONSTRAINT tag_pk PRIMARY KEY (key, run_uuid));
"""


def _tags(label: str, name: str, *, nested: bool) -> dict[str, str]:
    own = {TAG: label} if label else {}
    parent = {"mlflow.parentRunId": "p" * 32} if nested else {}
    return {"mlflow.runName": name, **own, **parent}


def in_database(  # noqa: PLR0913 - what a run has
    database: sqlite3.Connection,
    run: str,
    metrics: Mapping[str, Numbers],
    *,
    label: str = "",
    began_ms: int = BEGAN_MS,
    nested: bool = False,
    deleted: bool = False,
) -> None:
    """Write a run, or more of its numbers, into a database."""
    database.executescript(_SCHEMA)
    stage = "deleted" if deleted else "active"
    database.execute(
        "INSERT OR IGNORE INTO runs VALUES (?, ?, 'RUNNING', ?, ?, 0)",
        (run, run, began_ms, stage),
    )
    for key, value in _tags(label, run, nested=nested).items():
        database.execute("INSERT OR IGNORE INTO tags VALUES (?, ?, ?)", (key, value, run))
    for key, numbers in metrics.items():
        for step, value in numbers:
            count = database.execute("SELECT count(*) FROM metrics").fetchone()[0]
            odd = (
                0.0
                if math.isnan(value)
                else max(min(value, sys.float_info.max), -sys.float_info.max)
            )
            row = (key, odd, began_ms + count, run, int(step), math.isnan(value))
            database.execute("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", row)
    database.commit()


def add_to_database(
    path: Path, run: str, metrics: Mapping[str, Numbers], **options: object
) -> None:
    """Write a run, or more of its numbers, into the database at a path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database:
        in_database(database, run, metrics, **options)  # type: ignore[arg-type] # those of above


def add_to_files(  # noqa: PLR0913 - what a run has
    root: Path,
    run: str,
    metrics: Mapping[str, Numbers],
    *,
    label: str = "",
    began_ms: int = BEGAN_MS,
    nested: bool = False,
    deleted: bool = False,
) -> None:
    """Write a run, or more of its numbers, into the files below a folder."""
    folder = root / "0" / run
    (folder / "tags").mkdir(parents=True, exist_ok=True)
    (root / "0" / "meta.yaml").write_text("experiment_id: '0'\nname: Default\n")
    stage = "deleted" if deleted else "active"
    (folder / "meta.yaml").write_text(
        f"lifecycle_stage: {stage}\nrun_name: {run}\nstart_time: {began_ms}\nstatus: 1\n"
    )
    for key, value in _tags(label, run, nested=nested).items():
        (folder / "tags" / key).write_text(value)
    for key, numbers in metrics.items():
        path = folder / "metrics" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.writelines(f"{began_ms} {value} {step:.0f}\n" for step, value in numbers)
