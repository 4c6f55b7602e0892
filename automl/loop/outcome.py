"""How one attempt ended, put together from its exit and its measurements."""

import math
from dataclasses import dataclass

from automl.spec.launch import Exit


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is known of an attempt once it is over.

    Attributes:
        exit: how its processes ended; None if they were never started.
        value: the number that counts; not finite where there is none.
        measurements: how many numbers were read.
        problem: why there is no usable number, in one line.
        output: the last lines that it printed.
        duration_s: how long it ran, None if it never started.
    """

    exit: Exit | None = None
    value: float = math.nan
    measurements: int = 0
    problem: str = ""
    output: tuple[str, ...] = ()
    duration_s: float | None = None

    @property
    def usable_value(self) -> float | None:
        """The number that counts, or None where it is not finite."""
        return self.value if math.isfinite(self.value) else None

    def failure(self) -> str:
        """Return why the attempt failed, in one line; empty if it succeeded."""
        if self.exit is None:
            return self.problem
        if self.exit.code != 0:
            last = self.output[-1].strip() if self.output else ""
            return f"{self.exit}: {last}" if last else f"{self.exit}, and it printed nothing"
        if self.usable_value is not None:
            return ""
        if self.measurements:
            return f"the metric is {self.value}, not a finite number"
        return self.problem
