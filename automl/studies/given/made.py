"""What a script makes by `create`, from what it made or from the dictionary that describes it."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from automl.errors import SpecError
from automl.executors.modes import MODES
from automl.launch.tasks.kinds import TASKS
from automl.readers.registry import READERS
from automl.registry import Registry, did_you_mean
from automl.search.algorithms import ALGORITHMS
from automl.search.pruning.pruners import PRUNERS
from automl.space.kinds.registry import PARAMETERS
from automl.space.parameters import SpaceItem
from automl.studies.given.early_stops import EARLY_STOPS
from automl.studies.given.kinds import Kind, listed
from automl.studies.given.place import at, below, shown
from automl.study.budget import Budget
from automl.study.limits import EarlyStop
from automl.study.objective import Objective
from automl.study.reader import check_reader, is_reader
from automl.study.spec import Algorithm, PrunerSpec
from automl.study.task import Task


def parameter(value: Any, place: str) -> Any:  # noqa: ANN401 - a parameter
    """Return a parameter; those within a choice are made first, each at its own place."""
    if isinstance(value, Mapping) and isinstance(labels := value.get("options"), Mapping):
        inner = below(place, "options")
        options = {
            label: _items(items, below(inner, str(label))) for label, items in labels.items()
        }
        value = {**value, "options": options}
    return _typed(PARAMETERS, _is(SpaceItem), value, place, "hyperparam.create(...)")


def _items(items: Any, place: str) -> Any:  # noqa: ANN401 - refused by the choice if it is no list
    if not isinstance(items, list | tuple):
        return items
    return [
        parameter(item, f"{place}[{number}]") if isinstance(item, Mapping) else item
        for number, item in enumerate(items)
    ]


def task(value: Any, place: str) -> Any:  # noqa: ANN401 - a task
    """Return a task; its readers are made first, each at its own place."""
    if isinstance(value, Mapping) and "metric_reader" in value:
        inner, readers = below(place, "metric_reader"), value["metric_reader"]
        if isinstance(readers, list | tuple):
            made: Any = [_reader(one, f"{inner}[{number}]") for number, one in enumerate(readers)]
        else:
            made = _reader(readers, inner)
        value = {**value, "metric_reader": made}
    return _typed(TASKS, _is(Task), value, place, "task.create(...)")


def _reader(value: Any, place: str) -> Any:  # noqa: ANN401 - a reader; else the task refuses it
    if not isinstance(value, Mapping):
        return value
    made = _typed(READERS, is_reader, value, place, "reader.create(...)")
    with at(place):
        return check_reader(made)


def algorithm(value: Any, place: str) -> Algorithm:  # noqa: ANN401 - as users give it
    """Return the choice of an algorithm; of one that is a class, only a check can import it."""
    allowed = "algorithm.create(...) or its type"
    if isinstance(value, Algorithm):
        return value
    type_name, options = _type_and_options(value, place, allowed)
    if not (isinstance(type_name, str) and ":" in type_name):
        with at(place, ["type", *options]):
            ALGORITHMS.create(type_name, options)
    return Algorithm(type=type_name, options=options)


def pruner(value: Any, place: str) -> PrunerSpec:  # noqa: ANN401 - as users give it
    """Return the choice of a pruner."""
    if isinstance(value, PrunerSpec):
        return value
    type_name, options = _type_and_options(value, place, "pruner.create(...) or its type")
    with at(place, ["type", *options]):
        PRUNERS.create(type_name, options)
    return PrunerSpec(type=type_name, options=options)


def early_stop(value: Any, place: str) -> Any:  # noqa: ANN401 - what ends a study
    """Return what ends a study early."""
    return _typed(EARLY_STOPS, _is(EarlyStop), value, place, "earlystop.create(...)")


def budget(value: Any, place: str) -> Any:  # noqa: ANN401 - a budget
    """Return a budget."""
    return _untyped(Budget, value, place, "budget.create(...)")


def objective(value: Any, place: str) -> Any:  # noqa: ANN401 - an objective
    """Return an objective."""
    return _untyped(Objective, value, place, "objective.create(...)")


def mode(value: Any, place: str) -> str:  # noqa: ANN401 - as users give it
    """Return the name of where trials run."""
    with at(place):
        MODES.factory(value)
    return str(value)


def _typed(
    registry: Registry[Any],
    is_made: Callable[[object], bool],
    value: Any,  # noqa: ANN401 - as users give it
    place: str,
    maker: str,
) -> Any:  # noqa: ANN401 - of the registry's kind
    """Return what a dictionary with a type describes, or what was made already."""
    if is_made(value):
        return value
    if not isinstance(value, Mapping):
        raise SpecError(f"{place} is {shown(value)}; give it {maker}", place=place)
    type_name, options = _type_and_options(value, place, maker)
    with at(place, ["type", *options, *_options_of(registry, type_name)]):
        return registry.create(type_name, options)


def _is(kind: Any) -> Callable[[object], bool]:  # noqa: ANN401 - a type or union
    return lambda value: isinstance(value, kind)


def _untyped(kind: Callable[..., Any], value: Any, place: str, maker: str) -> Any:  # noqa: ANN401
    """Return what a dictionary without a type describes, or what was made already."""
    if isinstance(value, kind):  # type: ignore[arg-type]
        return value
    if not isinstance(value, Mapping):
        raise SpecError(f"{place} is {shown(value)}; give it {maker}", place=place)
    known = inspect.signature(kind).parameters
    listing = ", ".join(known)
    for key in value:
        if key not in known:
            near = did_you_mean(str(key), known)
            told = f"{place}: unknown key {key!r}{near}; known: {listing}"
            raise SpecError(told, place=below(place, str(key)))
    for name, option in known.items():
        if option.default is inspect.Parameter.empty and name not in value:
            told = f"{place}: the key {name!r} is missing; known: {listing}"
            raise SpecError(told, place=below(place, name))
    with at(place, known):
        return kind(**value)


def _type_and_options(value: object, place: str, maker: str) -> tuple[Any, dict[str, Any]]:
    """Return the type and the options that a text or a dictionary gives."""
    if isinstance(value, str):
        return value, {}
    if not isinstance(value, Mapping):
        raise SpecError(f"{place} is {shown(value)}; give it {maker}", place=place)
    options = dict(value)
    if "type" not in options:
        raise SpecError(
            f"{place}: {shown(options)} has no 'type'; give it one", place=below(place, "type")
        )
    return options.pop("type"), options


def _options_of(registry: Registry[Any], type_name: object) -> list[str]:
    known = isinstance(type_name, str) and type_name in registry.names()
    return registry.options(str(type_name)) if known else []


PARAMETERS_KIND = listed(
    Kind("a parameter", "SpaceItem", parameter), "a list of parameters", "Sequence[SpaceItem]"
)
TASKS_KIND = listed(Kind("a task", "Task", task), "a list of tasks", "Sequence[Task]")
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
