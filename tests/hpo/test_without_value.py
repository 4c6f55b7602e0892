"""A study of which no trial has a value says so, and shows why once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.hpo import AutoTuner, open_study, reader, task

Right = Callable[..., dict[str, Any]]


def running(cmd: str) -> list[Any]:
    metric = reader.create(
        type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern=r"m=(\S+)"
    )
    return [task.create(type="BashTask", cmd=cmd, metric_reader=metric)]


@pytest.mark.parametrize(("stream", "log"), [(2, "stderr.log"), (1, "stdout.log")])
def test_the_log_is_named_and_its_end_shown_once(
    right: Right, folder: Path, stream: int, log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    del folder
    cmd = f"echo first {{{{ trial.param.x }}}} >&{stream}; echo boom >&{stream}; exit 3"
    tuner = AutoTuner(**right(task_list=running(cmd)))
    tuner.fit()
    out = capsys.readouterr().out
    assert f"no trial has a value. Read automl_studies/study/trials/0/{log}, which ends" in out
    assert out.count("\n  boom\n") == 1
    assert (tuner.ok, open_study("study").ok) == (False, False)


def test_one_value_is_enough(
    right: Right, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del folder
    tuner = AutoTuner(**right(task_list=running("[ {{ trial.param.x }} = 1 ] && echo m=1")))
    tuner.fit()
    assert "no trial has a value" not in capsys.readouterr().out
    assert (tuner.ok, open_study("study").ok) == (True, True)
