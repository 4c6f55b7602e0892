"""Names that code imports one by one, and what they do without a study: alike in both modules."""

import copy
import importlib
import pickle
import warnings
from types import SimpleNamespace
from typing import Any

import pytest

NAMES = {
    "": "Study Trial TrialPruned create_study create_trial delete_study get_all_study_names "
    "get_all_study_summaries load_study",
    "distributions": "BaseDistribution CategoricalDistribution DiscreteUniformDistribution "
    "FloatDistribution IntDistribution IntLogUniformDistribution IntUniformDistribution "
    "LogUniformDistribution UniformDistribution",
    "exceptions": "DuplicatedStudyError ExperimentalWarning OptunaError TrialPruned",
    "logging": "CRITICAL DEBUG ERROR FATAL INFO WARN WARNING disable_default_handler "
    "disable_propagation enable_default_handler enable_propagation get_logger get_verbosity "
    "set_verbosity",
    "pruners": "BasePruner HyperbandPruner MedianPruner NopPruner PatientPruner PercentilePruner "
    "SuccessiveHalvingPruner ThresholdPruner WilcoxonPruner",
    "samplers": "BaseSampler BruteForceSampler CmaEsSampler GPSampler GridSampler NSGAIIISampler "
    "NSGAIISampler PartialFixedSampler QMCSampler RandomSampler TPESampler",
    "study": "MaxTrialsCallback Study StudyDirection StudySummary create_study delete_study "
    "get_all_study_names get_all_study_summaries load_study",
    "trial": "FixedTrial FrozenTrial Trial TrialState create_trial",
}


@pytest.mark.parametrize(
    ("part", "name"), [(part, name) for part, names in NAMES.items() for name in names.split()]
)
def test_a_name_can_be_imported_from_its_module(module: Any, part: str, name: str) -> None:
    found: dict[str, Any] = {}
    exec(f"from {module.__name__}{part and '.'}{part} import {name}", found)  # noqa: S102
    owner = getattr(module, part) if part else module
    assert found[name] is getattr(owner, name)
    assert name in dir(importlib.import_module(owner.__name__))


@pytest.mark.parametrize("part", [part for part in NAMES if part])
def test_other_names_are_not_there(module: Any, part: str) -> None:
    assert not hasattr(getattr(module, part), "Nonesuch")
    with pytest.raises(ImportError):
        exec(f"from {module.__name__}.{part} import Nonesuch")  # noqa: S102


def test_what_is_made_is_of_its_base(module: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert isinstance(module.samplers.TPESampler(), module.samplers.BaseSampler)
        assert isinstance(module.samplers.BruteForceSampler(seed=1), module.samplers.BaseSampler)
    assert isinstance(module.pruners.MedianPruner(), module.pruners.BasePruner)
    assert issubclass(module.exceptions.DuplicatedStudyError, module.exceptions.OptunaError)


@pytest.mark.parametrize(
    ("name", "given", "attributes"),
    [
        ("FloatDistribution", (0, 1), {"low": 0.0, "high": 1.0, "log": False, "step": None}),
        ("FloatDistribution", (1, 8, True), {"low": 1.0, "high": 8.0, "log": True}),
        ("FloatDistribution", (0, 1, False, 0.25), {"step": 0.25}),
        ("IntDistribution", (1, 9), {"low": 1, "high": 9, "log": False, "step": 1}),
        ("IntDistribution", (1, 8, False, 3), {"high": 7, "step": 3}),
        ("CategoricalDistribution", (["a", None, 1],), {"choices": ("a", None, 1)}),
        ("CategoricalDistribution", ((True,),), {"choices": (True,)}),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_a_distribution_has_what_it_was_given(
    module: Any, name: str, given: tuple[Any, ...], attributes: dict[str, Any]
) -> None:
    kind = getattr(module.distributions, name)
    made = kind(*given)
    for key, value in attributes.items():
        assert getattr(made, key) == value
        assert type(getattr(made, key)) is type(value)
    assert isinstance(made, module.distributions.BaseDistribution)
    assert made == kind(*given) == copy.deepcopy(made) == pickle.loads(pickle.dumps(made))  # noqa: S301
    assert hash(made) == hash(kind(*given))
    assert made != module.distributions.IntDistribution(0, 77)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("FloatDistribution", (1, 0)),
        ("FloatDistribution", (0, 1, True)),
        ("FloatDistribution", (1, 2, True, 0.5)),
        ("IntDistribution", (2, 1)),
        ("IntDistribution", (0, 4, True)),
        ("CategoricalDistribution", ([],)),
    ],
)
def test_a_distribution_that_is_none_is_refused(
    module: Any, name: str, given: tuple[Any, ...]
) -> None:
    with pytest.raises(ValueError, match=r"low|high|log|step|choices"):
        getattr(module.distributions, name)(*given)


def test_distributions_tell_whether_they_hold_one_value(module: Any) -> None:
    kinds = module.distributions
    assert kinds.FloatDistribution(1, 1).single()
    assert kinds.IntDistribution(3, 3).single()
    assert kinds.CategoricalDistribution(["a"]).single()
    assert not kinds.FloatDistribution(0, 1).single()
    assert not kinds.IntDistribution(1, 2).single()
    assert not kinds.CategoricalDistribution(["a", "b"]).single()


def objective(trial: Any) -> float:
    x = trial.suggest_float("x", -10, 10)
    y = trial.suggest_int("y", 0, 4)
    trial.report(x, 0)
    trial.set_user_attr("kind", trial.suggest_categorical("kind", ["a", "b"]))
    return 0.0 if trial.should_prune() else x + y


def test_a_fixed_trial_gives_an_objective_its_values(module: Any) -> None:
    trial = module.trial.FixedTrial({"x": 1.5, "y": 2, "kind": "b", "more": 1}, number=4)
    assert objective(trial) == 3.5
    assert trial.params == {"x": 1.5, "y": 2, "kind": "b"}
    assert trial.user_attrs == {"kind": "b"}
    assert trial.number == 4


@pytest.mark.parametrize("given", [{"x": 1.0}, {"x": 1.0, "y": 1, "kind": "z"}])
def test_a_fixed_trial_has_no_other_values(module: Any, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"y|z"):
        objective(module.trial.FixedTrial(given))


@pytest.mark.filterwarnings("ignore")
def test_a_fixed_value_out_of_its_range_is_taken(module: Any) -> None:
    trial = module.trial.FixedTrial({"x": 11.0})
    assert trial.suggest_float("x", -10, 10) == 11


def test_a_study_is_ended_after_so_many_trials(module: Any) -> None:
    states = module.trial.TrialState
    asked: list[Any] = []
    stops: list[int] = []

    def get_trials(*, deepcopy: bool, states: Any) -> list[int]:
        assert not deepcopy
        asked.append(states)
        return [1] * len(asked)

    known = SimpleNamespace(get_trials=get_trials, stop=lambda: stops.append(len(asked)))
    ends = module.study.MaxTrialsCallback(2, states=(states.PRUNED,))
    for _ in range(3):
        ends(known, None)
    assert stops == [2, 3]
    assert asked == [(states.PRUNED,)] * 3


def test_how_much_is_told_can_be_said(module: Any) -> None:
    logging = module.logging
    library = logging.get_logger(module.__name__)
    before = library.level
    try:
        for level in (logging.ERROR, logging.WARNING, logging.DEBUG):
            logging.set_verbosity(level)
            assert logging.get_verbosity() == level
    finally:
        library.setLevel(before)
    assert logging.DEBUG < logging.INFO < logging.WARN == logging.WARNING < logging.FATAL
