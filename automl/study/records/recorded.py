"""A whole study as its journal has it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from automl.plain_data import plain
from automl.space.space import described_parameters
from automl.study.ends.keep import Keep
from automl.study.objective import METRIC
from automl.study.records.identity import identity_of, readings_of

if TYPE_CHECKING:
    from automl.study.spec import StudySpec

__all__ = ["identity_of", "read_back", "readings_of", "recorded"]


def recorded(spec: StudySpec) -> dict[str, Any]:
    """Return the whole study as plain JSON values, for `study.yaml` and the journal."""
    stop, pruner = spec.early_stop, spec.pruner
    return _as_json(
        {
            "name": spec.name,
            "hyperparams": described_parameters(spec.space),
            **({"learnt": True} if spec.space.learnt else {}),
            "rules": list(spec.space.rules),
            "limits": dataclasses.asdict(spec.limits),
            "trial_limits": dataclasses.asdict(spec.trial_limits),
            "resources": dataclasses.asdict(spec.resources),
            "algorithm": {"type": spec.algorithm.type, **spec.algorithm.options},
            "pruner": {"type": pruner.type, **pruner.options} if pruner else None,
            "confirm": spec.noise.confirm,
            "start_with": [dict(params) for params in spec.start_with],
            "early_stop": dataclasses.asdict(stop) if stop else None,
            "seed": spec.seed,
            **({} if spec.mode == "local" else {"mode": spec.mode}),
            **_cleanup(spec),
            **_keep(spec),
            "tasks": [task.describe() for task in spec.tasks],
            "direction": spec.objectives.direction,
            "final": spec.objectives.items[0].final,
            "cwd": spec.cwd,
            "env": dict(spec.env),
            **_beyond_the_usual(spec),
        }
    )


def _beyond_the_usual(spec: StudySpec) -> dict[str, Any]:
    """Return what only some studies have, so that those of earlier releases still compare."""
    beyond: dict[str, Any] = {}
    objectives = [dataclasses.asdict(one) for one in spec.objectives.items]
    if len(objectives) > 1 or objectives[0]["metric"] != METRIC:
        beyond["objectives"] = objectives
    if spec.objectives.constraints:
        beyond["constraints"] = list(spec.objectives.constraints)
    if spec.budget:
        beyond["budget"] = {
            name: getattr(spec.budget, name)
            for name in ("name", "min", "max", "factor", "brackets")
        }
    if spec.noise.repeats > 1:
        beyond["repeats"] = spec.noise.repeats
    if spec.trains_population:
        # What its trials left cannot go on in any other way, nor can others as its members.
        beyond["population"] = True
    if spec.workspace:
        beyond["workspace"] = spec.workspace.describe()
    if spec.secret_env:
        beyond["secret_env"] = sorted(set(spec.secret_env))
    return beyond


def _cleanup(spec: StudySpec) -> dict[str, Any]:
    """Return the tasks' cleanups, which may change while the study goes on."""
    cleanups = [task.cleanup for task in spec.tasks]
    return {"cleanup": cleanups} if any(cleanups) else {}


def _keep(spec: StudySpec) -> dict[str, Any]:
    """Return what of what trials leave is kept, which may change as well."""
    return {"keep": dataclasses.asdict(spec.keep)} if spec.keep != Keep() else {}


def _as_json(value: dict[str, Any]) -> dict[str, Any]:
    """Return `value` as it will be read back, so that the two can be compared."""
    return json.loads(json.dumps(value))  # type: ignore[no-any-return]


def read_back(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return options as they are read from a file, so that a list and a tuple are the same."""
    options = plain(dict(options))
    try:
        return _as_json(dict(options))
    except (TypeError, ValueError):
        # Refused, or not, by what they are for.
        return options
