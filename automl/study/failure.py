"""The kinds of failure that are treated differently, and which failures are alike."""

import re
from enum import StrEnum

from automl.study.launch import Exit

_EXCEPTION = re.compile(
    r"(?:^|: )((?:\w+\.)*\w*(?:Error|Exception|Interrupt|Warning|Exit))(?=:(?!:)|$)"
)
"""The type of an exception, as Python and others name it in the line that tells of it."""


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


def likeness(kind: FailureClass | None, how: Exit | None, reason: str) -> tuple[str, str]:
    """Return what two failures have in common that are alike: kind, and exception or exit code.

    Their texts may differ: a path, a number, or a set that is printed in another order.

    >>> crashed, how = FailureClass.CRASHED, Exit(code=1)
    >>> likeness(crashed, how, "exit code 1: KeyError: 'a'")
    ('crashed', 'KeyError')
    >>> likeness(crashed, how, "exit code 1: no such option: --lr")
    ('crashed', 'exit code 1')
    """
    if kind is not FailureClass.CRASHED:
        return str(kind), ""
    named = _EXCEPTION.search(reason)
    # In words: a shell tells of a signal as 128 + its number.
    return str(kind), named[1].rpartition(".")[2] if named else str(how)
