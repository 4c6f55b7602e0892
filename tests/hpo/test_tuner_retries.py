"""A script asks for its failed trials to be run again, once its program is mended."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.hpo import AutoTuner, open_study, reader, task

Right = Callable[..., dict[str, Any]]

CMD = "echo {{ trial.id }} >> ran; [ {{ trial.id }} = 0 -o -e mended ] && echo m={{ trial.id }}"


def tuner(right: Right, cmd: str = CMD, **changes: Any) -> AutoTuner:
    metric = reader.create(
        type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern=r"m=(\S+)"
    )
    running = task.create(
        type="BashTask", cmd=f"{cmd} # {{{{ trial.param.x }}}}", metric_reader=metric
    )
    return AutoTuner(**right(task_list=[running], max_parallel=1, **changes))


def ran(folder: Path) -> list[str]:
    return (folder / "ran").read_text().split()


def test_the_line_before_fit_runs_them_again_and_counts_none_twice(
    right: Right, folder: Path
) -> None:
    first = tuner(right)
    first.fit()
    assert [trial.value for trial in first.trials] == [0.0, None]
    (folder / "mended").touch()
    second = tuner(right)
    asked = second.retry_failed()
    second.fit()
    assert str(asked.answer()) == "retry_failed: done"
    assert [trial.value for trial in second.trials] == [0.0, 1.0]
    assert ran(folder) == ["0", "1", "1"]
    assert (folder / "automl_studies/study/trials/1/attempts/1/stderr.log").exists()


def test_so_does_the_tuner_that_ran_them_and_the_study_on_disk(right: Right, folder: Path) -> None:
    one = tuner(right)
    one.fit()
    open_study("study").retry_failed()
    one.fit()
    one.retry_failed()
    (folder / "mended").touch()
    one.fit()
    assert ran(folder) == ["0", "1", "1", "1"]
    assert one.best_value == 1.0


def test_before_anything_ran_nothing_is_asked(right: Right, folder: Path) -> None:
    answer = tuner(right).retry_failed().wait()
    assert str(answer) == "retry_failed: refused: the study has not begun"
    assert list(folder.iterdir()) == []


def test_of_a_study_that_begins_anew_nothing_is_asked(right: Right, folder: Path) -> None:
    tuner(right).fit()
    answer = tuner(right, fresh=True).retry_failed().wait()
    assert str(answer) == "retry_failed: refused: beginning afresh sets its earlier trials aside"
    assert not (folder / "automl_studies/study/control.jsonl").exists()


def test_of_another_study_nothing_is_asked(right: Right, folder: Path) -> None:
    tuner(right).fit()
    with pytest.raises(SpecError, match="another study"):
        tuner(right, cmd="echo m=1").retry_failed()
    assert not (folder / "automl_studies/study/control.jsonl").exists()
