"""How one attempt ended, put together from its exit and its measurements."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from automl.inside.outcome import FAILED, PRUNED, CallOutcome
from automl.study.error_line import error_line
from automl.study.failure import FailureClass
from automl.study.launch import Exit
from automl.study.resources import size_text

_MEMORY_WORDS = re.compile(
    r"out of memory|MemoryError|std::bad_alloc|Cannot allocate memory|OutOfMemory", re.IGNORECASE
)

OUTPUT_LINES = 10
"""So many lines of a failed attempt's output are kept."""

_LEFT_RUNNING = (
    "processes that its command had started still ran when it ended, and were ended: let it wait "
    "for them (`wait` in a shell, no & at the end)"
)

_UNTOLD = (
    "its process ended with exit code 0 before the function returned: something in it called "
    "os._exit(), or a library did"
)

VANISHED = "its processes vanished with its controller"
"""Why a trial is launched again of whose attempt nothing is left, not even how it ended."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt failed: the kind, and one line for the user."""

    kind: FailureClass
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is known of an attempt once it is over.

    Attributes:
        exit: how its processes ended; None if they were never started.
        value: the number that ranks; not finite where there is none.
        metrics: the number that counts of each metric, if there are more than the ranked one.
        alone: whether a result needs no other metric than the ranked one.
        violation: by how much they break the constraints.
        measurements: how many numbers were read.
        problem: why there is no usable number, in one line.
        output: the last lines that it printed.
        duration_s: how long it ran, None if it never started.
        cause: why its program could not be started, where that can be told.
        told: how the call of a function ended, by itself; None where it did not tell, as commands
            never do.
        tells: whether it would have told if it had come to its end.
        step: the last step that was read, None without one.
    """

    exit: Exit | None = None
    value: float = math.nan
    metrics: Mapping[str, float] = field(default_factory=dict)
    alone: bool = True
    violation: float = 0.0
    measurements: int = 0
    problem: str = ""
    output: tuple[str, ...] = ()
    duration_s: float | None = None
    cause: str = ""
    told: CallOutcome | None = None
    tells: bool = False
    step: float | None = None

    @property
    def pruned(self) -> bool:
        """Whether the trial ended itself early, as it was not worth going on."""
        return self.told is not None and self.told.state == PRUNED and not self._broke

    @property
    def _broke(self) -> bool:
        failed = self.told is not None and self.told.state == FAILED
        return failed or self.exit is None or self.exit.code != 0

    @property
    def last_lines(self) -> tuple[str, ...]:
        """What of the output is kept with the trial."""
        return self.output[-OUTPUT_LINES:]

    @property
    def usable_value(self) -> float | None:
        """The number that counts, or None where it is not finite."""
        return self.value if math.isfinite(self.value) else None

    def failure(self) -> Failure | None:
        """Return why the attempt failed, or None if it succeeded."""
        if self.exit is None:
            return Failure(FailureClass.NOT_STARTED, self.problem)
        if self.exit.code is None:
            return Failure(FailureClass.LOST, "its processes vanished without leaving an exit code")
        if self._broke:
            return self._broken(self.exit)
        return None if self.pruned else self._without_result()

    def _without_result(self) -> Failure | None:
        """Return why an attempt that ended well gave nothing, None if it gave something."""
        if self.tells and self.told is None:
            return Failure(FailureClass.CRASHED, _UNTOLD)
        if self.usable_value is not None:
            return None
        reason = self.problem
        if self.measurements and self.alone:
            reason = f"the metric is {self.value}, not a finite number"
        elif self.exit and self.exit.left_running:
            reason = f"{_LEFT_RUNNING}; {reason}"
        return Failure(FailureClass.NO_METRIC, reason)

    def _broken(self, how: Exit) -> Failure:
        if self.told is not None and self.told.state == FAILED:
            why = reason = self.told.reason
        else:
            why = error_line(self.output) or (self.output[-1].strip() if self.output else "")
            reason = f"{how}: {why}" if why else f"{how}, and it printed nothing"
        if self.cause:
            reason += f" ({self.cause})"
        if how.memory_limit_bytes is not None:
            share = size_text(how.memory_limit_bytes).replace(".0 ", " ")
            told = f"used more than its memory_per_trial of {share}"
            return Failure(FailureClass.OUT_OF_MEMORY, f"{told} ({reason})")
        if how.out_of_memory:
            return Failure(FailureClass.OUT_OF_MEMORY, f"out of memory ({reason})")
        if any(_MEMORY_WORDS.search(line) for line in (why, *self.last_lines)):
            return Failure(FailureClass.OUT_OF_MEMORY, reason)
        return Failure(FailureClass.CRASHED, reason)
