"""Trials that a script adds to a study."""

import math
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import optuna
import pytest

import automl
from automl.functions.asking.trial import AskedTrial

SCRIPT = """
import automl

def objective(trial):
    return trial.suggest_float("x", 0, 1)

study = automl.create_study(study_name="a")
ranges = {"x": automl.distributions.FloatDistribution(0, 1)}
study.add_trial(automl.create_trial(params={"x": 0.125}, distributions=ranges, value=0.125))
study.optimize(objective, n_trials=2)
print([one.params["x"] for one in study.trials].count(0.125), len(study.trials))
"""


@pytest.mark.integration
def test_a_script_that_is_run_again_adds_nothing_twice(place: Path) -> None:
    del place
    Path("tune.py").write_text(SCRIPT)
    for _ in range(2):
        told = subprocess.run(
            [sys.executable, "tune.py"], capture_output=True, text=True, check=True
        )
        assert told.stdout.splitlines()[-1] == "1 3"


def test_trials_of_optuna_are_added_as_they_are(place: Path) -> None:
    del place
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    other = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    other.optimize(
        lambda trial: trial.suggest_float("x", 0, 1) * trial.suggest_int("n", 1, 8, log=True),
        n_trials=3,
    )
    study = automl.create_study()
    study.add_trials(other.trials)
    assert [one.params for one in study.trials] == [one.params for one in other.trials]
    assert [one.values for one in study.trials] == [one.values for one in other.trials]
    assert study.best_trial.distributions["n"].log


@pytest.mark.parametrize("trial", [None, 3, {"x": 1}])
def test_what_is_no_trial_is_refused(trial: object, place: Path) -> None:
    study = automl.create_study()
    with pytest.raises(TypeError, match="create_trial"):
        study.add_trial(trial)
    assert list(place.iterdir()) == []


def test_a_trial_that_runs_is_refused(place: Path) -> None:
    del place
    running = automl.create_trial(state=automl.TrialState.RUNNING)
    with pytest.raises(ValueError, match=r"study\.ask"):
        automl.create_study().add_trial(running)


def made(**given: Any) -> Any:
    """A trial whose parts nobody has checked, as of another library."""
    trial = {
        "state": automl.TrialState.COMPLETE,
        "params": {"x": 0.5},
        "distributions": {"x": automl.distributions.FloatDistribution(0, 1)},
        "values": [1.0],
        "user_attrs": {},
        "intermediate_values": {},
    }
    return SimpleNamespace(**{**trial, **given})


@pytest.mark.parametrize(
    "given",
    [
        {"user_attrs": {"why": object()}},
        {"user_attrs": {"why": math.nan}},
        {"user_attrs": {1: "why"}},
        {"intermediate_values": {-1: 2.0}},
        {"intermediate_values": {math.nan: 2.0}},
        {"intermediate_values": {0: "low"}},
        {"intermediate_values": {"first": 2.0}},
        {"distributions": {"x": SimpleNamespace(low=5, high=1)}},
        {"params": {"x": "text"}},
        {"params": {1: 0.5}, "distributions": {1: SimpleNamespace(low=0.0, high=1.0)}},
    ],
)
def test_a_trial_that_cannot_be_kept_is_refused_before_one_is_made(
    given: dict[str, Any], place: Path
) -> None:
    with pytest.raises((TypeError, ValueError)):
        automl.create_study().add_trial(made(**given))
    assert list(place.iterdir()) == []


def test_reports_need_one_direction(place: Path) -> None:
    study = automl.create_study(directions=["minimize", "maximize"])
    with pytest.raises(NotImplementedError, match="intermediate_values"):
        study.add_trial(made(values=[1.0, 2.0], intermediate_values={0: 1.0}))
    assert list(place.iterdir()) == []


def test_a_trial_that_cannot_be_made_whole_has_failed(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del place
    study = automl.create_study()

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(AskedTrial, "report", full)
    with pytest.raises(OSError, match="full"):
        study.add_trial(made(intermediate_values={0: 1.0}))
    assert [one.state for one in study.trials] == [automl.TrialState.FAIL]


@pytest.mark.parametrize(
    "given",
    [
        {"intermediate_values": {0: float("nan"), 1: 2.0}},
        {"intermediate_values": {0: float("nan")}, "state": automl.TrialState.PRUNED},
        {"intermediate_values": {0: math.inf, 3: -math.inf}},
        {"user_attrs": {"shape": (1, 2), "names": {1: "one"}}},
        {"state": automl.TrialState.PRUNED, "values": [0.5]},
    ],
)
def test_what_is_kept_in_another_form_is_added_once(given: dict[str, Any], place: Path) -> None:
    del place
    study = automl.create_study()
    for _ in range(2):
        study.add_trial(made(**given))
    study.add_trials(study.trials)
    assert len(study.trials) == 1


def test_trials_with_other_reports_are_others(place: Path) -> None:
    del place
    study = automl.create_study()
    for reports in ({0: math.nan}, {0: 1.0}, {1: math.nan}, {0: math.nan, 1: math.nan}):
        study.add_trial(made(intermediate_values=reports))
    assert len(study.trials) == 4


def test_a_pruned_trial_keeps_its_value(place: Path) -> None:
    del place
    study = automl.create_study()
    study.add_trial(made(state=automl.TrialState.PRUNED, values=[0.5]))
    assert [one.value for one in study.trials] == [0.5]
    assert study.trials[0].intermediate_values == {0: 0.5}


def test_of_several_trials_those_that_run_are_left_out(place: Path) -> None:
    del place
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    other = optuna.create_study()
    running = other.ask()
    ranges = {"x": optuna.distributions.FloatDistribution(0, 1)}
    other.add_trial(optuna.create_trial(params={"x": 0.5}, distributions=ranges, value=1.0))
    study = automl.create_study()
    with pytest.warns(UserWarning, match=f"trial {running.number} runs"):
        study.add_trials(other.trials)
    assert [one.value for one in study.trials] == [1.0]
    study.add_trials(one for one in other.trials if one.state.is_finished())
    with pytest.raises(TypeError, match="create_trial"):
        study.add_trials([None])
