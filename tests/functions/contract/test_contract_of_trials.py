"""What a trial is told, and what is told of it: alike in Optuna and here."""

import math
from datetime import datetime, timedelta
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("contract")]

FAILS, PRUNES, COMPLETE = 4, 5, [0, 1, 2, 3, 6, 7]


@pytest.fixture
def trials(plain: Any) -> list[Any]:
    """The trials of the study with parameters of every kind."""
    found: list[Any] = plain.study.trials
    return found


@pytest.fixture
def complete(trials: list[Any]) -> list[Any]:
    """Those that ended well."""
    return [trials[number] for number in COMPLETE]


def test_trials_are_numbered_from_0_in_order(trials: list[Any]) -> None:
    assert [one.number for one in trials] == list(range(8))


def test_states_tell_how_each_ended(module: Any, trials: list[Any]) -> None:
    states = module.trial.TrialState
    expected = {FAILS: states.FAIL, PRUNES: states.PRUNED}
    assert [one.state for one in trials] == [
        expected.get(one.number, states.COMPLETE) for one in trials
    ]


def test_a_state_tells_whether_it_is_an_end(module: Any) -> None:
    states = module.trial.TrialState
    ends = {one.name for one in states if one.is_finished()}
    assert ends == {"COMPLETE", "PRUNED", "FAIL"}


def test_states_have_names_and_numbers(module: Any) -> None:
    states = {one.name: one.value for one in module.trial.TrialState}
    assert states == {"RUNNING": 0, "COMPLETE": 1, "PRUNED": 2, "FAIL": 3, "WAITING": 4}


def test_the_value_is_what_was_returned(complete: list[Any]) -> None:
    for one in complete:
        assert one.value == one.params["x"] ** 2
        assert one.values == [one.value]


def test_a_failed_trial_has_no_value(trials: list[Any]) -> None:
    assert trials[FAILS].value is None
    assert trials[FAILS].values is None


def test_a_pruned_trial_has_the_value_that_it_reported_last(trials: list[Any]) -> None:
    assert trials[PRUNES].value == trials[PRUNES].params["x"] + 5


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("x", -10, 10), ("rate", 1e-4, 1e-1), ("part", 0, 1), ("count", 1, 9), ("wide", 1, 1000)],
)
def test_numbers_are_in_their_range(
    complete: list[Any], name: str, low: float, high: float
) -> None:
    assert all(low <= one.params[name] <= high for one in complete)


def test_floats_of_a_step_are_its_multiples(complete: list[Any]) -> None:
    assert {one.params["part"] for one in complete} <= {0.0, 0.25, 0.5, 0.75, 1.0}


def test_whole_numbers_of_a_step_begin_at_the_lowest(complete: list[Any]) -> None:
    assert {one.params["count"] for one in complete} <= {1, 3, 5, 7, 9}


def test_choices_keep_their_type(complete: list[Any]) -> None:
    assert all(one.params["kind"] in ("a", "b", None, 2) for one in complete)


def test_floats_are_floats_and_whole_numbers_whole(complete: list[Any]) -> None:
    for one in complete:
        assert one.user_attrs["types"] == ["float", "float", "float", "int", "int"]
        assert type(one.params["x"]) is float
        assert type(one.params["count"]) is int


def test_a_name_has_one_value_in_a_trial(complete: list[Any]) -> None:
    assert all(one.user_attrs["same"] for one in complete)


def test_params_within_the_objective_are_those_asked_for_so_far(complete: list[Any]) -> None:
    for one in complete:
        told = one.user_attrs["params"]
        assert told == {name: value for name, value in one.params.items() if name != "only_a"}
        assert list(told) == ["x", "rate", "part", "count", "wide", "kind"]


def test_params_are_those_that_the_trial_asked_for(complete: list[Any], trials: list[Any]) -> None:
    assert set(trials[FAILS].params) == {"x"}
    for one in complete:
        assert ("only_a" in one.params) == (one.params["kind"] == "a")


def test_number_within_the_objective_is_the_trials(complete: list[Any]) -> None:
    assert [one.user_attrs["number"] for one in complete] == COMPLETE


def test_user_attrs_are_kept_and_read_back_within(complete: list[Any]) -> None:
    for one in complete:
        assert one.user_attrs["twice"] == 2 * one.params["x"]
        assert one.user_attrs["attr"] == one.number


def test_a_trial_without_user_attrs_has_none(trials: list[Any]) -> None:
    assert trials[FAILS].user_attrs == {}


def test_nothing_is_to_be_pruned_before_a_report(complete: list[Any]) -> None:
    assert not any(one.user_attrs["prune"] for one in complete)


def test_reports_are_kept_by_step(complete: list[Any]) -> None:
    for one in complete:
        x = one.params["x"]
        assert one.intermediate_values == {0: x, 2: x + 2, 5: x + 5}
        assert one.last_step == 5


def test_a_pruned_trial_keeps_its_reports(trials: list[Any]) -> None:
    assert set(trials[PRUNES].intermediate_values) == {0, 2, 5}


def test_a_trial_without_reports_has_none(trials: list[Any]) -> None:
    assert trials[FAILS].intermediate_values == {}
    assert trials[FAILS].last_step is None


def test_times_are_local_and_in_order(trials: list[Any]) -> None:
    for one in trials:
        assert isinstance(one.datetime_start, datetime)
        assert one.datetime_start.tzinfo is None
        assert one.datetime_start <= one.datetime_complete


def test_the_duration_is_between_them(trials: list[Any]) -> None:
    for one in trials:
        assert isinstance(one.duration, timedelta)
        assert one.duration == one.datetime_complete - one.datetime_start


def test_trials_can_be_compared(plain: Any, trials: list[Any]) -> None:
    assert plain.study.trials == trials
    assert trials[0] != trials[1]


def test_values_are_finite_numbers(complete: list[Any]) -> None:
    assert all(type(one.value) is float and math.isfinite(one.value) for one in complete)


def test_distributions_are_what_was_asked_for(complete: list[Any]) -> None:
    for one in complete:
        assert set(one.distributions) == set(one.params)
        x, rate = one.distributions["x"], one.distributions["rate"]
        assert (x.low, x.high, x.log, x.step) == (-10, 10, False, None)
        assert (rate.low, rate.high, rate.log) == (1e-4, 1e-1, True)
        assert one.distributions["count"].step == 2
        assert one.distributions["kind"].choices == ("a", "b", None, 2)


def test_an_objective_can_be_called_with_a_trial_that_ended(module: Any, again: Any) -> None:
    del module

    def objective(trial: Any) -> float:
        trial.report(1.0, 0)
        trial.set_user_attr("later", 1)
        return 0.0 if trial.should_prune() else trial.suggest_int("n", 1, 50)

    for one in again.trials:
        assert objective(one) == one.value


def test_it_gets_the_value_of_every_kind(complete: list[Any]) -> None:
    for one in complete:
        params = one.params
        assert one.suggest_float("x", -10, 10) == params["x"]
        assert one.suggest_float("rate", 1e-4, 1e-1, log=True) == params["rate"]
        assert one.suggest_float("part", 0.0, 1.0, step=0.25) == params["part"]
        assert one.suggest_int("count", 1, 9, step=2) == params["count"]
        assert one.suggest_categorical("kind", ["a", "b", None, 2]) == params["kind"]


def test_a_trial_that_ended_has_no_other_names(complete: list[Any]) -> None:
    with pytest.raises(ValueError, match="other"):
        complete[0].suggest_float("other", 0, 1)


def test_a_choice_that_is_not_offered_any_more_is_refused(complete: list[Any]) -> None:
    with pytest.raises(ValueError, match="z"):
        complete[0].suggest_categorical("kind", ["z"])
