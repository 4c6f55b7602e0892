"""A study as one dictionary."""

from collections.abc import Mapping, Sequence
from typing import Any

from automl.errors import SpecError
from automl.hpo import algorithm, earlystop, hyperparam, reader, task
from automl.registry import did_you_mean

KEYS = ("hyperparams", "tasks", "algorithm", "earlystop", "environment")
ENVIRONMENT_KEYS = (
    "mode",
    "user_id",
    "name",
    "study_dir",
    "direction",
    "final",
    "seed",
    "cwd",
    "env",
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
    if data.get("algorithm") is not None:
        keywords["algorithm"] = _made(algorithm, data["algorithm"])
    if data.get("earlystop") is not None:
        keywords["earlystop"] = _made(earlystop, data["earlystop"])
    return keywords


def _items(data: Mapping[str, Any], key: str) -> Sequence[Any]:
    items = data[key]
    if not isinstance(items, list | tuple):
        raise SpecError(f"create_tuner: {key} must be a list, got {items!r}")
    return items


def _made_task(one: Any) -> Any:  # noqa: ANN401 - a dictionary or a task
    if isinstance(one, Mapping) and isinstance(one.get("metric_reader"), Mapping):
        return _made(task, {**one, "metric_reader": _made(reader, one["metric_reader"])})
    return _made(task, one)


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
