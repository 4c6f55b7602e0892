"""How much a study may do, and what ends it early."""

import math
from dataclasses import dataclass

from automl.errors import SpecError
from automl.spec.objective import Direction, member


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Hard limits; each is reached, never passed.

    Args:
        max_trials: how many trials are started at the most; attempts do not count.
        max_parallel: how many run at once at the most.
        fail_fast: pause when this many trials failed alike before any gave a value; None: never.
        grace_s: seconds between asking a trial to stop and killing it.
    """

    max_trials: int
    max_parallel: int = 1
    fail_fast: int | None = 5
    grace_s: float = 10.0

    def __post_init__(self) -> None:
        whole_number("max_trial_num", self.max_trials)
        whole_number("max_parallel", self.max_parallel)
        if self.fail_fast is not None:
            whole_number("fail_fast", self.fail_fast)
        if not _is_number(self.grace_s) or not 0 <= self.grace_s < math.inf:
            raise SpecError(f"grace must be 0 or more seconds, got {self.grace_s!r}")


def whole_number(what: str, value: object) -> None:
    """Raise SpecError unless `value` is an int of at least 1."""
    if type(value) is not int or value < 1:
        raise SpecError(f"{what} must be a whole number of at least 1, got {value!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyStop:
    """Ends the whole study, not a trial, once a value is good enough or time is up.

    Args:
        direction: which side of `threshold` is good enough; the enum or its text.
        threshold: the value that is good enough, itself included; None: no value ends the study.
        max_runtime_s: seconds after which nothing new starts and running trials are stopped.
    """

    direction: Direction
    threshold: float | None = None
    max_runtime_s: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "direction", member(Direction, "direction", self.direction))
        threshold, runtime_s = self.threshold, self.max_runtime_s
        if threshold is not None and not (_is_number(threshold) and math.isfinite(threshold)):
            raise SpecError(f"threshold must be a finite number, got {threshold!r}")
        if runtime_s is not None and not (_is_number(runtime_s) and 0 < runtime_s < math.inf):
            raise SpecError(f"max_runtime must be above 0 seconds, got {runtime_s!r}")

    def reached(self, value: float) -> bool:
        """Tell whether `value` is good enough to end the study; NaN and infinity never are."""
        if self.threshold is None or not math.isfinite(value):
            return False
        return not self.direction.better(self.threshold, value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
