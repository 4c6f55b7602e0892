"""A study as one dictionary, in the form that `AutoTuner.create_tuner` takes."""

from collections.abc import Mapping, Sequence
from typing import Any

from automl.brief_errors import ensure_brief_errors
from automl.errors import SpecError, shown
from automl.registry import did_you_mean
from automl.studies.keywords import BY_NAME, KEYWORDS

MADE = (
    "hyperparams",
    "task_list",
    "objectives",
    "algorithm",
    "pruner",
    "budget",
    "earlystop",
)
"""The keywords that have a key of their own; all others stand in `environment`."""

KEYS = (*(BY_NAME[name].also or name for name in MADE), "environment")
ENVIRONMENT_KEYS = tuple(
    row.name for row in KEYWORDS if row.name not in {*MADE, "max_parallel", "max_trial_num"}
)


def from_dictionary(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords of `AutoTuner` that a dictionary of a script describes.

    Raises:
        SpecError: a key is unknown or missing, or what it holds cannot be created.
    """
    ensure_brief_errors()
    if not isinstance(data, Mapping):
        raise SpecError(f"create_tuner needs a dictionary, got {data!r}")
    _check_keys("create_tuner", data, KEYS)
    for needed in ("hyperparams", "tasks"):
        if needed not in data:
            raise SpecError(f"create_tuner: the key {needed!r} is missing; known: {_list(KEYS)}")
    environment = {} if data.get("environment") is None else data["environment"]
    if not isinstance(environment, Mapping):
        raise SpecError(f"create_tuner: environment must be a dictionary, got {environment!r}")
    _check_keys("environment", environment, ENVIRONMENT_KEYS)
    try:
        made = {
            row.name: row.read(data[key], key)
            for row, key in ((BY_NAME[name], BY_NAME[name].also or name) for name in MADE)
            if key in data
        }
    except SpecError as error:
        raise SpecError(f"create_tuner: {error}", place=error.place) from error
    return {**made, **environment}


def refuse_dictionaries(given: Mapping[str, Any]) -> None:
    """Refuse what only a dictionary or a file may have in place of what `create` returns.

    Raises:
        SpecError: an item is a dictionary; in a script, its options would be checked too late.
    """
    for name, maker in _MAKERS.items():
        items = given.get(name)
        listed = items if isinstance(items, list | tuple) else [items]
        for number, item in enumerate(listed):
            if isinstance(item, Mapping):
                place = f"{name}[{number}]" if listed is items else name
                raise SpecError(f"{place} is {shown(item)}; give it {maker}", place=place)


def _check_keys(what: str, data: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in data:
        if key not in known:
            raise SpecError(
                f"{what}: unknown key {key!r}{did_you_mean(str(key), known)}; known: {_list(known)}"
            )


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)


_MAKERS = {
    "hyperparams": "hyperparam.create(...)",
    "task_list": "task.create(...)",
    "objectives": "objective.create(...)",
    "algorithm": "algorithm.create(...) or its type",
    "pruner": "pruner.create(...) or its type",
    "budget": "budget.create(...)",
    "earlystop": "earlystop.create(...)",
}
