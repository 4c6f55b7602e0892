"""Fixtures: pieces of a study that are right, so that a test can make one of them wrong."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from automl.hpo import AutoTuner, hyperparam, reader, task


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def right() -> Callable[..., dict[str, Any]]:
    """Keywords of `AutoTuner` that work, with some of them replaced."""

    def keywords(**changes: Any) -> dict[str, Any]:
        metric = reader.create(
            type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern=r"(\S+)"
        )
        return {
            "hyperparams": [hyperparam.create(type="Categorical", name="x", candidates=[1, 2])],
            "task_list": [
                task.create(type="BashTask", cmd="echo {{ trial.param.x }}", metric_reader=metric)
            ],
            "max_parallel": 2,
            "max_trial_num": 2,
            "name": "study",
            **changes,
        }

    return keywords


@pytest.fixture
def nothing_starts(folder: Path) -> Iterator[Path]:
    """Check that the test leaves no study folder, nor anything else, behind."""
    yield folder
    left = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
    assert left == []


@pytest.fixture
def tuner(folder: Path, right: Callable[..., dict[str, Any]]) -> AutoTuner:
    """A study that was described but not run."""
    del folder
    return AutoTuner(**right())
