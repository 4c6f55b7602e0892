"""A study as plain values by keyword; and what the journal keeps of it, read back."""

import dataclasses
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from automl.errors import JournalError
from automl.space.kinds.registry import parameter_from
from automl.space.space import SearchSpace, described_parameters
from automl.study.constraint import odd_names
from automl.study.limits import EarlyStop, TrialLimits
from automl.study.objective import METRIC, Direction, Final, Objective, Objectives
from automl.study.records.identity import readers_in, readings_of
from automl.study.spec import StudySpec
from automl.study.tasks.reader import Reader, is_reader
from automl.study.tasks.task import Task, readers_of

_NEVER = ("fail_fast",)
"""Keywords for which None says something else than that they are not given."""


def describe(spec: StudySpec) -> dict[str, Any]:
    """Return a study as plain JSON values by keyword, of which `spec_from` makes it again.

    Keywords that are not given, or have no items, are left out.
    """
    limits, resources, noise = spec.limits, spec.resources, spec.noise
    values = {
        "name": spec.name,
        "hyperparams": described_parameters(spec.space),
        **_tasks(spec),
        "max_parallel": limits.max_parallel,
        "max_trial_num": limits.max_trials,
        "mode": spec.mode,
        **_ranked_by(spec.objectives),
        "rules": spec.space.rules,
        "algorithm": {"type": spec.algorithm.type, **spec.algorithm.options},
        "start_with": [dict(params) for params in spec.start_with],
        "pruner": {"type": spec.pruner.type, **spec.pruner.options} if spec.pruner else None,
        "budget": _fields(spec.budget, ("name", "min", "max", "factor", "brackets")),
        "repeats": noise.repeats,
        "confirm": noise.confirm,
        "confirm_seeds": noise.confirm_seeds,
        "earlystop": _early_stop(spec.early_stop),
        "seed": spec.seed,
        "cwd": spec.cwd,
        "workspace": spec.workspace.describe() if spec.workspace else None,
        "env": dict(spec.env),
        "secret_env": spec.secret_env,
        "keep": spec.keep.which,
        "artifacts": spec.keep.artifacts,
        "on_end": spec.on_end,
        "fail_fast": limits.fail_fast,
        "grace": limits.grace_s,
        "max_runtime": limits.max_runtime_s,
        "trial_timeout": _timeout(spec.trial_limits),
        "no_progress_timeout": spec.trial_limits.no_progress_s,
        "max_retries": spec.trial_limits.max_retries,
        "memory_per_trial": resources.memory_bytes,
        "gpus": resources.gpus,
        "gpus_per_trial": resources.gpus_per_trial,
        "cpus_per_trial": resources.cpus,
        "nice": resources.nice,
        "detach": spec.detach,
    }
    given = {
        name: value
        for name, value in values.items()
        if name in _NEVER or (value is not None and value not in ((), [], {}))
    }
    return json.loads(json.dumps(given))  # type: ignore[no-any-return]


def _tasks(spec: StudySpec) -> dict[str, Any]:
    """Return the tasks; of a function, which is the only one, what it is and where."""
    if not spec.of_functions or len(spec.tasks) > 1:
        return {"task_list": [_task(task) for task in spec.tasks]}
    options = _options(spec.tasks[0])
    # What it is read by, the objectives tell.
    options.pop("metric_reader", None)
    return {"function": options if len(options) > 1 else options["function"]}


def _task(task: Task) -> dict[str, Any]:
    """Return a task of any kind as its type, which is its class, and the options it was given."""
    options = _options(task)
    if "metric_reader" in options:
        readers = [_reader(one) for one in readers_of(options["metric_reader"])]
        alone = is_reader(options["metric_reader"])
        options["metric_reader"] = readers[0] if alone else readers
    if "files" in options:
        options["files"] = [one.describe() for one in options["files"]]
    return {"type": type(task).__name__, **options}


def _reader(reader: Reader) -> dict[str, Any]:
    return {"type": reader.type, **_options(reader)}


def _options(one: Any) -> dict[str, Any]:  # noqa: ANN401 - a dataclass of options
    """Return the options of a description that differ from their defaults."""
    values = {field: getattr(one, field.name) for field in dataclasses.fields(one)}
    return {field.name: value for field, value in values.items() if value != field.default}


def _given(one: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def _fields(one: object | None, names: tuple[str, ...]) -> dict[str, Any] | None:
    return None if one is None else _given(one, names)


def _ranked_by(objectives: Objectives) -> dict[str, Any]:
    """Return the direction of an only metric without a name, or else the objectives."""
    first = objectives.items[0]
    constraints = {"constraints": objectives.constraints}
    if len(objectives.items) == 1 and first.metric == METRIC and first.weight is None:
        return {"direction": first.direction, "final": first.final, **constraints}
    names = ("metric", "direction", "final", "weight")
    # The usual direction of a sum need not be told.
    down = objectives.weighted and objectives.direction is Direction.MINIMIZE
    summed = {"direction": objectives.direction} if down else {}
    items = [_given(one, names) for one in objectives.items]
    return {"objectives": items, **summed, **constraints}


def _early_stop(stop: EarlyStop | None) -> dict[str, Any] | None:
    if stop is None:
        return None
    kind = "large_is_better" if stop.direction is Direction.MAXIMIZE else "small_is_better"
    return {"type": kind, "threshold": stop.threshold, "max_runtime": stop.max_runtime_s}


def _timeout(limits: TrialLimits) -> float | str | None:
    """Return the duration of an attempt, or how many medians it is, as `trial_timeout` takes it."""
    if limits.timeout_factor is None:
        return limits.timeout_s
    # Not as Python writes large numbers, with an exponent.
    return f"{Decimal(repr(limits.timeout_factor)):f}x"


def space_from(description: Mapping[str, Any]) -> SearchSpace:
    """Return the space of a study that `StudySpec.describe` described.

    Raises:
        JournalError: the description is damaged, or a newer release wrote it.
    """
    try:
        parameters = [parameter_from(one) for one in description["hyperparams"]]
        rules, learnt = tuple(description.get("rules", ())), bool(description.get("learnt", False))
        return SearchSpace(tuple(parameters), rules=rules, learnt=learnt)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unknown("the space", error) from error


def objectives_from(description: Mapping[str, Any]) -> Objectives:
    """Return the objectives of a study that `StudySpec.describe` described.

    Raises:
        JournalError: the description is damaged, or a newer release wrote it.
    """
    usual = {
        "direction": description.get("direction", Direction.MAXIMIZE),
        "final": description.get("final", Final.LAST),
    }
    try:
        items = [Objective(**one) for one in description.get("objectives", [usual])]
        constraints = tuple(description.get("constraints", ()))
        read = (str(one.get("metric", METRIC)) for one in readers_in(readings_of(description)))
        odd = odd_names(read, constraints) if constraints else ()
        return Objectives(tuple(items), constraints, Direction(usual["direction"]), odd)
    except (TypeError, ValueError) as error:
        raise _unknown("the objectives", error) from error


def _unknown(what: str, error: Exception) -> JournalError:
    return JournalError(
        f"the journal describes {what} in a way that this release does not know: "
        f"{type(error).__name__}: {error}. Use the release of automl that wrote it, or a newer "
        "one, with the packages that add to it"
    )
