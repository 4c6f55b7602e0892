"""Trials that are made by hand, and added to a study: alike in both modules."""

from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("contract")]


def made(module: Any, x: float, **given: Any) -> Any:
    ranges = module.distributions
    return module.create_trial(
        **{
            "params": {"x": x, "n": 3, "kind": None},
            "distributions": {
                "x": ranges.FloatDistribution(0, 2),
                "n": ranges.IntDistribution(1, 9),
                "kind": ranges.CategoricalDistribution(["a", None]),
            },
            **given,
        }
    )


def test_a_trial_is_made(module: Any) -> None:
    trial = made(module, 1.0, value=0.5, user_attrs={"why": "known"}, intermediate_values={2: 7.0})
    assert (trial.number, trial.value, trial.values) == (-1, 0.5, [0.5])
    assert trial.state == module.trial.TrialState.COMPLETE
    assert trial.params == {"x": 1.0, "n": 3, "kind": None}
    assert trial.user_attrs == {"why": "known"}
    assert trial.intermediate_values == {2: 7.0}
    assert trial.suggest_float("x", 0, 2) == 1.0
    assert trial.datetime_complete is not None


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"value": 1.0, "values": [1.0]},
        {"value": 1.0, "params": {}},
        {"value": 1.0, "distributions": {}},
        {"value": float("nan")},
        {"value": 1.0, "params": {"x": 3.0, "n": 3, "kind": None}},
        {"value": 1.0, "params": {"x": 1.0, "n": 3, "kind": "b"}},
    ],
)
def test_a_trial_that_contradicts_itself_is_refused(module: Any, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        made(module, 1.0, **given)


def test_a_failed_trial_has_no_value(module: Any) -> None:
    states = module.trial.TrialState
    assert made(module, 1.0, state=states.FAIL).values is None
    with pytest.raises(ValueError, match="failed trial"):
        made(module, 1.0, state=states.FAIL, value=1.0)


@pytest.fixture(scope="session")
def added(module: Any, new_study: Any) -> Any:
    """A study to which trials of every state were added, and which went on."""
    states = module.trial.TrialState
    study = new_study(direction="maximize")
    study.add_trial(made(module, 1.0, value=0.5, user_attrs={"why": "known"}))
    study.add_trials(
        [
            made(module, 1.5, value=2.5, intermediate_values={0: 1.0, 3: 2.0}),
            made(module, 0.5, state=states.PRUNED, intermediate_values={1: 0.25}),
            made(module, 0.25, state=states.FAIL),
        ]
    )
    study.add_trial(made(module, 1.25, state=states.WAITING))

    def objective(trial: Any) -> float:
        x: float = trial.suggest_float("x", 0, 2)
        trial.suggest_int("n", 1, 9)
        trial.suggest_categorical("kind", ["a", None])
        return x

    study.optimize(objective, n_trials=2)
    return study


def test_added_trials_are_the_studys(module: Any, added: Any) -> None:
    states = module.trial.TrialState
    assert [one.number for one in added.trials] == list(range(len(added.trials)))
    known = [one for one in added.trials if one.state != states.COMPLETE or one.value in {0.5, 2.5}]
    assert sorted(one.params["x"] for one in known) == [0.25, 0.5, 1.0, 1.5]
    first = added.trials[0]
    assert first.params == {"x": 1.0, "n": 3, "kind": None}
    assert first.user_attrs == {"why": "known"}
    assert first.distributions["n"].high == 9
    assert added.trials[1].intermediate_values == {0: 1.0, 3: 2.0}
    assert added.trials[2].state == states.PRUNED
    assert added.trials[3].state == states.FAIL


def test_an_added_trial_may_be_the_best(added: Any) -> None:
    assert added.best_value == 2.5
    assert added.best_params["x"] == 1.5


def test_a_trial_that_waits_is_run(added: Any) -> None:
    ran = [one.value for one in added.trials if one.params["x"] == 1.25]
    assert ran == [1.25]


def test_trials_of_another_study_are_added(module: Any, new_study: Any, added: Any) -> None:
    other = new_study()
    other.add_trials(added.trials[:3])
    assert [one.params for one in other.trials] == [one.params for one in added.trials[:3]]
    assert [one.state for one in other.trials] == [one.state for one in added.trials[:3]]
    del module


def test_values_are_as_many_as_directions(module: Any, new_study: Any) -> None:
    with pytest.raises(ValueError, match=r"2 values|values 2"):
        new_study().add_trial(module.create_trial(values=[1.0, 2.0]))
