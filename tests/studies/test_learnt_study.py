"""A study whose space is learnt, as it is read."""

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import optuna
import pytest
from asking import asks, learnt
from learnt_study import LearntStudy
from loop_bench import Bench

from automl.cli.verbs.asking.add import values_of
from automl.inside.ranges import float_range
from automl.search.importance import importance
from automl.search.learnt.names import space_of
from automl.search.optuna.plain_study import plain_study
from automl.search.sampler import Told
from automl.show.live.rows import trial_rows
from automl.space.parameters import Categorical, Integer, Real
from automl.space.space import SearchSpace
from automl.studies.next_trials.suggestions import suggestions
from automl.studies.study import Study
from automl.studies.warm.start import known_before
from automl.study.objective import Direction
from automl.study.spec import Algorithm
from automl.study.trial import Trial, TrialState

MakeBench = Callable[..., Bench]
LEARNT = SearchSpace((), learnt=True)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[MakeBench]:
    benches: list[Bench] = []

    def make(**changes: Any) -> Bench:
        benches.append(Bench(tmp_path, **changes))
        return benches[-1]

    yield make
    for one in benches:
        one.close()


def conditional(trial: Any) -> float:
    if trial.suggest_categorical("kind", ["svm", "tree"]) == "svm":
        return 1 - abs(trial.suggest_float("C", 0, 1) - 0.5)
    return 0.1 + trial.suggest_int("depth", 1, 9) / 100


@pytest.fixture
def ended(bench: MakeBench) -> Bench:
    one = learnt(bench, conditional, max_trials=24)
    one.run()
    return one


def test_it_is_read_like_any_other(ended: Bench) -> None:
    study = Study(ended.folder)
    table = study.results
    assert {name for group, name in table.columns if group == "params"} == {"kind", "C", "depth"}
    assert study.best_params["kind"] == "svm"
    assert abs(study.best_params["C"] - 0.5) == pytest.approx(1 - study.best_value)
    assert not any("outside" in name for _, name in table.columns)


def test_what_matters_is_told(ended: Bench) -> None:
    found = Study(ended.folder).importance()
    assert found.keys() == {"kind", "C", "depth"}
    assert sum(found.values()) == pytest.approx(1)
    assert found["depth"] < max(found["kind"], found["C"])


def test_its_parameters_are_those_that_trials_asked_for(ended: Bench) -> None:
    space = space_of(ended.spec.space, ended.state().trials.values())
    assert set(space.parameters) == {
        Categorical(name="kind", candidates=("svm", "tree")),
        Real(name="C", min_value=0.0, max_value=1.0),
        Integer(name="depth", min_value=1, max_value=9),
    }


def test_each_trial_of_optunas_study_has_its_own_ranges(bench: MakeBench) -> None:
    def objective(trial: Any) -> float:
        n = trial.suggest_int("n", 1, 4)
        trial.suggest_float("x", 0, n, step=0.5)
        trial.suggest_categorical("c", [None, True, "a", n])
        return float(n)

    one = learnt(bench, objective, start_with=({"n": 3, "x": 99.0},))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        one.run()
    trials = one.state().trials
    study = plain_study("study", LEARNT, one.spec.objectives, trials.values(), {})
    assert len(study.trials) == len(trials)
    for shown, trial in zip(study.trials, trials.values(), strict=True):
        assert shown.params == trial.params
        assert [type(value) for value in shown.params.values()] == [
            type(value) for value in trial.params.values()
        ]
    last = study.trials[-1]
    n = last.params["n"]
    assert last.distributions == {
        "n": optuna.distributions.IntDistribution(1, 4),
        "x": optuna.distributions.FloatDistribution(0, n, step=0.5),
        "c": optuna.distributions.CategoricalDistribution([None, True, "a", n]),
    }
    # What was fixed outside of its range is shown all the same.
    assert study.trials[0].params["x"] == 99.0


@pytest.mark.parametrize("algorithm", ["random", "tpe"])
def test_what_is_suggested_is_what_it_tries_next(algorithm: str, bench: MakeBench) -> None:
    one = learnt(bench, conditional, algorithm=Algorithm(type=algorithm), max_parallel=1)
    one.interrupt_after(3.5)
    one.run()
    found = suggestions(Study(one.folder), 1, one.clock)
    (new,) = found.new
    one.run()
    assert one.state().trials[new.trial.id].proposed == new.trial.proposed
    assert new.trial.planned


def test_the_live_rows_have_what_was_asked_for(ended: Bench) -> None:
    trials = list(ended.state().trials.values())
    rows = trial_rows(ended.spec, [], trials[:3], 200)
    assert all(name in rows.heading for name in trials[0].params)


def test_what_runs_is_shown_with_what_it_asked_for(bench: MakeBench) -> None:
    one = learnt(bench, conditional, max_trials=2)
    one.program = lambda launch: asks(launch, conditional, 5.0)
    one.run()
    shown = [trial for progress in one.observer.shown for trial in progress.running]
    assert any("kind" in trial.params for trial in shown)


def test_texts_of_the_terminal_are_read_as_trials_asked(ended: Bench) -> None:
    study = Study(ended.folder)
    given = {"kind": "svm", "C": "1", "depth": "77", "new": "0.5", "word": "a b", "none": "null"}
    assert values_of(study, given) == {
        "kind": "svm", "C": 1.0, "depth": 77, "new": 0.5, "word": "a b", "none": None
    }  # fmt: skip


def test_a_value_outside_the_usual_range_counts_as_none() -> None:
    usual, other = float_range(0, 1), float_range(5, 9)
    trials = [
        Trial(
            id=number,
            params={"x": 6.0 if number < 2 else number / 40},
            ranges={"x": other if number < 2 else usual},
            state=TrialState.COMPLETED,
            value=float(number),
        )
        for number in range(30)
    ]
    assert importance(LEARNT, Direction.MAXIMIZE, trials) == {"x": 1.0}


def test_what_an_earlier_study_learnt_is_known_from_the_first_trial_on(
    ended: Bench, tmp_path: Path
) -> None:
    told = known_before([Study(ended.folder)], ended.spec, str(tmp_path))
    study = LearntStudy(conditional, "tpe", max_trials=40, told=told)
    study.run(2)
    assert study.proposed[0].keys() == {"kind", "C", "depth"}
    # Its values may be tried again, as they are another study's.
    assert study.run(30) is None


def test_a_described_space_may_be_learnt_from_then_on() -> None:
    described = SearchSpace((Real(name="C", min_value=0.0, max_value=1.0),))
    told = [
        Told(trial_id=number, params={"C": number / 9}, state=TrialState.COMPLETED, value=1.0)
        for number in range(9)
    ]
    assert all(described.contains(one.params) for one in told)
    study = LearntStudy(lambda trial: float(trial.suggest_float("C", 0, 1)), "tpe", told=told)
    study.proposed = [{}] * 9
    assert study.run(3) is None
    assert study.proposed[-1].keys() == {"C"}


def test_a_choice_with_which_every_trial_failed_is_told(
    bench: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    def objective(trial: Any) -> float:
        if trial.suggest_categorical("kind", ["a", "b"]) == "b":
            raise RuntimeError("no such kind")
        return float(trial.suggest_float("x", 0, 1))

    one = learnt(bench, objective, algorithm=Algorithm(type="random"), max_trials=30)
    one.run()
    told = [one.message for one in caplog.records if "with kind='b' failed" in one.message]
    assert len(told) == 1
