"""A trial of the journal as Optuna shows it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from automl.functions.names.distributions import distribution_of
from automl.functions.names.enums import TrialState
from automl.functions.trials.frozen_trial import FrozenTrial
from automl.study.objective import Objectives
from automl.study.ranking.curve import Curve
from automl.study.trial import Trial
from automl.study.trial import TrialState as OurState

_STATES = {
    OurState.PLANNED: TrialState.WAITING,
    OurState.RUNNING: TrialState.RUNNING,
    OurState.STOPPING: TrialState.RUNNING,
    OurState.COMPLETED: TrialState.COMPLETE,
    OurState.PRUNED: TrialState.PRUNED,
    OurState.FAILED: TrialState.FAIL,
    OurState.STOPPED: TrialState.FAIL,
}


def shown_trial(
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
        distributions={name: distribution_of(one) for name, one in trial.ranges.items()},
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
