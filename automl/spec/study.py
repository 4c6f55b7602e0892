"""The whole description of a study, the same whichever door it came through."""

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from automl.errors import SpecError
from automl.spec.limits import EarlyStop, Limits, TrialLimits
from automl.spec.objective import Objective
from automl.spec.resources import ResourceSpec
from automl.spec.space import SearchSpace
from automl.spec.task import BashTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """Which sampler proposes values, by its registered name and options."""

    type: str = "tpe"
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySpec:
    """Everything that defines a study.

    Args:
        name: the study's folder below the study directory; no path separators.
        space: the parameters.
        tasks: the commands of one trial, run in order; the first failure ends the trial.
        objective: what trials are ranked by.
        limits: how much may run.
        trial_limits: what one trial may take, and how often it is tried.
        resources: what of the machine each trial gets.
        detach: leave the running trials to the next controller when the user interrupts.
        algorithm: what proposes values.
        early_stop: what ends the whole study early, if anything.
        seed: makes the proposals reproducible; None: drawn once and kept in the journal.
        cwd: absolute working directory of the commands.
        env: variables added to those of the controller, with placeholders allowed in values.
    """

    name: str
    space: SearchSpace
    tasks: tuple[BashTask, ...]
    objective: Objective
    limits: Limits
    trial_limits: TrialLimits = field(default_factory=TrialLimits)
    resources: ResourceSpec = field(default_factory=ResourceSpec)
    detach: bool = False
    algorithm: Algorithm = field(default_factory=Algorithm)
    early_stop: EarlyStop | None = None
    seed: int | None = None
    cwd: str
    env: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _is_folder_name(self.name):
            raise SpecError(
                f"name must be a plain folder name without '/', got {self.name!r}; "
                "use study_dir= to put the study elsewhere"
            )
        if not self.tasks:
            raise SpecError("task_list is empty; give at least one task")
        if all(task.metric_reader is None for task in self.tasks):
            raise SpecError(
                "no task has a metric_reader, so no trial could have a result; "
                "give metric_reader=reader.create(...) to the task that prints the metric"
            )
        if self.seed is not None and (type(self.seed) is not int or self.seed < 0):
            raise SpecError(f"seed must be a whole number of 0 or more, got {self.seed!r}")
        for name, value in self.env.items():
            if not _is_variable(name, value):
                raise SpecError(
                    f"env: {name!r}={value!r} cannot be exported by a shell; allowed in a name: "
                    "letters, digits and underscores, not beginning with a digit; in a value: any "
                    "text without NUL"
                )

    @property
    def max_runtime_s(self) -> float | None:
        """Seconds that one controller may take, None for no limit."""
        stop = self.early_stop
        given = [self.limits.max_runtime_s, stop.max_runtime_s if stop else None]
        return min((limit for limit in given if limit is not None), default=None)

    def identity(self) -> dict[str, Any]:
        """Return what may not change within a study: commands, metric and direction, as JSON."""
        return _as_json(
            {
                "tasks": [dataclasses.asdict(task) for task in self.tasks],
                "direction": self.objective.direction,
                "final": self.objective.final,
                "cwd": self.cwd,
                "env": dict(self.env),
            }
        )

    def describe(self) -> dict[str, Any]:
        """Return the whole study as plain JSON values, for `study.yaml` and the journal."""
        stop = self.early_stop
        return _as_json(
            {
                "name": self.name,
                "hyperparams": [_typed(parameter) for parameter in self.space],
                "limits": dataclasses.asdict(self.limits),
                "trial_limits": dataclasses.asdict(self.trial_limits),
                "resources": dataclasses.asdict(self.resources),
                "algorithm": {"type": self.algorithm.type, **self.algorithm.options},
                "early_stop": dataclasses.asdict(stop) if stop else None,
                "seed": self.seed,
                **self.identity(),
            }
        )


def _typed(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the spec's dataclasses
    return {"type": type(value).__name__, **dataclasses.asdict(value)}


def _as_json(value: dict[str, Any]) -> dict[str, Any]:
    """Return `value` as it will be read back, so that the two can be compared."""
    return json.loads(json.dumps(value))  # type: ignore[no-any-return]


def _is_folder_name(name: object) -> bool:
    return (
        isinstance(name, str)
        and bool(name.strip())
        and not {"/", "\0"} & set(name)
        and name not in {".", ".."}
    )


def _is_variable(name: object, value: object) -> bool:
    return (
        isinstance(name, str)
        and isinstance(value, str)
        and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) is not None
        and "\0" not in value
    )
