"""Optuna's enums: quickly imported, as the scripts of trials name them."""

from enum import IntEnum


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


class StudyDirection(IntEnum):
    """What is better, in Optuna's words and numbers, so that its own are equal to them."""

    NOT_SET = 0
    MINIMIZE = 1
    MAXIMIZE = 2
