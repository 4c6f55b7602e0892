"""What a study is asked once it ran: alike in Optuna and here."""

from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("contract")]

COLUMNS = ["number", "value", "datetime_start", "datetime_complete", "duration"]


def test_a_study_has_the_name_that_it_was_given(plain: Any) -> None:
    assert plain.study.study_name == "plain"


def test_it_minimises_if_nothing_is_said(plain: Any) -> None:
    assert plain.study.direction.name == "MINIMIZE"
    assert plain.study.directions == [plain.study.direction]


def test_it_maximises_if_asked(queued: Any) -> None:
    assert queued.direction.name == "MAXIMIZE"
    assert queued.direction.value == 2


def test_several_objectives_have_several_directions(several: Any) -> None:
    assert [one.name for one in several.directions] == ["MINIMIZE", "MAXIMIZE"]
    with pytest.raises(RuntimeError):
        _ = several.direction


def test_the_best_value_is_the_least(module: Any, plain: Any) -> None:
    complete = module.trial.TrialState.COMPLETE
    values = [one.value for one in plain.study.trials if one.state == complete]
    assert plain.study.best_value == min(values)


def test_the_best_value_is_the_greatest(queued: Any) -> None:
    assert queued.best_value == max(one.value for one in queued.trials)


def test_the_best_trial_is_that_of_the_best_value(plain: Any) -> None:
    best = plain.study.best_trial
    assert best.value == plain.study.best_value
    assert best == plain.study.trials[best.number]


def test_the_best_params_are_those_of_the_best_trial(plain: Any) -> None:
    assert plain.study.best_params == plain.study.best_trial.params


def test_with_one_objective_the_best_trials_are_the_best(plain: Any) -> None:
    assert plain.study.best_trials == [plain.study.best_trial]


def test_with_several_they_are_those_that_none_is_better_than(several: Any) -> None:
    assert [one.number for one in several.best_trials] == [0, 1, 3]
    assert [one.values for one in several.best_trials] == [[1, 1], [2, 2], [1, 1]]


@pytest.mark.parametrize("name", ["best_trial", "best_value", "best_params"])
def test_with_several_there_is_no_best(several: Any, name: str) -> None:
    with pytest.raises(RuntimeError):
        getattr(several, name)


def test_with_several_a_trial_has_no_value(several: Any) -> None:
    with pytest.raises(RuntimeError):
        _ = several.trials[0].value


@pytest.mark.parametrize("name", ["best_trial", "best_value", "best_params"])
def test_before_the_first_trial_there_is_no_best(new_study: Any, name: str) -> None:
    with pytest.raises(ValueError, match="No trials are completed yet"):
        getattr(new_study(), name)


def test_before_the_first_trial_there_is_none(new_study: Any) -> None:
    study = new_study()
    assert study.trials == []
    assert study.get_trials() == []
    assert study.best_trials == []
    assert len(study.trials_dataframe()) == 0


def test_trials_are_asked_for_by_state(module: Any, plain: Any) -> None:
    states = module.trial.TrialState
    ask = plain.study.get_trials
    assert [one.number for one in ask(states=(states.FAIL,))] == [4]
    assert [one.number for one in ask(states=[states.FAIL, states.PRUNED])] == [4, 5]
    assert ask(states=(states.RUNNING,)) == []
    assert ask(deepcopy=False) == plain.study.trials


def test_a_trial_that_is_changed_changes_no_other(plain: Any) -> None:
    plain.study.trials[0].params["x"] = 1000
    assert plain.study.trials[0].params["x"] != 1000


def test_callbacks_are_called_for_each_trial_that_ended(plain: Any) -> None:
    assert [number for _, number, _ in plain.called] == list(range(8))


def test_callbacks_get_the_study_and_the_trial(plain: Any) -> None:
    assert all(study is plain.study for study, _, _ in plain.called)
    assert [value for _, _, value in plain.called] == [one.value for one in plain.study.trials]


def test_stop_in_a_callback_ends_optimize(queued: Any) -> None:
    assert len(queued.trials) == 5


def test_stop_in_an_objective_ends_optimize_with_that_trial(stopped: Any) -> None:
    assert [one.value for one in stopped.trials] == [0, 1, 2]


def test_an_objective_reads_its_study(stopped: Any) -> None:
    assert stopped.trials[1].user_attrs == {"study": "stopped", "best": 0}


def test_stop_outside_of_optimize_is_refused(plain: Any) -> None:
    with pytest.raises(RuntimeError):
        plain.study.stop()


def test_what_was_queued_comes_first(queued: Any) -> None:
    assert queued.trials[0].params == {"kind": "near", "near": 0.75}
    assert queued.trials[0].value == 0.75


def test_what_was_queued_in_part_is_filled_up(queued: Any) -> None:
    assert queued.trials[1].params["kind"] == "far"
    assert 5 <= queued.trials[1].params["far"] <= 9


def test_what_was_noted_in_a_queue_is_of_its_trial(queued: Any) -> None:
    notes = [one.user_attrs for one in queued.trials[:2]]
    assert notes == [{"why": "it was good", "told": "it was good"}, {"told": "nothing"}]


def test_a_queue_takes_dictionaries_only(new_study: Any) -> None:
    with pytest.raises(TypeError):
        new_study().enqueue_trial([("x", 1)])


def test_what_is_queued_twice_can_be_left_out(module: Any, new_study: Any) -> None:
    study = new_study(sampler=module.samplers.RandomSampler(seed=1))
    for _ in range(2):
        study.enqueue_trial({"x": 0.5}, skip_if_exists=True)
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    assert [one.params["x"] == 0.5 for one in study.trials] == [True, False]


def test_a_second_optimize_adds_its_trials(again: Any) -> None:
    assert [one.number for one in again.trials] == [0, 1, 2, 3]
    assert all(one.value == one.params["n"] for one in again.trials)


def test_user_attrs_of_a_study_are_kept(new_study: Any) -> None:
    study = new_study()
    assert study.user_attrs == {}
    study.set_user_attr("who", ["me", 1])
    study.set_user_attr("more", None)
    assert study.user_attrs == {"who": ["me", 1], "more": None}


def test_a_table_has_a_row_for_each_trial(plain: Any) -> None:
    table = plain.study.trials_dataframe()
    assert list(table["number"]) == list(range(8))
    assert list(table["value"].dropna()) == [
        one.value for one in plain.study.trials if one.value is not None
    ]


def test_a_table_has_columns_in_this_order(plain: Any) -> None:
    columns = list(plain.study.trials_dataframe().columns)
    names = ["count", "kind", "only_a", "part", "rate", "wide", "x"]
    attrs = ["attr", "number", "params", "prune", "same", "twice", "types"]
    used = {name for one in plain.study.trials for name in one.params}
    assert columns == [
        *COLUMNS,
        *(f"params_{name}" for name in names if name in used),
        *(f"user_attrs_{name}" for name in attrs),
        "state",
    ]


def test_a_table_tells_states_by_name(plain: Any) -> None:
    states = list(plain.study.trials_dataframe()["state"])
    assert states == [one.state.name for one in plain.study.trials]


def test_a_table_has_the_columns_that_are_asked_for(plain: Any) -> None:
    table = plain.study.trials_dataframe(attrs=("number", "state"))
    assert list(table.columns) == ["number", "state"]


def test_a_table_may_have_two_lines_of_headings(plain: Any) -> None:
    columns = list(plain.study.trials_dataframe(multi_index=True).columns)
    assert columns[0] == ("number", "")
    assert ("params", "x") in columns
    assert ("user_attrs", "twice") in columns


def test_a_table_of_several_objectives_has_a_column_for_each(several: Any) -> None:
    table = several.trials_dataframe()
    assert list(table["values_0"]) == [1, 2, 3, 1]
    assert list(table["values_1"]) == [1, 2, 0, 1]


def test_numbers_have_the_names_that_they_were_given(named: Any) -> None:
    assert named.metric_names == ["loss", "accuracy"]
    table = named.trials_dataframe()
    assert list(table["values_loss"].dropna()) == [0.5]
    assert list(table["values_accuracy"].dropna()) == [0.25]
    names = list(table.columns)
    assert names[1:3] == ["values_loss", "values_accuracy"]
    assert not {"value", "values_0"} & {*names}
    assert named.trials[0].values == [0.5, 0.25]


def test_numbers_have_no_names_by_themselves(plain: Any, several: Any) -> None:
    assert plain.study.metric_names is None
    assert several.metric_names is None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("names", [["a"], ["a", "b", "c"]])
def test_names_of_numbers_are_as_many_as_directions(new_study: Any, names: list[str]) -> None:
    with pytest.raises(ValueError, match="metric"):
        new_study(directions=["minimize", "maximize"]).set_metric_names(names)


@pytest.mark.parametrize(
    "given",
    [
        {"direction": "up"},
        {"direction": "minimize", "directions": ["minimize"]},
        {"directions": ["minimize", "up"]},
    ],
)
def test_directions_that_are_none_are_refused(new_study: Any, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="direction"):
        new_study(**given)


def test_a_direction_may_be_a_member_of_the_enum(new_study: Any, queued: Any) -> None:
    assert new_study(direction=queued.direction).direction == queued.direction


def test_no_trials_run_none(new_study: Any) -> None:
    study = new_study()
    study.optimize(lambda trial: trial.number, n_trials=0)
    assert study.trials == []


def test_callbacks_that_are_no_functions_are_refused(new_study: Any) -> None:
    with pytest.raises(TypeError):
        new_study().optimize(lambda trial: trial.number, n_trials=1, callbacks=[1])


def test_an_objective_that_is_no_function_is_refused(new_study: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        new_study().optimize(7, n_trials=1, catch=())


@pytest.mark.parametrize("n_jobs", [0, -2])
def test_so_few_at_once_are_refused(new_study: Any, n_jobs: int) -> None:
    with pytest.raises(ValueError, match=r"max_workers|n_jobs must be .*-1 stands"):
        new_study().optimize(lambda trial: trial.number, n_trials=2, n_jobs=n_jobs)


@pytest.mark.filterwarnings("ignore")
def test_every_argument_of_optimize_is_taken(new_study: Any) -> None:
    study = new_study()
    study.optimize(
        lambda trial: trial.number / 0 if trial.number else 1.0,
        n_trials=2,
        timeout=600,
        n_jobs=-1,
        catch=ZeroDivisionError,
        callbacks=lambda *_: None,
        gc_after_trial=True,
        show_progress_bar=False,  # Optuna's leaves a thread
    )
    assert [one.state.name for one in study.trials] == ["COMPLETE", "FAIL"]


def test_a_time_limit_ends_optimize_before_all_trials(new_study: Any) -> None:
    study = new_study()
    study.optimize(lambda trial: trial.number, n_trials=10**6, timeout=0.5)
    assert len(study.trials) < 10**6


def test_several_optimize_at_once_are_refused(new_study: Any) -> None:
    study = new_study()

    def again(study: Any, _: Any) -> None:
        study.optimize(lambda trial: trial.number, n_trials=1)

    with pytest.raises(RuntimeError, match="Nested"):
        study.optimize(lambda trial: trial.number, n_trials=1, callbacks=[again])


@pytest.mark.parametrize("states", [[], ()])
def test_no_states_are_no_trials(plain: Any, states: Any) -> None:
    assert plain.study.get_trials(states=states) == []


def test_trials_of_a_copy_are_others(plain: Any) -> None:
    one, other = plain.study.get_trials(deepcopy=True), plain.study.get_trials(deepcopy=True)
    assert one == other
    assert one[0] is not other[0]
    assert one[0].params is not other[0].params
