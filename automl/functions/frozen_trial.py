"""A trial of a study as Optuna shows it: numbers and states by its words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from automl.functions.given_values import GivenValues
from automl.inside.ranges import Range
from automl.study.objective import Objectives
from automl.study.ranking.curve import Curve
from automl.study.trial import Trial
from automl.study.trial import TrialState as OurState


class TrialState(IntEnum):
    """Where a trial stands, in Optuna's words and numbers, so that its own are equal to them."""

    RUNNING = 0
    COMPLETE = 1
    PRUNED = 2
    FAIL = 3
    WAITING = 4

    def is_finished(self) -> bool:
        """Tell whether the trial will not change any more."""
        return self not in {TrialState.RUNNING, TrialState.WAITING}


_STATES = {
    OurState.PLANNED: TrialState.WAITING,
    OurState.RUNNING: TrialState.RUNNING,
    OurState.STOPPING: TrialState.RUNNING,
    OurState.COMPLETED: TrialState.COMPLETE,
    OurState.PRUNED: TrialState.PRUNED,
    OurState.FAILED: TrialState.FAIL,
    OurState.STOPPED: TrialState.FAIL,
}


@dataclass(frozen=True, kw_only=True)
class FrozenTrial(GivenValues):
    """One trial as it stands; an objective that is called with it gets the trial's values.

    Attributes:
        number: its number, from 0.
        state: where it stands.
        values: what it was ranked by, one number for each objective; None without.
        params: the values of its parameters.
        distributions: the ranges that it asked for them with, where they are learnt.
        user_attrs: what it noted of itself.
        system_attrs: nothing.
        intermediate_values: what it reported, by step.
        datetime_start: when its last attempt began, in local time; None before.
        datetime_complete: when that ended; None before.
        reason: why it is not complete, in one line; empty if it is.
        dir: its folder.
    """

    number: int
    state: TrialState
    values: list[float] | None
    params: dict[str, Any]
    distributions: dict[str, Range] = field(default_factory=dict)
    user_attrs: dict[str, Any] = field(default_factory=dict)
    system_attrs: dict[str, Any] = field(default_factory=dict)
    intermediate_values: dict[int, float] = field(default_factory=dict)
    datetime_start: datetime | None = None
    datetime_complete: datetime | None = None
    reason: str = ""
    dir: str = ""

    @property
    def value(self) -> float | None:
        """The number that it was ranked by; None without.

        Raises:
            RuntimeError: there are several.
        """
        if self.values is not None and len(self.values) > 1:
            raise RuntimeError("the study has several objectives: read `values`")
        return self.values[0] if self.values else None

    @property
    def duration(self) -> timedelta | None:
        """How long its last attempt took; None before it ended."""
        if self.datetime_start is None or self.datetime_complete is None:
            return None
        return self.datetime_complete - self.datetime_start

    @property
    def last_step(self) -> int | None:
        """The last step that it reported; None without."""
        return max(self.intermediate_values, default=None)


def frozen_trial(
    trial: Trial,
    objectives: Objectives,
    curve: Curve | None,
    attrs: Mapping[str, Any],
    folder: str,
) -> FrozenTrial:
    """Return a trial as Optuna shows it.

    Args:
        trial: the trial.
        objectives: what it is ranked by.
        curve: what it reported.
        attrs: what it noted of itself.
        folder: its folder.
    """
    start = trial.started_at.astimezone().replace(tzinfo=None) if trial.started_at else None
    state = _STATES[trial.state]
    ended = start is not None and trial.duration_s is not None and state.is_finished()
    end = start + timedelta(seconds=trial.duration_s or 0) if ended and start else None
    return FrozenTrial(
        number=trial.id,
        state=state,
        values=_values(trial, objectives),
        params=dict(trial.params),
        distributions=dict(trial.ranges),
        user_attrs=dict(attrs),
        intermediate_values=_by_step(curve),
        datetime_start=start,
        datetime_complete=end,
        reason=trial.reason,
        dir=folder,
    )


def _values(trial: Trial, objectives: Objectives) -> list[float] | None:
    if trial.value is None:
        return None
    return [trial.value] if objectives.single else list(objectives.values(trial.metrics))


def _by_step(curve: Curve | None) -> dict[int, float]:
    if curve is None:
        return {}
    return {int(step): value for step, value in zip(curve.steps, curve.values, strict=True)}
