"""The kinds of failure that are treated differently."""

from enum import StrEnum


class FailureClass(StrEnum):
    """Why a trial failed."""

    NOT_STARTED = "not started"
    CRASHED = "crashed"
    NO_METRIC = "no metric"
    TIMED_OUT = "timed out"
    NO_PROGRESS = "no progress"
    OUT_OF_MEMORY = "out of memory"
    LOST = "lost"

    @property
    def may_pass(self) -> bool:
        """Whether the same command may succeed when it is simply tried again."""
        return self in {
            FailureClass.NOT_STARTED,
            FailureClass.CRASHED,
            FailureClass.NO_PROGRESS,
            FailureClass.LOST,
        }
