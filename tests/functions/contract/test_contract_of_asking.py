"""Trials that are asked for and told of: alike in Optuna and here."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import optuna
import pytest

from automl.functions.asking import asking

pytestmark = pytest.mark.xdist_group("contract")


@pytest.fixture(autouse=True)
def _let_go() -> Iterator[None]:
    """Let what was asked be held by nobody any more."""
    yield
    for one in list(asking._BY_FOLDER.values()):
        one.close()


@pytest.fixture
def study(new_study: Any) -> Any:
    return new_study()


@pytest.fixture
def states(module: Any) -> Any:
    return module.trial.TrialState


def test_trials_are_numbered_as_they_are_asked_for(study: Any) -> None:
    assert [study.ask().number for _ in range(3)] == [0, 1, 2]


def test_a_trial_runs_until_it_is_told_of(study: Any, states: Any) -> None:
    trial = study.ask()
    assert study.trials[0].state == states.RUNNING
    assert not study.trials[0].state.is_finished()
    assert study.trials[0].value is None
    assert study.trials[0].datetime_start is not None
    study.tell(trial, 1.0)
    assert study.trials[0].state == states.COMPLETE
    assert study.trials[0].datetime_complete >= study.trials[0].datetime_start


def test_tell_returns_the_trial_as_it_stands(study: Any, states: Any) -> None:
    trial = study.ask()
    x = trial.suggest_float("x", -1, 1)
    told = study.tell(trial, x**2)
    assert told == study.trials[0]
    assert (told.number, told.state, told.value) == (0, states.COMPLETE, x**2)
    assert told.values == [x**2]
    assert told.params == {"x": x}


def test_what_is_suggested_is_seen_while_it_runs(study: Any) -> None:
    trial = study.ask()
    x = trial.suggest_float("x", 1e-3, 1, log=True)
    assert 1e-3 <= x <= 1
    assert study.trials[0].params == {"x": x}
    count = trial.suggest_int("count", 0, 10, step=5)
    assert count in {0, 5, 10}
    kind = trial.suggest_categorical("kind", ["a", None, 3])
    assert kind in {"a", None, 3}
    assert trial.params == {"x": x, "count": count, "kind": kind}
    assert study.trials[0].params == trial.params


def test_a_name_has_one_value(study: Any) -> None:
    trial = study.ask()
    assert trial.suggest_float("x", 0, 1) == trial.suggest_float("x", 0, 1)


def test_two_trials_have_values_of_their_own(study: Any) -> None:
    values = {study.ask().suggest_float("x", 0, 1) for _ in range(5)}
    assert len(values) == 5


def test_ranges_that_are_given_are_suggested_at_once(study: Any) -> None:
    ranges = {
        "kind": optuna.distributions.CategoricalDistribution(["a", "b"]),
        "rate": optuna.distributions.FloatDistribution(1e-4, 1e-1, log=True),
        "part": optuna.distributions.FloatDistribution(0, 1, step=0.25),
        "count": optuna.distributions.IntDistribution(1, 9, step=2),
    }
    trial = study.ask(fixed_distributions=ranges)
    assert list(trial.params) == ["kind", "rate", "part", "count"]
    assert trial.params["kind"] in {"a", "b"}
    assert 1e-4 <= trial.params["rate"] <= 1e-1
    assert trial.params["part"] * 4 == int(trial.params["part"] * 4)
    assert trial.params["count"] in {1, 3, 5, 7, 9}
    assert isinstance(trial.params["count"], int)
    assert study.trials[0].params == trial.params
    assert trial.suggest_categorical("kind", ["a", "b"]) == trial.params["kind"]


@pytest.mark.parametrize("given", [{}, None])
def test_no_ranges_suggest_nothing(study: Any, given: Any) -> None:
    assert study.ask(fixed_distributions=given).params == {}


def test_trials_are_told_of_in_any_order(study: Any) -> None:
    trials = [study.ask() for _ in range(4)]
    for trial in (trials[2], trials[0], trials[3], trials[1]):
        study.tell(trial, float(trial.number))
    assert [one.value for one in study.trials] == [0, 1, 2, 3]
    assert study.best_trial.number == 0


def test_a_trial_is_told_of_by_its_number(study: Any) -> None:
    for _ in range(2):
        study.ask().suggest_int("n", 1, 1000)
    assert study.tell(1, 0.5).number == 1
    assert study.best_value == 0.5
    assert [one.value for one in study.trials] == [None, 0.5]


def test_a_value_may_be_a_list_of_one(study: Any) -> None:
    assert study.tell(study.ask(), [2]).value == 2.0
    assert isinstance(study.trials[0].value, float)


def test_a_pruned_trial_has_its_last_report(study: Any, states: Any) -> None:
    trial = study.ask()
    for step in range(3):
        trial.report(10.0 + step, step)
    told = study.tell(trial, state=states.PRUNED)
    assert (told.state, told.value, told.last_step) == (states.PRUNED, 12.0, 2)
    assert told.intermediate_values == {0: 10.0, 1: 11.0, 2: 12.0}


def test_a_pruned_trial_without_a_report_has_no_value(study: Any, states: Any) -> None:
    told = study.tell(study.ask(), state=states.PRUNED)
    assert (told.state, told.value) == (states.PRUNED, None)


def test_a_pruned_trial_whose_last_report_is_no_number_has_no_value(
    study: Any, states: Any
) -> None:
    trial = study.ask()
    trial.report(1.0, 0)
    trial.report(math.nan, 1)
    told = study.tell(trial, state=states.PRUNED)
    assert (told.state, told.value) == (states.PRUNED, None)


def test_a_failed_trial_has_no_value(study: Any, states: Any) -> None:
    trial = study.ask()
    trial.report(1.0, 0)
    told = study.tell(trial, state=states.FAIL)
    assert (told.state, told.value) == (states.FAIL, None)
    with pytest.raises(ValueError, match="No trials are completed yet"):
        _ = study.best_trial


def test_reports_are_kept_of_a_complete_trial(study: Any) -> None:
    trial = study.ask()
    trial.report(3.0, 1)
    trial.report(2.0, 5)
    assert study.trials[0].intermediate_values == {1: 3.0, 5: 2.0}
    told = study.tell(trial, 7.0)
    assert told.value == 7.0
    assert told.intermediate_values == {1: 3.0, 5: 2.0}


def test_the_pruner_answers_at_once(module: Any, new_study: Any) -> None:
    study = new_study(pruner=module.pruners.ThresholdPruner(upper=1.0))
    study.tell(study.ask(), 0.5)
    trial = study.ask()
    trial.report(0.4, 0)
    assert not trial.should_prune()
    trial.report(5.0, 1)
    assert trial.should_prune()


def test_without_a_pruner_nothing_is_pruned(module: Any, new_study: Any) -> None:
    study = new_study(pruner=module.pruners.NopPruner())
    study.tell(study.ask(), 0.5)
    trial = study.ask()
    trial.report(5.0, 1)
    assert not trial.should_prune()
    assert study.tell(trial, 1.0).state.name == "COMPLETE"


def test_notes_are_seen_while_it_runs_and_later(study: Any) -> None:
    trial = study.ask()
    trial.set_user_attr("who", "me")
    assert trial.user_attrs == {"who": "me"}
    assert study.trials[0].user_attrs == {"who": "me"}
    assert study.tell(trial, 1.0).user_attrs == {"who": "me"}


def test_the_end_is_told_once(study: Any) -> None:
    trial = study.ask()
    study.tell(trial, 1.0)
    for given in ({"values": 2.0}, {"state": optuna.trial.TrialState.FAIL}):
        with pytest.raises(ValueError, match="Cannot tell"):
            study.tell(trial, **given)
        with pytest.raises(ValueError, match="Cannot tell"):
            study.tell(0, **given)
    assert study.trials[0].value == 1.0


def test_one_that_has_ended_may_be_skipped(study: Any) -> None:
    trial = study.ask()
    study.tell(trial, 1.0, skip_if_finished=True)
    assert study.tell(trial, 2.0, skip_if_finished=True).value == 1.0
    assert study.tell(0, 3.0, skip_if_finished=True) == study.trials[0]


@pytest.mark.parametrize("number", [0, 7])
def test_a_number_that_no_trial_has_is_refused(study: Any, number: int) -> None:
    with pytest.raises(ValueError, match="has not been created"):
        study.tell(number, 1.0)


def test_another_number_than_those_there_are_is_refused(study: Any) -> None:
    study.ask()
    with pytest.raises(ValueError, match="has not been created"):
        study.tell(1, 1.0)


@pytest.mark.parametrize("trial", ["0", None, 0.5, [0]])
def test_what_is_no_trial_is_refused(study: Any, trial: Any) -> None:
    study.ask()
    with pytest.raises(TypeError, match="Trial must be a trial object or trial number"):
        study.tell(trial, 1.0)


@pytest.mark.parametrize(
    "values", [math.nan, "text", None, [1.0, 2.0], [], [math.nan], ["text"], object(), {}]
)
@pytest.mark.filterwarnings("ignore:The ")
def test_a_value_that_makes_no_sense_fails_the_trial(study: Any, states: Any, values: Any) -> None:
    with pytest.warns(UserWarning, match="The "):
        told = study.tell(study.ask(), values)
    assert (told.state, told.value) == (states.FAIL, None)


@pytest.mark.parametrize("values", [math.nan, "text", None, [1.0, 2.0], [], object()])
def test_such_a_value_of_a_complete_trial_is_refused(study: Any, states: Any, values: Any) -> None:
    trial = study.ask()
    with pytest.raises(ValueError, match="value"):
        study.tell(trial, values, state=states.COMPLETE)
    assert study.trials[0].state == states.RUNNING
    assert study.tell(trial, 1.0, state=states.COMPLETE).value == 1.0


@pytest.mark.parametrize("state", ["PRUNED", "FAIL"])
def test_values_and_states_may_not_contradict_each_other(
    study: Any, states: Any, state: str
) -> None:
    trial = study.ask()
    with pytest.raises(ValueError, match="Values cannot be specified"):
        study.tell(trial, 1.0, state=states[state])
    assert study.trials[0].state == states.RUNNING


@pytest.mark.parametrize("state", ["RUNNING", "WAITING"])
def test_a_state_that_is_no_end_is_refused(study: Any, states: Any, state: str) -> None:
    with pytest.raises(ValueError, match="Cannot tell with state"):
        study.tell(study.ask(), state=states[state])


@pytest.mark.parametrize("state", ["FAIL", 7, [], 0.5])
def test_a_state_that_is_none_is_refused(study: Any, state: Any) -> None:
    with pytest.raises(ValueError, match="Cannot tell with state"):
        study.tell(study.ask(), state=state)


@pytest.mark.parametrize("change", ["report", "suggest_float", "set_user_attr"])
def test_a_trial_that_has_ended_does_not_change(study: Any, change: str) -> None:
    trial = study.ask()
    x = trial.suggest_float("x", 0, 1)
    study.tell(trial, 1.0)
    assert trial.suggest_float("x", 0, 1) == x
    given = {"report": (1.0, 3), "suggest_float": ("y", 0, 1), "set_user_attr": ("who", "me")}
    with pytest.raises(RuntimeError):
        getattr(trial, change)(*given[change])
    assert study.trials[0].params == {"x": x}


def test_several_objectives_have_several_values(new_study: Any, states: Any) -> None:
    study = new_study(directions=["minimize", "maximize"])
    told = study.tell(study.ask(), [1.0, 2.0])
    assert told.values == [1.0, 2.0]
    study.tell(study.ask(), (2.0, 1.0))
    assert [one.number for one in study.best_trials] == [0]
    with pytest.warns(UserWarning, match="did not match the number of the objectives"):
        assert study.tell(study.ask(), 1.0).state == states.FAIL
    trial = study.ask()
    with pytest.raises(ValueError, match="did not match"):
        study.tell(trial, [1.0, 2.0, 3.0], state=states.COMPLETE)
    assert study.tell(trial, state=states.PRUNED).values is None


def test_what_was_queued_is_asked_first(study: Any, states: Any) -> None:
    study.enqueue_trial({"x": 0.5})
    first = study.ask()
    assert first.suggest_float("x", 0, 1) == 0.5
    study.enqueue_trial({"x": 0.25})
    second = study.ask()
    assert second.suggest_float("x", 0, 1) == 0.25
    assert study.ask().suggest_float("x", 0, 1) not in {0.5, 0.25}
    assert [one.state for one in study.trials] == [states.RUNNING] * 3


def test_notes_of_what_was_queued_are_the_trials(study: Any) -> None:
    study.enqueue_trial({"x": 0.5}, user_attrs={"who": "me"})
    trial = study.ask()
    assert trial.suggest_float("x", 0, 1) == 0.5
    assert study.tell(trial, 1.0).user_attrs == {"who": "me"}


def test_a_study_of_which_trials_were_asked_for_is_found_and_deleted(
    module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    storage = optuna.storages.InMemoryStorage()
    study = module.create_study(study_name="s", storage=storage)
    trial = study.ask()
    again = module.load_study(study_name="s", storage=storage)
    assert again.tell(trial.number, 1.0).value == 1.0
    assert study.best_value == 1.0
    study.ask()
    module.delete_study(study_name="s", storage=storage)
    with pytest.raises(KeyError):
        module.load_study(study_name="s", storage=storage)


def test_a_table_has_all_of_them(study: Any) -> None:
    for number in range(3):
        trial = study.ask()
        trial.suggest_float("x", 0, 1)
        if number != 1:
            study.tell(trial, number)
    table = study.trials_dataframe()
    assert list(table["number"]) == [0, 1, 2]
    assert list(table["state"]) == ["COMPLETE", "RUNNING", "COMPLETE"]
    assert list(table["value"].dropna()) == [0, 2]


def test_trials_are_found_by_their_state(study: Any, states: Any) -> None:
    trials = [study.ask() for _ in range(3)]
    study.tell(trials[1], 1.0)
    assert [one.number for one in study.get_trials(states=(states.RUNNING,))] == [0, 2]
    assert [one.number for one in study.get_trials(states=(states.COMPLETE,))] == [1]


def test_what_was_told_is_learnt_from(module: Any, new_study: Any) -> None:
    study = new_study(sampler=module.samplers.TPESampler(n_startup_trials=5, seed=1))
    for _ in range(25):
        trial = study.ask()
        study.tell(trial, (trial.suggest_float("x", -100, 100) - 2) ** 2)
    assert study.best_value < 100


@pytest.mark.slow
def test_optimize_has_its_own_trials_besides(new_study: Any, states: Any) -> None:
    study = new_study()
    first, second = study.ask(), study.ask()
    first.suggest_float("x", 0, 1)
    study.tell(second, 0.5)
    study.optimize(lambda trial: 1 + trial.suggest_float("x", 0, 1), n_trials=2)
    assert len(study.trials) == 4
    assert [one.state for one in study.trials] == [states.RUNNING, *[states.COMPLETE] * 3]
    third = study.ask()
    assert third.number == 4
    study.tell(third, 0.4)
    assert study.tell(first, 0.3).params == first.params
    assert study.best_trial.number == 0
    study.optimize(lambda trial: 1 + trial.suggest_float("x", 0, 1), n_trials=1)
    assert len(study.trials) == 6
