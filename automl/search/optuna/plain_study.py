"""What a study found, as a plain Optuna study with the parameters' own values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from automl.quiet import muted, unlogged
from automl.search.optuna.library import load_optuna
from automl.search.optuna.plain_values import PlainColumn, asked_column, plain_columns
from automl.space.space import SearchSpace
from automl.study.objective import SCORE, Direction, Objectives
from automl.study.ranking.curve import Curve
from automl.study.trial import Trial, TrialState

if TYPE_CHECKING:
    from collections.abc import Sequence

    import optuna

    PlainStudy: TypeAlias = optuna.Study

STUDY_LOG = "optuna.storages._in_memory"
"""Where Optuna logs that a study was made."""

NO_NOTES: Mapping[int, Mapping[str, Any]] = MappingProxyType({})

OUTSIDE = "automl_outside_the_space"
"""The study's attribute that lists the trials which were left out."""


def plain_study(
    name: str,
    space: SearchSpace,
    objectives: Objectives,
    trials: Iterable[Trial],
    curves: Mapping[int, Curve],
    notes: Mapping[int, Mapping[str, Any]] = NO_NOTES,
) -> PlainStudy:
    """Return a new Optuna study in memory that holds the trials.

    Optuna's plots, its importance and its dashboard work on it. It is a copy: what is done to it
    does not change the study, and later trials do not appear in it.

    - Each trial has the parameters that were active, with their own values (`plain_columns`).
    - Completed trials are COMPLETE, pruned ones PRUNED; those that the user stopped are PRUNED if
      they measured anything, else FAIL; failed ones FAIL; running ones RUNNING, planned ones
      WAITING.
    - Trials outside the space (it may have changed) are left out, since Optuna wants one
      description of each parameter. Their ids are in the study's attribute
      `automl_outside_the_space`. So a trial's number may differ from its id, which is its
      attribute `automl_id`.
    - Intermediate values stand at whole steps; a measurement between two stands at the next one,
      and the last counts.
    - In a space that is learnt, each trial has the ranges with which it asked for its values.
    - Constants, of which plots have nothing to show, are in a trial's attribute `constants`.
    - A trial's attributes also say its state and reason, its launches, metrics and budget, and the
      trial whose checkpoint it continued, where there is such a thing to say.
    - Times are local and without zone, as Optuna's are.

    Args:
        name: the study's.
        space: the parameters.
        objectives: what ranks; one Optuna value for each of its directions.
        trials: in any order and state.
        curves: the measurements by trial id, where there are any.
        notes: what functions noted of their trials, by trial id; they are attributes too.

    Raises:
        AutomlError: a whole-number parameter is too large for any float.
    """
    study = new_study(name, objectives.directions)
    with muted(Warning):  # the names of metrics are experimental since Optuna 3.2
        study.set_metric_names(_metric_names(objectives))
    columns = _columns_of(space)
    outside: list[int] = []
    at = datetime.fromtimestamp(0, UTC)
    for trial in sorted(trials, key=lambda one: one.id):
        if not space.contains(trial.params):
            outside.append(trial.id)
            continue
        at = trial.started_at or at
        own = columns if trial.proposed is None else _asked_columns(trial)
        frozen = _frozen(trial, own, objectives, curves.get(trial.id), at)
        frozen.user_attrs = {**notes.get(trial.id, {}), **frozen.user_attrs}
        study.add_trial(frozen)
    if outside:
        study.set_user_attr(OUTSIDE, outside)
    return study


def _columns_of(space: SearchSpace) -> dict[str, PlainColumn]:
    return {
        column: value
        for parameter in space.parameters
        for column, value in plain_columns(parameter).items()
    }


def _asked_columns(trial: Trial) -> dict[str, PlainColumn]:
    return {name: asked_column(trial.ranges[name], value) for name, value in trial.params.items()}


def new_study(name: str, directions: Sequence[Direction]) -> PlainStudy:
    """Return an empty Optuna study in memory, without a line in Optuna's log."""
    import optuna  # noqa: PLC0415 - 0.2 s

    with unlogged(STUDY_LOG):
        return optuna.create_study(
            study_name=name,
            directions=[optuna.study.StudyDirection[one.name] for one in directions],
        )


def _metric_names(objectives: Objectives) -> list[str]:
    return [SCORE] if objectives.weighted else [one.metric for one in objectives.items]


def _frozen(
    trial: Trial,
    columns: Mapping[str, PlainColumn],
    objectives: Objectives,
    curve: Curve | None,
    started: datetime,
) -> optuna.trial.FrozenTrial:
    load_optuna()
    from optuna.trial import FrozenTrial  # noqa: PLC0415 - 0.2 s
    from optuna.trial import TrialState as OptunaState  # noqa: PLC0415

    varied = [name for name in trial.params if name in columns]
    constants = {name: value for name, value in trial.params.items() if name not in columns}
    values = _values(trial, objectives)
    state = _state(trial, valued=values is not None, measured=bool(curve))
    start = started.astimezone().replace(tzinfo=None)
    end = start + timedelta(seconds=trial.duration_s or 0)
    return FrozenTrial(
        number=-1,  # Optuna gives it the next one
        trial_id=-1,
        state=OptunaState[state],
        value=None,
        values=values if state in {"COMPLETE", "PRUNED"} else None,
        datetime_start=None if state == "WAITING" else start,
        datetime_complete=None if state in {"WAITING", "RUNNING"} else end,
        params={name: columns[name].shown(trial.params[name]) for name in varied},
        distributions={name: columns[name].distribution for name in varied},
        user_attrs=_attributes(trial, constants),
        system_attrs={"constraints": [trial.violation]} if objectives.constraints else {},
        intermediate_values=_at_whole_steps(curve),
    )


def _values(trial: Trial, objectives: Objectives) -> list[float] | None:
    """Return one value per direction, None where one is missing."""
    several = [] if objectives.single else objectives.values(trial.metrics)
    values = several or [math.nan if trial.value is None else trial.value]
    return list(values) if all(map(math.isfinite, values)) else None


def _state(trial: Trial, *, valued: bool, measured: bool) -> str:
    """Return the name of Optuna's state."""
    return {
        TrialState.PLANNED: "WAITING",
        TrialState.RUNNING: "RUNNING",
        TrialState.STOPPING: "RUNNING",
        TrialState.COMPLETED: "COMPLETE" if valued else "FAIL",
        TrialState.PRUNED: "PRUNED",
        TrialState.FAILED: "FAIL",
        TrialState.STOPPED: "PRUNED" if valued or measured else "FAIL",
    }[trial.state]


def _attributes(trial: Trial, constants: Mapping[str, Any]) -> dict[str, Any]:
    """Return what Optuna has no place for, as JSON values; without what says nothing."""
    said = {
        "constants": constants,
        "reason": trial.reason,
        "origin": trial.origin,
        "metrics": dict(trial.metrics),
        "budget": trial.stage.budget,
        "stopped_step": trial.stopped_step,
        "checkpoint_source": None if trial.source < 0 else trial.source,
        "confirmed": list(trial.confirmations.values()),
    }
    return {
        "automl_id": trial.id,
        "state": str(trial.state),
        "launches": trial.attempts,
        **{name: value for name, value in said.items() if value not in (None, "", {}, [])},
    }


def _at_whole_steps(curve: Curve | None) -> dict[int, float]:
    if curve is None:
        return {}
    return {math.ceil(step): value for step, value in zip(curve.steps, curve.values, strict=True)}
