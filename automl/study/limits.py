"""How much a study may do, and what ends it early."""

import math
from dataclasses import dataclass
from typing import ClassVar

from automl.errors import SpecError
from automl.space.numbers import is_finite, is_number, whole_number
from automl.spelling.spelling import spelled
from automl.study.objective import Direction, member

NO_LIMIT = 10**9
"""A number of trials that no study comes to."""


def known_limit(max_trials: int) -> int | None:
    """Return how many trials there are at the most, None where that is any number."""
    return None if max_trials >= NO_LIMIT else max_trials


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Hard limits of a study; each is reached, never passed.

    Args:
        max_trials: how many trials are started at the most; attempts do not count.
        max_parallel: how many run at once at the most.
        fail_fast: pause when this many trials failed alike before any gave a value; None: never.
        grace_s: seconds between asking a trial to stop and killing it.
        max_runtime_s: seconds of one controller after which what runs is stopped; nothing is
            started that, by the durations seen, could not end before; None: no limit.
    """

    max_trials: int
    max_parallel: int = 1
    fail_fast: int | None = 5
    grace_s: float = 10.0
    max_runtime_s: float | None = None

    def __post_init__(self) -> None:
        whole_number("max_trial_num", self.max_trials)
        whole_number("max_parallel", self.max_parallel)
        if self.fail_fast is not None:
            whole_number("fail_fast", self.fail_fast)
        if not is_number(self.grace_s) or not 0 <= self.grace_s < math.inf:
            raise SpecError(f"grace must be 0 or more seconds, got {self.grace_s!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLimits:
    """What one trial may take, and how often it is tried.

    Args:
        timeout_s: seconds after which an attempt is stopped and has failed; None: no limit.
        timeout_factor: the same, as a multiple of the median duration of the completed trials,
            once there are `MEDIAN_NEEDS` of them; None: no limit.
        no_progress_s: seconds without new output or a new metric after which an attempt is
            stopped and has failed; None: no limit.
        max_retries: how often a trial is tried again after a failure that may pass.
        retry_delay_s: seconds before the first retry; each further one waits twice as long.
    """

    timeout_s: float | None = None
    timeout_factor: float | None = None
    no_progress_s: float | None = None
    max_retries: int = 0
    retry_delay_s: float = 1.0

    MEDIAN_NEEDS: ClassVar[int] = 3

    def __post_init__(self) -> None:
        whole_number("max_retries", self.max_retries, 0)
        factor = self.timeout_factor
        if factor is not None and not 1 < factor < math.inf:
            raise SpecError(
                f"{spelled('trial_timeout', f'{factor:g}x')} would stop trials of usual length; "
                "give a factor above 1, such as '3x'"
            )

    def timeout(self, median_s: float | None) -> float | None:
        """Return the seconds that an attempt may take, given the median duration so far."""
        limits = [] if self.timeout_s is None else [self.timeout_s]
        if self.timeout_factor is not None and median_s is not None:
            limits.append(self.timeout_factor * median_s)
        return min(limits, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyStop:
    """Ends the whole study, not a trial, once a value is good enough or time is up.

    Args:
        direction: which side of `threshold` is good enough; the enum or its text.
        threshold: the value that is good enough, itself included; None: no value ends the study.
        max_runtime_s: see `Limits`; the shorter of both counts.
    """

    direction: Direction
    threshold: float | None = None
    max_runtime_s: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "direction", member(Direction, "direction", self.direction))
        threshold, runtime_s = self.threshold, self.max_runtime_s
        if threshold is not None and not is_finite(threshold):
            raise SpecError(f"threshold must be a finite number, got {threshold!r}")
        if runtime_s is not None and not (is_number(runtime_s) and 0 < runtime_s < math.inf):
            raise SpecError(f"max_runtime must be above 0 seconds, got {runtime_s!r}")

    def reached(self, value: float) -> bool:
        """Tell whether `value` is good enough to end the study; NaN and infinity never are."""
        if self.threshold is None or not math.isfinite(value):
            return False
        return not self.direction.better(self.threshold, value)
