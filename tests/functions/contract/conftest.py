"""One set of studies for each of the two modules, read by many tests.

What is tested here is of both: an objective, and what is asked of its study afterwards. What
differs on purpose is a table in docs/functions.md.
"""

import itertools
import logging
import warnings
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import optuna
import pytest

import automl
from automl.functions import create

NewStudy = Callable[..., Any]


@pytest.fixture(scope="session", params=["optuna", "automl"])
def module(request: pytest.FixtureRequest) -> Any:
    """The module whose words are tested."""
    modules: dict[str, ModuleType] = {"optuna": optuna, "automl": automl}
    return modules[request.param]


@pytest.fixture(scope="session")
def new_study(module: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewStudy]:
    """Return studies with names of their own."""
    numbers = itertools.count()
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(tmp_path_factory.mktemp(module.__name__))
        patched.setattr(create, "_CREATED", create._Created())
        logging.getLogger("optuna").setLevel(logging.ERROR)

        def new(**given: Any) -> Any:
            return module.create_study(**{"study_name": f"study-{next(numbers)}", **given})

        yield new


class Seen:
    """A study, and what its callback was told."""

    def __init__(self, study: Any) -> None:
        self.study = study
        self.called: list[tuple[Any, int, Any]] = []

    def __call__(self, study: Any, trial: Any) -> None:
        self.called.append((study, trial.number, trial.value))


@pytest.fixture(scope="session")
def plain(module: Any, new_study: NewStudy) -> Seen:
    """A study of eight trials with parameters of every kind; one fails, one is pruned."""

    def objective(trial: Any) -> float:
        x = trial.suggest_float("x", -10, 10)
        if trial.number == 4:
            raise ValueError("not this one")
        rate = trial.suggest_float("rate", 1e-4, 1e-1, log=True)
        part = trial.suggest_float("part", 0.0, 1.0, step=0.25)
        count = trial.suggest_int("count", 1, 9, step=2)
        wide = trial.suggest_int("wide", 1, 1000, log=True)
        kind = trial.suggest_categorical("kind", ["a", "b", None, 2])
        trial.set_user_attr("twice", 2 * x)
        trial.set_user_attr("same", x == trial.suggest_float("x", -10, 10))
        trial.set_user_attr("params", trial.params)
        trial.set_user_attr("number", trial.number)
        trial.set_user_attr("types", [type(one).__name__ for one in (x, rate, part, count, wide)])
        trial.set_user_attr("prune", trial.should_prune())
        trial.set_user_attr("attr", trial.user_attrs["number"])
        for step in (0, 2, 5):
            trial.report(x + step, step)
        if trial.number == 5:
            raise module.TrialPruned
        if kind == "a":
            trial.suggest_int("only_a", 0, 3)
        return x**2

    seen = Seen(new_study(sampler=module.samplers.RandomSampler(seed=3), study_name="plain"))
    seen.study.optimize(objective, n_trials=8, catch=(ValueError,), callbacks=[seen])
    return seen


@pytest.fixture(scope="session")
def several(new_study: NewStudy) -> Any:
    """A study of two objectives."""
    values = [(1.0, 1.0), (2.0, 2.0), (3.0, 0.0), (1.0, 1.0)]

    def objective(trial: Any) -> tuple[float, float]:
        trial.suggest_float("x", 0, 1)
        return values[trial.number]

    study = new_study(directions=["minimize", "maximize"])
    study.optimize(objective, n_trials=4)
    return study


@pytest.fixture(scope="session")
def queued(module: Any, new_study: NewStudy) -> Any:
    """A study that maximises, begins with two combinations, and ends itself after five trials."""

    def objective(trial: Any) -> float:
        trial.set_user_attr("told", trial.user_attrs.get("why", "nothing"))
        if trial.suggest_categorical("kind", ["far", "near"]) == "far":
            return -trial.suggest_float("far", 5, 9)
        return trial.suggest_float("near", 0, 1)

    study = new_study(direction="maximize", sampler=module.samplers.RandomSampler(seed=3))
    study.enqueue_trial({"kind": "near", "near": 0.75}, user_attrs={"why": "it was good"})
    study.enqueue_trial({"kind": "far"})

    def stop(study: Any, trial: Any) -> None:
        if trial.number == 4:
            study.stop()

    study.optimize(objective, n_trials=20, callbacks=[stop])
    return study


@pytest.fixture(scope="session")
def again(new_study: NewStudy) -> Any:
    """A study whose `optimize` was called twice with two trials at once."""
    study = new_study()
    for _ in range(2):
        study.optimize(lambda trial: trial.suggest_int("n", 1, 50), n_trials=2, n_jobs=2)
    return study


@pytest.fixture(scope="session")
def named(module: Any, new_study: NewStudy) -> Any:
    """A study of two objectives with names; its second trial is pruned."""
    study = new_study(directions=["minimize", "maximize"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Optuna may change it
        study.set_metric_names(["loss", "accuracy"])

    def objective(trial: Any) -> tuple[float, float]:
        if trial.number == 1:
            raise module.TrialPruned
        return 0.5, 0.25

    study.optimize(objective, n_trials=2)
    return study


@pytest.fixture(scope="session")
def stopped(new_study: NewStudy) -> Any:
    """A study that its objective ends in the third trial, as it says and before it returns."""
    study = new_study(study_name="stopped")

    def objective(trial: Any) -> float:
        if trial.number == 1:
            trial.set_user_attr("study", trial.study.study_name)
            trial.set_user_attr("best", trial.study.best_value)
        if trial.number == 2:
            study.stop()
        return float(trial.number)

    study.optimize(objective, n_trials=9)
    return study
