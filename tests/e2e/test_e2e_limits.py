"""How many trials there are, how many run at once, and what ends a study."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.hpo import AutoTuner, earlystop, hyperparam, reader, task
from automl.study.trial import TrialState

Tune = Callable[..., AutoTuner]

MEET = Path(__file__).parents[1] / "programs" / "meet.py"


def most_at_once(spans: list[tuple[int, int]]) -> int:
    """Return how many of the closed spans have a moment in common, at the most."""
    return max(sum(begin <= moment <= end for begin, end in spans) for moment, _ in spans)


@pytest.mark.slow
@pytest.mark.parametrize("algorithm", ["tpe", "random"])
def test_twenty_trials_are_ids_0_to_19_all_different_four_at_a_time(
    algorithm: str, place: Path
) -> None:
    (place / "spans").mkdir()
    names = {"a": 5, "b": 4, "c": 3}
    metric = reader.create(
        type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern=r"(\d+)"
    )
    meet = [sys.executable, "-S", "-E", str(MEET), "spans", "{{ trial.id }}", 4]
    tuner = AutoTuner(
        hyperparams=[
            hyperparam.create(type="Categorical", name=name, candidates=list(range(count)))
            for name, count in names.items()
        ],
        task_list=[task.create(type="BashTask", cmd=meet, metric_reader=metric)],
        max_parallel=4,
        max_trial_num=20,
        algorithm=algorithm,
        name="study",
    )
    table = tuner.fit()
    assert [trial.id for trial in tuner.trials] == list(range(20))
    assert {trial.state for trial in tuner.trials} == {TrialState.COMPLETED}
    assert len({tuple(trial.params.values()) for trial in tuner.trials}) == 20
    assert sorted(table["metadata", "id"]) == list(range(20))
    files = sorted(int(path.name) for path in (place / "spans").iterdir())
    assert files == list(range(20))
    spans = [
        (int(begin), int(end))
        for begin, end in (path.read_text().split() for path in (place / "spans").iterdir())
    ]
    assert most_at_once(spans) == 4


@pytest.mark.parametrize("algorithm", ["grid", "random", "tpe"])
def test_a_space_that_is_used_up_ends_the_study_and_says_so(
    algorithm: str, tune: Tune, capsys: pytest.CaptureFixture[str]
) -> None:
    tuner = tune("echo {{ trial.param.x }}", [5, 6, 7], max_trial_num=10, algorithm=algorithm)
    tuner.fit()
    assert sorted(trial.params["x"] for trial in tuner.trials) == [5, 6, 7]
    assert "all 3 combinations of the search space have been tried" in capsys.readouterr().out


def test_a_value_that_is_good_enough_ends_the_study(
    tune: Tune, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = earlystop.create(type="large_is_better", threshold=3)
    tuner = tune("echo {{ trial.param.x }}", earlystop=stop)
    table = tuner.fit()
    assert table["results", "metric"].tolist() == [3, 2, 1, 0]
    assert "trial 3 reached 3 (threshold 3)" in capsys.readouterr().out


def test_a_low_value_that_is_good_enough_ends_the_study(tune: Tune) -> None:
    stop = earlystop.create(type="small_is_better", threshold=7)
    tuner = tune("echo {{ trial.param.x }}", [9, 8, 7, 6], earlystop=stop, direction="minimize")
    tuner.fit()
    assert tuner.best_value == 7
    assert len(tuner.trials) == 3


def test_trials_that_run_when_the_study_ends_are_stopped(
    tune: Tune, survivors: Callable[[], list[str]]
) -> None:
    stop = earlystop.create(type="large_is_better", threshold=1)
    # Trial 1 is good enough once trial 0 runs; trial 0 would run for a minute.
    cmd = (
        "touch ran.{{ trial.id }}; [ {{ trial.id }} = 0 ] && exec sleep 60; "
        "until [ -e ran.0 ]; do sleep 0.01; done; echo 1"
    )
    tuner = tune(cmd, earlystop=stop, max_parallel=2)
    table = tuner.fit()
    assert [trial.state for trial in tuner.trials] == [TrialState.STOPPED, TrialState.COMPLETED]
    assert table["metadata", "id"].tolist() == [1, 0]
    assert "reached 1" in table["metadata", "reason"].tolist()[1]
    assert survivors() == []


@pytest.mark.slow
def test_time_that_is_up_ends_the_study(
    tune: Tune, survivors: Callable[[], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    stop = earlystop.create(type="large_is_better", max_runtime="200ms")
    tuner = tune("exec sleep 60 # {{ trial.id }}", earlystop=stop, max_parallel=2)
    tuner.fit()
    assert [trial.state for trial in tuner.trials] == [TrialState.STOPPED] * 2
    assert re.search(r"time of 0\.2 s .*is up", capsys.readouterr().out)
    assert survivors() == []


def test_first_trials_that_fail_alike_pause_the_study(
    tune: Tune, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong: Any = "echo no module named tensorflow >&2; exit 1 # {{ trial.id }}"
    tuner = tune(wrong)
    tuner.fit()
    assert [trial.state for trial in tuner.trials] == [TrialState.FAILED] * 5
    out = capsys.readouterr().out
    assert "the first 5 trials all failed alike" in out.splitlines()[-1]
    assert "exit code 1: no module named tensorflow" in out.splitlines()[-1]
    assert "the same command goes on" in out
    again = tune(wrong, fail_fast=None)
    again.fit()
    assert [trial.state for trial in again.trials] == [TrialState.FAILED] * 10


def test_a_first_value_is_enough_not_to_pause(tune: Tune) -> None:
    tuner = tune("[ {{ trial.id }} = 0 ] && echo 1", fail_fast=2)
    tuner.fit()
    assert [trial.state for trial in tuner.trials].count(TrialState.FAILED) == 9


def test_a_trial_that_began_is_counted_once_whatever_it_does(tune: Tune, place: Path) -> None:
    tuner = tune("echo $$ >> ran; [ {{ trial.id }} -ne 1 ] && echo 1", range(50), max_trial_num=3)
    tuner.fit()
    assert [trial.attempts for trial in tuner.trials] == [1, 1, 1]
    assert len((place / "ran").read_text().split()) == 3
