"""Why a running trial is stopped, or a study ends."""

from enum import StrEnum


class StopCause(StrEnum):
    """Who or what wants a running trial to end.

    INTERRUPT stops it to be run again later; all others stop it for good: REQUEST is the user who
    no longer wants it, OVERDUE its own time limit, PRUNER that it can hardly become the best, and
    STUDY that the study ends.
    """

    INTERRUPT = "interrupt"
    REQUEST = "request"
    OVERDUE = "overdue"
    PRUNER = "pruner"
    STUDY = "study"


PROGRAM_STOPPED = "study.stop() was called"
"""Why a study ended that its program wanted to end; an `optimize` that did is done with."""
