"""Studies of functions that run in processes, as a script or a notebook has them."""

import pickle
from pathlib import Path
from typing import Any

import cloudpickle
import pytest

import automl
from automl.cli import main as cli
from automl.errors import SpecError
from automl.functions import create
from automl.hpo import open_study

pytestmark = pytest.mark.slow


def test_it_finds_what_is_small(place: Path) -> None:
    del place
    study = automl.create_study()

    def objective(trial: automl.Trial) -> float:
        x = trial.suggest_float("x", -10, 10)
        trial.set_user_attr("twice", 2 * x)
        trial.report(x, step=3)
        return (x - 2) ** 2

    study.optimize(objective, n_trials=4, n_jobs=2)
    assert [trial.number for trial in study.trials] == [0, 1, 2, 3]
    assert study.best_value == min(trial.value or 0 for trial in study.trials)
    assert study.best_params == study.best_trial.params
    best = study.best_trial
    assert best.state is automl.TrialState.COMPLETE
    assert best.user_attrs == {"twice": 2 * best.params["x"]}
    assert best.intermediate_values == {3: best.params["x"]}
    assert best.duration is not None
    assert study.best_trials == [best]
    copy = open_study(study.study_name).to_optuna()
    assert copy.best_params == study.best_params
    assert copy.trials[best.number].user_attrs["twice"] == best.user_attrs["twice"]
    table = study.trials_dataframe()
    assert table["value"].min() == study.best_value
    assert {"number", "params_x", "user_attrs_twice", "state"} <= {*table.columns}


def test_several_objectives_have_several_best_trials(place: Path) -> None:
    del place
    study = automl.create_study(directions=["minimize", "maximize"])
    values = [(1, 1), (2, 2), (3, 0)]
    study.optimize(lambda trial: values[trial.number], n_trials=3)
    assert [trial.values for trial in study.best_trials] == [[1, 1], [2, 2]]
    with pytest.raises(RuntimeError, match="best_trials"):
        _ = study.best_trial
    assert {"values_0", "values_1"} <= {*study.trials_dataframe().columns}


def test_callbacks_are_called_before_the_next_trial_and_may_end_it(place: Path) -> None:
    del place
    study = automl.create_study()
    seen: list[tuple[int, int]] = []

    def callback(same: Any, trial: automl.FrozenTrial) -> None:
        assert same is study
        seen.append((trial.number, len(study.trials)))
        if trial.number == 2:
            study.stop()

    study.optimize(lambda _: 1, callbacks=[callback])
    assert seen == [(0, 1), (1, 2), (2, 3)]
    assert study.trials[-1].state is automl.TrialState.COMPLETE


def test_a_study_that_an_objective_names_is_read_in_its_process(place: Path) -> None:
    del place
    study = automl.create_study()
    study.optimize(lambda _: 1, n_trials=1)
    assert study.best_value == 1
    there = pickle.loads(cloudpickle.dumps(lambda: study.best_value))  # noqa: S301
    assert there() == 1
    with pytest.raises(RuntimeError, match=r"nothing runs here.*drain"):
        study.stop()


def test_what_a_callback_raises_ends_the_study(place: Path) -> None:
    del place
    study = automl.create_study()

    def callback(*_: object) -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        study.optimize(lambda _: 1, n_trials=5, callbacks=[callback])
    assert len(study.trials) == 1


def test_calls_count_their_own_trials(place: Path) -> None:
    del place
    study = automl.create_study()
    for _ in range(2):
        study.optimize(lambda trial: trial.number, n_trials=2)
    assert [trial.value for trial in study.trials] == [0, 1, 2, 3]


def test_trials_that_the_terminal_runs_are_of_the_last_call(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ran(count: int) -> list[int]:
        monkeypatch.setattr(create, "_CREATED", create._Created())
        study = automl.create_study(study_name="gone-on")
        study.optimize(lambda trial: trial.number, n_trials=count)
        return [trial.number for trial in study.trials]

    assert ran(2) == [0, 1]
    file = place / "automl_studies/gone-on/study.yaml"
    assert cli.main(["run", str(file), "-n", "3", "--quiet"]) == 0
    assert ran(4) == [0, 1, 2, 3]


def test_all_that_failed_leaves_no_best(place: Path) -> None:
    del place
    study = automl.create_study(fail_fast=None)

    def objective(_: automl.Trial) -> float:
        raise automl.TrialPruned if _.number else ValueError("bad")

    study.optimize(objective, n_trials=2)
    assert [trial.state.name for trial in study.trials] == ["FAIL", "PRUNED"]
    assert study.trials[0].reason.startswith("ValueError: bad (")
    with pytest.raises(ValueError, match="No trials are completed yet"):
        _ = study.best_value


def test_another_function_is_another_study(place: Path) -> None:
    del place

    def first(_: automl.Trial) -> float:
        return 1

    def second(_: automl.Trial) -> float:
        return 2

    study = automl.create_study()
    study.optimize(first, n_trials=1)
    with pytest.raises(SpecError, match="study_name="):
        study.optimize(second, n_trials=1)


def test_no_trials_is_nothing_to_do(place: Path) -> None:
    study = automl.create_study()
    study.optimize(lambda _: 1, n_trials=0)
    assert list(place.iterdir()) == []


def test_any_number_of_trials_ends_with_the_time_and_is_not_begun_again(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del place

    def objective(trial: automl.Trial) -> float:
        return trial.number

    study = automl.create_study(study_name="any")
    study.optimize(objective, timeout=2)
    count = len(study.trials)
    assert count > 0
    assert "the study is complete: the study's time of 2 s" in capsys.readouterr().out
    # As the script does once more.
    monkeypatch.setattr(create, "_CREATED", create._Created())
    again = automl.create_study(study_name="any")
    again.optimize(objective, timeout=2)
    assert len(again.trials) == count
