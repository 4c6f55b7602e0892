"""A study as one dictionary."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from automl.errors import SpecError
from automl.hpo import algorithm, budget, earlystop, hyperparam, objective, pruner, reader, task
from automl.registry import did_you_mean

KEYS = (
    "hyperparams",
    "tasks",
    "objectives",
    "algorithm",
    "pruner",
    "budget",
    "earlystop",
    "environment",
)
ENVIRONMENT_KEYS = (
    "mode",
    "user_id",
    "name",
    "study_dir",
    "direction",
    "final",
    "constraints",
    "rules",
    "start_with",
    "warm_start",
    "early_stopping",
    "repeats",
    "confirm",
    "confirm_seeds",
    "seed",
    "cwd",
    "env",
    "secret_env",
    "fresh",
    "fail_fast",
    "grace",
    "max_runtime",
    "trial_timeout",
    "no_progress_timeout",
    "max_retries",
    "memory_per_trial",
    "gpus",
    "gpus_per_trial",
    "cpus_per_trial",
    "nice",
    "detach",
)


def from_dictionary(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords of `AutoTuner` that a dictionary describes.

    Raises:
        SpecError: a key is unknown or missing, or what it holds cannot be created.
    """
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
    keywords = {
        "hyperparams": [_made(hyperparam, one) for one in _items(data, "hyperparams")],
        "task_list": [_made_task(one) for one in _items(data, "tasks")],
        **environment,
    }
    for key, door in (("algorithm", algorithm), ("pruner", pruner), ("earlystop", earlystop)):
        if data.get(key) is not None:
            keywords[key] = _made(door, data[key])
    if data.get("budget") is not None:
        keywords["budget"] = _plainly_made(budget, data["budget"])
    if data.get("objectives") is not None:
        keywords["objectives"] = [
            _plainly_made(objective, one) for one in _items(data, "objectives")
        ]
    return keywords


def _items(data: Mapping[str, Any], key: str) -> Sequence[Any]:
    items = data[key]
    if not isinstance(items, list | tuple):
        raise SpecError(f"create_tuner: {key} must be a list, got {items!r}")
    return items


def _made_task(one: Any) -> Any:  # noqa: ANN401 - a dictionary or a task
    readers = one.get("metric_reader") if isinstance(one, Mapping) else None
    if isinstance(readers, Mapping):
        return _made(task, {**one, "metric_reader": _made(reader, readers)})
    if isinstance(readers, list | tuple):
        return _made(task, {**one, "metric_reader": [_made(reader, each) for each in readers]})
    return _made(task, one)


def _plainly_made(door: Any, one: Any) -> Any:  # noqa: ANN401 - one of our modules with `create`
    """Return what a dictionary without a type describes."""
    if not isinstance(one, Mapping):
        return one
    known = inspect.signature(door.create).parameters
    what = f"create_tuner: {door.__name__.rpartition('.')[2]}"
    _check_keys(what, one, list(known))
    for name, option in known.items():
        if option.default is inspect.Parameter.empty and name not in one:
            raise SpecError(f"{what}: the key {name!r} is missing; known: {_list(list(known))}")
    return door.create(**one)


def _made(door: Any, one: Any) -> Any:  # noqa: ANN401 - one of our modules with `create`
    if not isinstance(one, Mapping):
        return one
    if "type" not in one:
        raise SpecError(f"create_tuner: {dict(one)!r} has no 'type'")
    for option in one:
        if not isinstance(option, str):
            raise SpecError(f"create_tuner: {dict(one)!r}: the key {option!r} is no string")
    return door.create(**one)


def _check_keys(what: str, data: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in data:
        if key not in known:
            raise SpecError(
                f"{what}: unknown key {key!r}{did_you_mean(str(key), known)}; known: {_list(known)}"
            )


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)
