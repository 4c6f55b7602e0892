"""Trials that log to one store of MLflow: each gets its own numbers, also if read anew."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from loop_bench import Bench
from mlflow_stores import add_to_database

from automl.errors import RenderError
from automl.readers.mlflow.reader import MlflowReader
from automl.study.launch import Exit, Launch
from automl.study.tasks.task import BashTask
from automl.study.trial import TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]


def task(key: str) -> BashTask:
    reader = MlflowReader(key=key, location="mlflow.db", metric="metric")
    return BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=reader)


@pytest.fixture
def study(bench: MakeBench, tmp_path: Path) -> MakeBench:
    """A study whose trials log `loss` and `acc`; the first attempt at each fails if told so."""

    def make(key: str, *, fails: bool = False, **changes: object) -> Bench:
        one = bench(tasks=(task(key),), **changes)

        def program(launch: Launch) -> FakeRun:
            found = re.search(r"MLFLOW_RUN_CONTEXT='(.*)'", Path(launch.script).read_text())
            if not found:
                raise RenderError("no tags")
            label = json.loads(found[1])["automl.trial"]
            numbers = {"loss": [(0, launch.trial_id + launch.attempt / 10)], "acc": [(0, 5.0)]}
            add_to_database(tmp_path / "mlflow.db", label, numbers, label=label)
            return FakeRun(after_s=1.0, exit=Exit(code=int(fails and launch.attempt == 1)))

        one.program = program
        return one

    return make


def values(bench: Bench) -> list[float | None]:
    return [trial.value for trial in bench.state().trials.values()]


def test_each_trial_gets_its_own_numbers(study: MakeBench) -> None:
    one = study("loss", max_trials=3, max_parallel=3)
    one.run()
    assert values(one) == [0.1, 1.1, 2.1]


def test_each_attempt_gets_its_own_numbers(study: MakeBench) -> None:
    one = study("loss", fails=True, max_trials=2, max_retries=1)
    one.run()
    assert values(one) == [0.2, 1.2]


def test_a_corrected_key_is_read_anew(study: MakeBench) -> None:
    one = study("lost", max_trials=2)
    one.run()
    assert {trial.state for trial in one.state().trials.values()} == {TrialState.FAILED}
    one.spec = replace(one.spec, tasks=(task("loss"),))
    one.run()
    assert values(one) == [0.1, 1.1]
    assert [trial.attempts for trial in one.state().trials.values()] == [1, 1]
