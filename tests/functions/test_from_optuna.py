"""Samplers and pruners of Optuna's words, as types of a study by their arguments."""

from collections.abc import Callable
from typing import Any

import optuna
import pytest

import automl
from automl.errors import SpecError
from automl.functions.choices import pruners, samplers
from automl.functions.described import described_study
from automl.study.spec import Algorithm, PrunerSpec

pytestmark = pytest.mark.filterwarnings("ignore")

SAMPLERS: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("TPESampler", {}, "tpe", {"initial_trials_num": 10}),
    (
        "TPESampler",
        {"n_startup_trials": 5, "multivariate": False},
        "tpe",
        {"initial_trials_num": 5, "multivariate": False},
    ),
    ("TPESampler", {"multivariate": True, "group": True}, "tpe", {"multivariate": True}),
    ("RandomSampler", {}, "random", {}),
    ("BruteForceSampler", {"seed": 1}, "random", {}),
    ("QMCSampler", {"scramble": True}, "sobol", {}),
    ("GridSampler", {"search_space": {"x": [1, 2]}}, "grid", {"search_space": {"x": [1, 2]}}),
    ("CmaEsSampler", {"popsize": 7}, "cmaes", {"population_size": 7}),
    ("NSGAIISampler", {"population_size": 9}, "evolution", {"population_size": 9}),
    ("NSGAIIISampler", {}, "evolution", {"population_size": 50, "variant": "III"}),
]
PRUNERS: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("MedianPruner", {}, "median", {"startup_trials": 5, "start_step": 0}),
    (
        "MedianPruner",
        {"n_startup_trials": 0, "n_warmup_steps": 3, "n_min_trials": 2},
        "median",
        {"startup_trials": 2, "start_step": 3},
    ),
    ("PercentilePruner", {"percentile": 25.0}, "percentile", {"percentile": 25.0}),
    ("SuccessiveHalvingPruner", {}, "asha", {"factor": 4}),
    (
        "SuccessiveHalvingPruner",
        {"min_resource": 2, "reduction_factor": 3, "min_early_stopping_rate": 1},
        "asha",
        {"factor": 3, "start_step": 6},
    ),
    (
        "HyperbandPruner",
        {"max_resource": 81},
        "hyperband",
        {"factor": 3, "start_step": 1, "max_step": 81, "brackets": 5},
    ),
    ("HyperbandPruner", {"min_resource": 2}, "hyperband", {"factor": 3, "start_step": 2}),
    ("ThresholdPruner", {"upper": 1.5}, "threshold", {"upper": 1.5, "start_step": 0}),
    ("WilcoxonPruner", {"p_threshold": 0.2}, "wilcoxon", {"p_threshold": 0.2}),
]


@pytest.mark.parametrize("module", [optuna.samplers, samplers])
@pytest.mark.parametrize(("name", "given", "kind", "options"), SAMPLERS)
def test_a_sampler_becomes_an_algorithm(
    module: Any, name: str, given: dict[str, Any], kind: str, options: dict[str, Any]
) -> None:
    found = described_study({"sampler": getattr(module, name)(**given)})["algorithm"]
    assert isinstance(found, Algorithm)
    assert found.type == kind
    assert {**found.options, **options} == found.options


@pytest.mark.parametrize("module", [optuna.pruners, pruners])
@pytest.mark.parametrize(("name", "given", "kind", "options"), PRUNERS)
def test_a_pruner_becomes_one_of_ours(
    module: Any, name: str, given: dict[str, Any], kind: str, options: dict[str, Any]
) -> None:
    found = described_study({"pruner": getattr(module, name)(**given)})["pruner"]
    assert isinstance(found, PrunerSpec)
    assert found.type == kind
    assert {**found.options, **options} == found.options


@pytest.mark.parametrize("module", [optuna.pruners, pruners])
def test_a_patient_pruner_takes_what_it_wraps(module: Any) -> None:
    wrapped = module.MedianPruner(n_startup_trials=3)
    found = described_study({"pruner": module.PatientPruner(wrapped, patience=2)})["pruner"]
    assert found.type == "patient"
    assert (found.options["wraps"], found.options["startup_trials"]) == ("median", 3)
    alone = described_study({"pruner": module.PatientPruner(None, patience=2)})["pruner"]
    assert alone.options["wraps"] is None


@pytest.mark.parametrize("module", [optuna.pruners, pruners])
def test_no_pruner_is_none(module: Any) -> None:
    assert described_study({"pruner": module.NopPruner()})["pruner"] is None
    never = module.PatientPruner(module.NopPruner(), patience=2)
    assert described_study({"pruner": never})["pruner"] is None


def test_a_seed_is_the_studys_unless_it_has_one() -> None:
    sampler = samplers.TPESampler(seed=1)
    assert described_study({"sampler": sampler})["seed"] == 1
    assert described_study({"sampler": sampler, "seed": 2})["seed"] == 2
    assert "seed" not in described_study({"sampler": samplers.TPESampler()})


@pytest.mark.parametrize(
    ("make", "setting"),
    [
        (lambda: optuna.samplers.TPESampler(n_ei_candidates=3), "n_ei_candidates"),
        (lambda: optuna.samplers.TPESampler(gamma=lambda n: n), "gamma"),
        (lambda: optuna.samplers.TPESampler(prior_weight=2.0), "prior_weight"),
        (lambda: optuna.samplers.TPESampler(constraints_func=lambda _: [0]), "constraints_func"),
        (lambda: optuna.samplers.CmaEsSampler(x0={"x": 1}), "x0"),
        (lambda: optuna.samplers.CmaEsSampler(with_margin=True), "with_margin"),
        (lambda: optuna.samplers.NSGAIISampler(mutation_prob=0.3), "mutation_prob"),
        (lambda: optuna.samplers.QMCSampler(qmc_type="halton"), "qmc_type"),
        (lambda: samplers.QMCSampler(qmc_type="halton"), "qmc_type"),
    ],
)
def test_what_only_optuna_has_is_refused_with_a_way_to_have_it(
    make: Callable[[], object], setting: str
) -> None:
    with pytest.raises(SpecError, match=f"{setting}=...") as refused:
        described_study({"sampler": make()})
    assert "'optuna.samplers:" in str(refused.value)
    assert "sampler='package:Class'" in str(refused.value)


class MySampler(optuna.samplers.RandomSampler):
    """As users write one."""


class MyPruner(optuna.pruners.NopPruner):
    """As users write one."""


@pytest.mark.parametrize("sampler", [MySampler(), optuna.samplers.BaseSampler, object()])
def test_other_samplers_are_refused_by_the_name_of_a_class(sampler: object) -> None:
    with pytest.raises(SpecError, match="sampler='package:Class'"):
        described_study({"sampler": sampler})


@pytest.mark.parametrize("pruner", [MyPruner(), object(), samplers.RandomSampler()])
def test_other_pruners_are_refused(pruner: object) -> None:
    with pytest.raises(SpecError, match=r"automl\.pruners"):
        described_study({"pruner": pruner})


@pytest.mark.parametrize(
    "make",
    [
        lambda: pruners.MedianPruner(interval_steps=2),
        lambda: pruners.ThresholdPruner(upper=1, interval_steps=2),
        lambda: pruners.SuccessiveHalvingPruner(bootstrap_count=2),
        lambda: pruners.HyperbandPruner(bootstrap_count=2),
        lambda: pruners.PatientPruner("median", 2),  # type: ignore[arg-type]
        lambda: samplers.TPESampler(n_startup_trials=-1),
        lambda: samplers.GridSampler({}),
    ],
)
def test_arguments_that_cannot_be_kept_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(SpecError):
        make()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"n_ei_candidates": 48}, r"algorithm\.create\('optuna\.samplers:TPESampler', n_ei_cand"),
        ({"n_startup_trial": 5}, "did you mean 'n_startup_trials'"),
    ],
)
def test_an_argument_that_only_optuna_has_is_refused_with_a_way_to_have_it(
    given: dict[str, Any], told: str
) -> None:
    with pytest.raises(TypeError, match=told):
        samplers.TPESampler(**given)


def test_a_sampler_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(AttributeError, match="did you mean 'TPESampler'"):
        _ = automl.samplers.TPESamplr  # type: ignore[attr-defined]


def test_a_sampler_that_has_no_like_is_refused_when_it_is_made() -> None:
    with pytest.raises(SpecError, match="enqueue_trial"):
        samplers.PartialFixedSampler({"x": 1}, samplers.TPESampler())


def test_a_class_of_ones_own_is_refused_where_it_is_defined() -> None:
    with pytest.raises(TypeError, match=r"optuna\.samplers\.BaseSampler.*sampler='.*:Mine'"):
        type("Mine", (samplers.BaseSampler,), {})
    with pytest.raises(TypeError, match="TrialPruned"):
        type("Mine", (pruners.BasePruner,), {})


def test_a_gaussian_process_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automl.search.recipes.check_installed", lambda _: None)
    for module in (optuna.samplers, samplers):
        given = module.GPSampler(n_startup_trials=7)  # type: ignore[attr-defined]
        found = described_study({"sampler": given})["algorithm"]
        assert (found.type, found.options) == ("gp", {"initial_trials_num": 7})


def of_optuna(name: str, base: type, **kept: Any) -> Any:
    """Return an object of a class of Optuna as another release may have it."""
    made = base.__new__(type(name, (base,), {"__module__": base.__module__, **kept}))
    vars(made).update(vars(base()))
    return made


@pytest.mark.parametrize(
    ("what", "base", "lost"),
    [
        ("sampler", optuna.samplers.TPESampler, "_n_startup_trials"),
        ("sampler", optuna.samplers.NSGAIISampler, "_population_size"),
        ("pruner", optuna.pruners.MedianPruner, "_n_warmup_steps"),
        ("pruner", optuna.pruners.HyperbandPruner, "_max_resource"),
    ],
)
def test_an_object_of_a_release_that_renamed_something_is_refused(
    what: str, base: type, lost: str
) -> None:
    given = of_optuna(base.__name__, base)
    assert described_study({what: given})
    del vars(given)[lost]
    told = rf"^{what}: the arguments of {base.__name__} cannot be read .*{lost}.*automl\.{what}s\."
    with pytest.raises(SpecError, match=told):
        described_study({what: given})


def test_a_sampler_that_cannot_be_made_by_its_old_arguments_is_refused() -> None:
    def made(self: Any, *, startup: int = 10) -> None:
        del self, startup

    given = of_optuna("TPESampler", optuna.samplers.TPESampler, __init__=made)
    with pytest.raises(SpecError, match=r"cannot be read .*n_startup_trials.*\.TPESampler"):
        described_study({"sampler": given})


@pytest.mark.parametrize("patience", [0, 3])
def test_a_pruner_with_an_argument_of_a_later_release_is_refused(patience: int) -> None:
    def made(self: Any, n_startup_trials: int = 5, patience: int = 0) -> None:
        del self, n_startup_trials, patience

    given = of_optuna("MedianPruner", optuna.pruners.MedianPruner, __init__=made)
    given._patience = patience
    if patience:
        with pytest.raises(SpecError, match="MedianPruner has patience set"):
            described_study({"pruner": given})
    else:
        assert described_study({"pruner": given})["pruner"].type == "median"
