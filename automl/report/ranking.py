"""Which trial is better than which: one total order over trials in any state."""

import math
from collections.abc import Iterable

from automl.spec.objective import Direction
from automl.spec.trial import Trial, TrialState


def rank(trials: Iterable[Trial], direction: Direction) -> list[Trial]:
    """Return every trial, best first.

    1. completed with a finite value, best first;
    2. not completed but with a finite value (pruned, stopped, still running), best first;
    3. failed, whatever they printed before;
    4. all others, which have no value.

    Ties, and all of the last two groups, go by id. Of equal ids the first given stays first.
    """
    return sorted(trials, key=lambda trial: _place(trial, direction))


def best(trials: Iterable[Trial], direction: Direction) -> Trial | None:
    """Return the best completed trial, None while no completed one has a finite value.

    Takes one pass; equals the first of `rank` if that one is completed.
    """
    candidates = (trial for trial in trials if _group(trial) == 0)
    return min(candidates, key=lambda trial: _place(trial, direction), default=None)


def has_value(trial: Trial) -> bool:
    """Tell whether the trial's value is a finite number."""
    return trial.value is not None and math.isfinite(trial.value)


def _place(trial: Trial, direction: Direction) -> tuple[int, float, int]:
    group = _group(trial)
    if trial.value is None or group > 1:
        return group, 0.0, trial.id
    return group, -trial.value if direction is Direction.MAXIMIZE else trial.value, trial.id


def _group(trial: Trial) -> int:
    if trial.state is TrialState.FAILED:
        return 2
    if not has_value(trial):
        return 3
    return 0 if trial.state is TrialState.COMPLETED else 1
