"""Stands in for `mlflow` in programs: logs into `mlflow.db` of the working directory, as that does.

It is copied beside a program under that name, with `mlflow_stores.py`.
"""

import contextlib
import json
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from mlflow_stores import TAG, add_to_database

_runs: list[str] = []


@contextlib.contextmanager
def start_run() -> Iterator[None]:
    """Begin a run, which has the tags of the environment."""
    _runs.append(uuid.uuid4().hex)
    tags = json.loads(os.environ.get("MLFLOW_RUN_CONTEXT", "{}"))
    now_ms = time.time_ns() // 1_000_000
    _add({}, label=tags.get(TAG, ""), began_ms=now_ms)
    yield
    _runs.pop()


def log_metric(key: str, value: float, step: int = 0) -> None:
    """Log a number in the run that began last."""
    _add({key: [(step, value)]})


def _add(metrics: dict[str, list[tuple[float, float]]], **options: object) -> None:
    add_to_database(Path("mlflow.db"), _runs[-1], metrics, **options)
