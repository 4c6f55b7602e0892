"""Trials that are ranked by a weighted sum: what is missing, and other weights later."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from loop_bench import Bench

from automl.hpo import reader
from automl.journal.events import TrialStarted
from automl.study.failure import FailureClass
from automl.study.launch import Launch
from automl.study.objective import Direction, Final, Objectives
from automl.study.tasks.task import BashTask
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]


def described(weights: dict[str, float]) -> dict[str, object]:
    read = reader.create(
        type="json_reader",
        location="{{ trial.dir }}/m.jsonl",
        metric_dict=weights,
        final={"auc": "best"},
    )
    items = read.objectives(Direction.MAXIMIZE, Final.LAST)
    return {
        "tasks": (BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=read),),
        "objectives": Objectives(tuple(items)),
    }


def writes(*rows: dict[str, float]) -> Callable[[Launch], FakeRun]:
    text = "".join(json.dumps(row) + "\n" for row in rows)

    def program(launch: Launch) -> FakeRun:
        return FakeRun(after_s=1.0, files={f"{Path(launch.stdout).parent}/m.jsonl": text})

    return program


CURVE = ({"auc": 0.5, "loss": 4.0}, {"auc": 0.75, "loss": 3.0}, {"auc": 0.25, "loss": 2.0})


def test_the_sum_is_of_the_number_that_counts_of_each(bench: MakeBench) -> None:
    one = bench(**described({"auc": 2, "loss": -0.5}), max_trials=1)
    one.program = writes(*CURVE)
    one.run()
    trial = one.state().trials[0]
    assert trial.metrics == {"auc": 0.75, "loss": 2.0}
    assert trial.value == 2 * 0.75 - 0.5 * 2.0


def test_without_one_of_them_there_is_no_value_and_the_reason_names_it(bench: MakeBench) -> None:
    one = bench(**described({"auc": 2, "loss": -0.5}), max_trials=1)
    one.program = writes({"auc": 0.5})
    one.run()
    trial = one.state().trials[0]
    assert (trial.value, trial.failure) == (None, FailureClass.NO_METRIC)
    assert trial.reason.startswith("metric 'loss': ")
    assert "'auc'" in trial.reason


@pytest.mark.parametrize("kept", [True, False])
def test_other_weights_make_other_values_of_what_is_known(bench: MakeBench, *, kept: bool) -> None:
    one = bench(**described({"auc": 2, "loss": -0.5}), max_trials=2)
    one.program = writes(*CURVE)
    one.run()
    if not kept:
        # The journal tells what counts, so no file is needed.
        for number in range(2):
            Path(one.folder.trial(number).path, "m.jsonl").unlink()
    one.spec = replace(one.spec, **described({"auc": 1, "loss": -1}))
    one.run()
    assert [trial.value for trial in one.state().trials.values()] == [0.75 - 2.0] * 2
    assert sum(isinstance(event, TrialStarted) for event in one.events()) == 2


def test_a_metric_that_joins_the_sum_is_read_from_kept_output(bench: MakeBench) -> None:
    one = bench(**described({"auc": 2, "loss": -0.5}), max_trials=2)
    one.program = writes(*({**row, "f1": 8.0} for row in CURVE))
    one.run()
    one.spec = replace(one.spec, **described({"auc": 2, "f1": 1}))
    one.run()
    assert [trial.value for trial in one.state().trials.values()] == [2 * 0.75 + 8.0] * 2
    assert sum(isinstance(event, TrialStarted) for event in one.events()) == 2
