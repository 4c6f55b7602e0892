"""A study to be checked, and a place for its temporary folder that is looked at afterwards."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from automl.studies.checking.running import trial_run
from automl.studies.checking.running.temporary import PREFIX
from automl.studies.prepared import Prepared, prepare

BY_NAME = {"type": "stdout_reader", "metric": "acc"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current directory; whatever is checked in it, its temporary folder is gone at the end."""
    temporary, here = tmp_path / "tmp", tmp_path / "here"
    temporary.mkdir()
    here.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.chdir(here)
    monkeypatch.setattr(trial_run, "GRACE_S", 0.2)
    yield here
    assert list(temporary.glob(f"{PREFIX}*")) == []
    assert not (here / "automl_studies").exists()


@pytest.fixture
def study(place: Path) -> Callable[..., Prepared]:
    """Return a study of one command."""

    def made(cmd: Any, reader: Any = BY_NAME, **keywords: Any) -> Prepared:
        readers = reader if isinstance(reader, list) else [reader]
        names = [one["metric"] for one in readers if one.get("metric", "metric") != "metric"]
        return prepare(
            {
                "hyperparams": [{"type": "Constant", "name": "x", "value": 0.5}],
                "task_list": [{"type": "BashTask", "cmd": cmd, "metric_reader": reader}],
                "max_parallel": 2,
                "max_trial_num": 1,
                "objectives": [{"metric": one} for one in names] or None,
                **keywords,
            },
            str(place),
        )

    return made
