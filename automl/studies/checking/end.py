"""How the trial of a check came to its end."""

from dataclasses import dataclass
from enum import StrEnum


class EndedBy(StrEnum):
    """What ended a trial."""

    ITSELF = "itself"
    """Its commands ended."""

    TIME = "time"
    """The time of the check was over."""

    OUTPUT = "output"
    """It printed more than a check keeps."""

    USER = "user"
    """The user interrupted the check."""

    NOTHING = "nothing"
    """It was not started: what is read was written before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a trial ended.

    Attributes:
        by: what ended it.
        failure: why a study would count it as failed, as its table would say; empty if it would
            not, or if the check ended it.
        crashed: whether it failed before its metric was asked for.
        lasted_s: for how long it ran.
        cpu_s: the CPU seconds that it used; None where that is not known.
        first_output_s: after how many seconds the first output was there; None if there was none
            while it ran.
        finite: whether each metric that is asked for has a number that counts.
        last_lines: the last lines of the output of one that crashed.
        why_missing: why one has none, in words; empty where all have one.
    """

    by: EndedBy
    failure: str = ""
    crashed: bool = False
    lasted_s: float = 0.0
    cpu_s: float | None = None
    first_output_s: float | None = None
    finite: bool = False
    last_lines: tuple[str, ...] = ()
    why_missing: str = ""
