"""How a study is run, from what a script made or from a dictionary: algorithm, limits, place."""

from typing import Any

from automl.executors.modes import MODES
from automl.search.algorithms import ALGORITHMS
from automl.search.pruning.pruners import PRUNERS
from automl.spelling.spelling import spelled_part
from automl.studies.given.early_stops import EARLY_STOPS
from automl.studies.given.kinds import Kind, listed
from automl.studies.given.making import is_a, type_and_options, typed, untyped
from automl.studies.given.place import at
from automl.study.budget import Budget
from automl.study.limits import EarlyStop
from automl.study.objective import Objective
from automl.study.spec import Algorithm, PrunerSpec


def algorithm(value: Any, place: str) -> Algorithm:  # noqa: ANN401 - as users give it
    """Return the choice of an algorithm; of one that is a class, only a check can import it."""
    allowed = f"{spelled_part('algorithm')} or its type"
    if isinstance(value, Algorithm):
        return value
    type_name, options = type_and_options(value, place, allowed)
    if not (isinstance(type_name, str) and ":" in type_name):
        with at(place, ["type", *options]):
            ALGORITHMS.create(type_name, options)
    return Algorithm(type=type_name, options=options)


def pruner(value: Any, place: str) -> PrunerSpec:  # noqa: ANN401 - as users give it
    """Return the choice of a pruner."""
    if isinstance(value, PrunerSpec):
        return value
    type_name, options = type_and_options(value, place, f"{spelled_part('pruner')} or its type")
    with at(place, ["type", *options]):
        PRUNERS.create(type_name, options)
    return PrunerSpec(type=type_name, options=options)


def early_stop(value: Any, place: str) -> Any:  # noqa: ANN401 - what ends a study
    """Return what ends a study early."""
    return typed(EARLY_STOPS, is_a(EarlyStop), value, place, spelled_part("earlystop"))


def budget(value: Any, place: str) -> Any:  # noqa: ANN401 - a budget
    """Return a budget."""
    return untyped(Budget, value, place, spelled_part("budget"))


def objective(value: Any, place: str) -> Any:  # noqa: ANN401 - an objective
    """Return an objective."""
    return untyped(Objective, value, place, spelled_part("objectives"))


def mode(value: Any, place: str) -> str:  # noqa: ANN401 - as users give it
    """Return the name of where trials run."""
    with at(place):
        MODES.factory(value)
    return str(value)


OBJECTIVES_KIND = listed(
    Kind("an objective", "Objective", objective),
    "a list of objectives",
    "Sequence[Objective] | None",
)
ALGORITHM_KIND = Kind("an algorithm, or its type", "Algorithm | str | None", algorithm)
PRUNER_KIND = Kind("a pruner, or its type", "PrunerSpec | str | None", pruner)
BUDGET_KIND = Kind("a budget", "Budget | None", budget)
EARLY_STOP_KIND = Kind("what ends the study early", "EarlyStop | None", early_stop)
MODE_KIND = Kind("the name of an executor", "str", mode)
