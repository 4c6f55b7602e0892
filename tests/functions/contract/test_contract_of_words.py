"""The names of samplers, pruners, states and exceptions: alike in Optuna and here."""

from typing import Any

import optuna
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("contract")]

SAMPLERS: list[tuple[str, dict[str, Any]]] = [
    ("TPESampler", {}),
    ("TPESampler", {"n_startup_trials": 5, "multivariate": True, "seed": 1}),
    ("RandomSampler", {"seed": 1}),
    ("QMCSampler", {"qmc_type": "sobol", "seed": 1}),
    ("GridSampler", {"search_space": {"x": [0.0, 0.5]}}),
    ("CmaEsSampler", {"popsize": 6}),
    ("NSGAIISampler", {"population_size": 10, "seed": 3}),
    ("NSGAIIISampler", {"population_size": 10}),
]
PRUNERS: list[tuple[str, dict[str, Any]]] = [
    ("MedianPruner", {}),
    ("MedianPruner", {"n_startup_trials": 5, "n_warmup_steps": 10}),
    ("PercentilePruner", {"percentile": 25.0, "n_warmup_steps": 2}),
    ("SuccessiveHalvingPruner", {}),
    ("SuccessiveHalvingPruner", {"min_resource": 2, "reduction_factor": 4}),
    ("HyperbandPruner", {"min_resource": 1, "max_resource": 81, "reduction_factor": 3}),
    ("NopPruner", {}),
    ("ThresholdPruner", {"upper": 1.0}),
    ("WilcoxonPruner", {"p_threshold": 0.2}),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "given"), SAMPLERS)
def test_a_sampler_is_taken(module: Any, new_study: Any, name: str, given: dict[str, Any]) -> None:
    sampler = getattr(module.samplers, name)(**given)
    assert new_study(sampler=sampler).trials == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "given"), PRUNERS)
def test_a_pruner_is_taken(module: Any, new_study: Any, name: str, given: dict[str, Any]) -> None:
    pruner = getattr(module.pruners, name)(**given)
    assert new_study(pruner=pruner).trials == []


@pytest.mark.filterwarnings("ignore")
def test_a_patient_pruner_wraps_another_one(module: Any, new_study: Any) -> None:
    inner = module.pruners.MedianPruner(n_startup_trials=3)
    assert new_study(pruner=module.pruners.PatientPruner(inner, patience=2)).trials == []


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("MedianPruner", {"n_startup_trials": -1}),
        ("MedianPruner", {"n_warmup_steps": -1}),
        ("PercentilePruner", {"percentile": 101.0}),
        ("SuccessiveHalvingPruner", {"reduction_factor": 1}),
        ("ThresholdPruner", {"lower": 2.0, "upper": 1.0}),
    ],
)
def test_a_wrong_argument_is_refused(module: Any, name: str, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\d|smaller|above"):
        getattr(module.pruners, name)(**given)


def test_an_unknown_argument_is_refused(module: Any) -> None:
    with pytest.raises(TypeError):
        module.samplers.TPESampler(n_startup=5)


def test_names_are_where_code_imports_them_from(module: Any) -> None:
    assert module.TrialPruned is module.exceptions.TrialPruned
    assert issubclass(module.exceptions.DuplicatedStudyError, Exception)
    assert module.Trial is module.trial.Trial
    assert module.trial.FrozenTrial.__name__ == "FrozenTrial"


def test_a_grid_is_walked(module: Any, new_study: Any) -> None:
    grid = {"x": [0.0, 0.5], "kind": ["a", "b"]}
    study = new_study(sampler=module.samplers.GridSampler(grid))

    def objective(trial: Any) -> float:
        x = trial.suggest_float("x", 0, 1)
        return x + (trial.suggest_categorical("kind", ["a", "b"]) == "b")

    study.optimize(objective, n_trials=4)
    assert sorted(one.value for one in study.trials) == [0, 0.5, 1, 1.5]


def test_states_and_directions_are_equal_to_optunas(module: Any, queued: Any) -> None:
    states = module.trial.TrialState
    assert list(states) == list(optuna.trial.TrialState)
    assert queued.direction == optuna.study.StudyDirection.MAXIMIZE
    assert len(queued.get_trials(states=(optuna.trial.TrialState.COMPLETE,))) == 5


def test_a_callback_of_optuna_ends_a_study(new_study: Any) -> None:
    study = new_study()
    ends = optuna.study.MaxTrialsCallback(2, states=(optuna.trial.TrialState.COMPLETE,))
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=9, callbacks=[ends])
    assert len(study.trials) == 2
