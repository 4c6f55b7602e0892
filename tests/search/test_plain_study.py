from datetime import UTC, datetime, timedelta
from typing import Any

import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import AutomlError
from automl.search.optuna.plain_study import OUTSIDE, new_study, plain_study
from automl.search.optuna.plain_values import plain_columns
from automl.space.parameters import (
    Categorical,
    Choice,
    Constant,
    Integer,
    Linked,
    LogNormal,
    Normal,
    Real,
)
from automl.space.space import SearchSpace
from automl.study.objective import Direction, Objective, Objectives
from automl.study.ranking.curve import Curve
from automl.study.trial import Purpose, Result, Stage, Trial, TrialState

STARTED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

EVERYTHING = SearchSpace(
    (
        Choice(
            name="opt",
            options={
                "sgd": [Real(name="momentum", min_value=0, max_value=1, step=0.1)],
                "adam": [Constant(name="amsgrad", value=True)],
            },
        ),
        Categorical(name="n", candidates=(30, 10, 20)),
        Categorical(name="shape", candidates=([1, 2], {"a": [3]}, "[1, 2]x")),
        Integer(name="depth", min_value=1, max_value=64, log=True),
        Integer(name="even", min_value=0, max_value=9, step=2),
        Real(name="lr", min_value=1e-5, max_value=1.0, log=True),
        Real(name="one", min_value=1.0, max_value=1.0),
        Normal(name="noise", mean=0, std=2, step=1),
        LogNormal(name="scale", mean=0, std=1),
        LogNormal(name="count", mean=0, std=1, step=1),
        Linked(names=("width", "tag"), candidates=([64, "s"], [64, "m"], [256, [1]])),
    )
)


def completed(trial_id: Any, params: Any, value: Any, **more: Any) -> Any:
    more = {"started_at": STARTED, "duration_s": 2.0, "attempts": 1, **more}
    return Trial(id=trial_id, params=params, state=TrialState.COMPLETED, value=value, **more)


def drawn(space: Any, share: Any) -> Any:
    return space.assemble(lambda parameter: parameter.quantile(share))


def curve_of(**points: Any) -> Any:
    curve = Curve()
    for step, value in points["points"]:
        curve.append(step, value)
    return curve


def test_a_trial_shows_its_own_values() -> None:
    params = drawn(EVERYTHING, 0.3)
    study = plain_study("s", EVERYTHING, Objectives(), [completed(0, params, 0.5)], {})
    (trial,) = study.trials
    assert trial.params == {**params, "shape": "[1, 2]"}
    assert study.study_name == "s"
    assert list(trial.params) == list(params)
    assert {name: type(value) for name, value in trial.params.items()} == {
        name: type(value) if name != "shape" else str for name, value in params.items()
    }
    assert trial.value == 0.5
    assert trial.state is optuna.trial.TrialState.COMPLETE
    assert trial.duration == timedelta(seconds=2)
    assert trial.datetime_start == STARTED.astimezone().replace(tzinfo=None)


def test_a_parameter_that_was_off_is_absent() -> None:
    trials = [completed(0, drawn(EVERYTHING, 0), 0.5), completed(1, drawn(EVERYTHING, 1), 0.6)]
    sgd, adam = plain_study("s", EVERYTHING, Objectives(), trials, {}).trials
    assert sgd.params["momentum"] == 0.0
    assert "constants" not in sgd.user_attrs
    assert "momentum" not in adam.params
    assert adam.user_attrs["constants"] == {"amsgrad": True}


@given(shares=st.lists(st.floats(0, 1), min_size=1, max_size=3))
def test_every_combination_of_a_space_has_its_place(shares: Any) -> None:
    trials = [completed(place, drawn(EVERYTHING, share), 0.5) for place, share in enumerate(shares)]
    study = plain_study("s", EVERYTHING, Objectives(), trials, {})
    assert [trial.user_attrs["automl_id"] for trial in study.trials] == list(range(len(shares)))


def test_distributions_are_those_of_the_parameters() -> None:
    found = {
        name: column.distribution
        for parameter in EVERYTHING.parameters
        for name, column in plain_columns(parameter).items()
    }
    distributions = optuna.distributions
    real, whole = distributions.FloatDistribution, distributions.IntDistribution
    assert found["depth"] == whole(1, 64, log=True)
    assert found["even"] == whole(0, 8, step=2)
    assert found["lr"] == real(1e-5, 1.0, log=True)
    assert found["momentum"] == real(0, 1, step=0.1)
    assert found["noise"] == real(-10, 10)
    assert found["scale"].log
    assert not found["count"].log  # it reaches 0
    assert found["n"] == distributions.CategoricalDistribution((30, 10, 20))
    assert found["shape"].choices == ("[1, 2]", '{"a": [3]}', "[1, 2]x")
    assert found["width"].choices == (64, 256)
    assert found["tag"].choices == ("s", "m", "[1]")
    assert "amsgrad" not in found


@pytest.mark.parametrize(
    "candidates", [(1, 1.0, True), (0, False), ([1], "[1]"), ("1", 1, 1.0, [1])]
)
def test_candidates_that_optuna_takes_for_equal_stay_apart(candidates: Any) -> None:
    parameter = Categorical(name="x", candidates=candidates)
    space = SearchSpace((parameter,))
    trials = [completed(place, {"x": one}, 0.5) for place, one in enumerate(candidates)]
    study = plain_study("s", space, Objectives(), trials, {})
    shown = [trial.params["x"] for trial in study.trials]
    assert len(set(shown)) == len(candidates)
    assert all(type(one) is str for one in shown)


@pytest.mark.parametrize(
    "parameter",
    [
        Real(name="x", min_value=0, max_value=1, step=1e-12),
        Real(name="x", min_value=1e9, max_value=1e9 + 1, step=0.001),
        Real(name="x", min_value=-1e308, max_value=1e308),
        Real(name="x", min_value=0, max_value=1.5e308, step=7e307),
        Integer(name="x", min_value=0, max_value=2**60 + 1),
        Integer(name="x", min_value=2**53 + 1, max_value=2**70, log=True),
        Integer(name="x", min_value=0, max_value=2**60, step=3),
    ],
)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.777, 1.0])
def test_ranges_beyond_what_optuna_counts_in_are_shown(parameter: Any, share: Any) -> None:
    value = parameter.quantile(share)
    study = plain_study(
        "s", SearchSpace((parameter,)), Objectives(), [completed(0, {"x": value}, 1.0)], {}
    )
    assert study.trials[0].params["x"] == value


@given(st.floats(-9, 9), st.floats(0.01, 9), st.integers(1, 30))
def test_the_last_of_computed_steps_is_shown_without_a_warning(
    low: float, width: float, count: int
) -> None:
    parameter = Real(name="x", min_value=low, max_value=low + width, step=width / count)
    space = SearchSpace((parameter,))
    values = [parameter.value_at(index) for index in range(parameter.count or 0)]
    trials = [completed(place, {"x": value}, 0.5) for place, value in enumerate(values)]
    study = plain_study("s", space, Objectives(), trials, {})
    assert [trial.params["x"] for trial in study.trials] == values


def test_a_range_that_no_float_holds_is_refused() -> None:
    space = SearchSpace((Integer(name="x", min_value=0, max_value=10**400),))
    with pytest.raises(AutomlError, match="parameter 'x': its range is too wide"):
        plain_study("s", space, Objectives(), [], {})


SPACE = SearchSpace((Integer(name="x", min_value=0, max_value=9),))


@pytest.mark.parametrize(
    ("trial", "state", "value"),
    [
        ({"state": TrialState.PLANNED}, "WAITING", None),
        ({"state": TrialState.RUNNING, "started_at": STARTED}, "RUNNING", None),
        ({"state": TrialState.STOPPING, "started_at": STARTED}, "RUNNING", None),
        ({"state": TrialState.PRUNED, "value": 0.3, "started_at": STARTED}, "PRUNED", 0.3),
        ({"state": TrialState.PRUNED}, "PRUNED", None),
        ({"state": TrialState.STOPPED, "value": 0.3}, "PRUNED", 0.3),
        ({"state": TrialState.STOPPED}, "FAIL", None),
        ({"state": TrialState.FAILED, "value": 0.3}, "FAIL", None),
        ({"state": TrialState.FAILED}, "FAIL", None),
    ],
)
def test_each_state_has_one_of_optuna_s(trial: Any, state: Any, value: Any) -> None:
    study = plain_study("s", SPACE, Objectives(), [Trial(id=0, params={"x": 3}, **trial)], {})
    (found,) = study.trials
    assert (found.state.name, found.value) == (state, value)
    assert found.state.is_finished() == (found.datetime_complete is not None)


def test_a_trial_that_was_never_started_ends_where_the_one_before_started() -> None:
    trials = [completed(0, {"x": 1}, 0.1), Trial(id=1, params={"x": 2}, state=TrialState.FAILED)]
    first, second = plain_study("s", SPACE, Objectives(), trials, {}).trials
    assert second.datetime_start == second.datetime_complete == first.datetime_start


def test_the_curve_stands_at_whole_steps() -> None:
    curve = curve_of(points=[(0.4, 0.1), (0.8, 0.2), (2, 0.3), (5.5, 0.4)])
    trials = [completed(4, {"x": 1}, 0.4), completed(7, {"x": 2}, 0.4)]
    first, second = plain_study("s", SPACE, Objectives(), trials, {4: curve}).trials
    assert first.intermediate_values == {1: 0.2, 2: 0.3, 6: 0.4}
    assert second.intermediate_values == {}


def test_a_stopped_trial_with_a_curve_is_pruned() -> None:
    trial = Trial(id=0, params={"x": 3}, state=TrialState.STOPPED)
    study = plain_study("s", SPACE, Objectives(), [trial], {0: curve_of(points=[(1, 0.5)])})
    assert study.trials[0].state.name == "PRUNED"
    study = plain_study("s", SPACE, Objectives(), [trial], {0: Curve()})
    assert study.trials[0].state.name == "FAIL"


def test_attributes_say_what_optuna_has_no_place_for() -> None:
    stage = Stage(budget=9, previous_budget=3)
    confirmed = Result(stage=Stage(seed_number=1, purpose=Purpose.CONFIRM), value=0.45)
    trial = completed(
        3,
        {"x": 1},
        0.5,
        stage=stage,
        source=2,
        metrics={"metric": 0.5, "ms": 20.0},
        results=(confirmed,),
        reason="so",
        attempts=4,
    )
    (found,) = plain_study("s", SPACE, Objectives(), [trial], {}).trials
    assert found.user_attrs == {
        "automl_id": 3,
        "state": "completed",
        "launches": 4,
        "reason": "so",
        "metrics": {"metric": 0.5, "ms": 20.0},
        "budget": 9,
        "checkpoint_source": 2,
        "confirmed": [0.45],
    }


def test_what_says_nothing_is_no_attribute() -> None:
    (found,) = plain_study("s", SPACE, Objectives(), [completed(0, {"x": 1}, 0.5)], {}).trials
    assert found.user_attrs == {"automl_id": 0, "state": "completed", "launches": 1}


def test_trials_outside_the_space_are_left_out_and_named() -> None:
    trials = [
        completed(0, {"x": 99}, 0.9),
        completed(1, {"x": 1}, 0.1),
        completed(2, {"y": 1}, 0.9),
        completed(3, {"x": 1.0}, 0.9),
    ]
    study = plain_study("s", SPACE, Objectives(), trials, {})
    assert [trial.user_attrs["automl_id"] for trial in study.trials] == [1]
    assert study.user_attrs == {OUTSIDE: [0, 2, 3]}


def test_trials_stand_in_the_order_of_their_ids() -> None:
    trials = [completed(place, {"x": place}, 0.1) for place in (3, 1, 2)]
    study = plain_study("s", SPACE, Objectives(), trials, {})
    assert [trial.params["x"] for trial in study.trials] == [1, 2, 3]


def test_the_best_is_the_same() -> None:
    objectives = Objectives((Objective(metric="loss", direction="minimize"),))
    trials = [completed(place, {"x": place}, value) for place, value in enumerate([3, 1, 2])]
    study = plain_study("s", SPACE, objectives, trials, {})
    assert (study.best_value, study.best_params) == (1, {"x": 1})
    assert study.metric_names == ["loss"]


def test_several_objectives_stand_beside_each_other() -> None:
    objectives = Objectives((Objective(metric="acc"), Objective(metric="ms", direction="minimize")))
    trials = [
        completed(0, {"x": 0}, 0.9, metrics={"acc": 0.9, "ms": 30.0}),
        completed(1, {"x": 1}, 0.8, metrics={"acc": 0.8, "ms": 10.0}),
        completed(2, {"x": 2}, 0.7, metrics={"acc": 0.7, "ms": 20.0}),
        completed(3, {"x": 3}, 0.7, metrics={"acc": 0.7}),
    ]
    study = plain_study("s", SPACE, objectives, trials, {})
    assert [one.name for one in study.directions] == ["MAXIMIZE", "MINIMIZE"]
    assert study.metric_names == ["acc", "ms"]
    assert [trial.user_attrs["automl_id"] for trial in study.best_trials] == [0, 1]
    assert study.trials[3].state.name == "FAIL"


def test_a_weighted_sum_is_one_value() -> None:
    objectives = Objectives(
        (
            Objective(metric="acc", weight=1.0),
            Objective(metric="ms", direction="minimize", weight=2),
        )
    )
    trials = [completed(0, {"x": 0}, -59.1, metrics={"acc": 0.9, "ms": 30.0})]
    study = plain_study("s", SPACE, objectives, trials, {})
    assert (study.direction.name, study.metric_names) == ("MAXIMIZE", ["score"])
    assert study.trials[0].values == [-59.1]


def test_constraints_decide_which_trial_is_best() -> None:
    objectives = Objectives((Objective(),), ("ms <= 20",))
    trials = [completed(0, {"x": 0}, 0.9, violation=10.0), completed(1, {"x": 1}, 0.8)]
    study = plain_study("s", SPACE, objectives, trials, {})
    assert study.best_value == 0.8


def test_optuna_can_go_on_with_it() -> None:
    trials = [
        completed(0, drawn(EVERYTHING, 0.2), 0.5),
        completed(1, drawn(EVERYTHING, 0.7), 0.6),
        Trial(id=2, params=drawn(EVERYTHING, 0.4)),
    ]
    study = plain_study("s", EVERYTHING, Objectives(), trials, {})
    waiting = study.ask()
    assert waiting.suggest_int("depth", 1, 64, log=True) == trials[2].params["depth"]
    assert study.trials_dataframe().shape[0] == 3


def test_optuna_s_log_is_left_as_it_was(capsys: Any) -> None:
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.INFO)
    try:
        new_study("quiet", [Direction.MAXIMIZE])
        assert optuna.logging.get_verbosity() == optuna.logging.INFO
    finally:
        optuna.logging.set_verbosity(before)
    assert capsys.readouterr().err == ""
