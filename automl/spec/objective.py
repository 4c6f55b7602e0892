"""What a trial is ranked by."""

import math
from dataclasses import dataclass
from enum import StrEnum

from automl.errors import SpecError
from automl.registry import did_you_mean


class Direction(StrEnum):
    """Whether a higher or a lower value is better."""

    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"

    def better(self, left: float, right: float) -> bool:
        """Tell whether `left` is strictly better than `right`."""
        return left > right if self is Direction.MAXIMIZE else left < right


class Final(StrEnum):
    """Which of a trial's measurements becomes its value."""

    LAST = "last"
    BEST = "best"
    MEAN = "mean"
    MAX = "max"
    MIN = "min"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """The metric to rank by: its direction, and which measurement of a trial counts.

    Both take the enum or its text; an unknown text raises SpecError with the known ones.
    """

    direction: Direction = Direction.MAXIMIZE
    final: Final = Final.LAST

    def __post_init__(self) -> None:
        object.__setattr__(self, "direction", member(Direction, "direction", self.direction))
        object.__setattr__(self, "final", member(Final, "final", self.final))


def member(kind: type[StrEnum], what: str, given: object) -> StrEnum:
    """Return the member of `kind` that `given` is or spells; SpecError lists the known ones."""
    known = [str(one) for one in kind]
    if str(given) not in known:
        raise SpecError(
            f"{what}={given!r} is unknown{did_you_mean(str(given), known)}; "
            f"allowed: {', '.join(known)}"
        )
    return kind(str(given))


@dataclass(slots=True)
class Summary:
    """The running figures of one trial's measurements; memory does not grow with their number.

    Values may be NaN or infinite: such a one can be `last` and spoils the mean, but never counts
    as highest or lowest.
    """

    count: int = 0
    last: float = math.nan
    max: float = -math.inf
    min: float = math.inf
    total: float = 0.0

    def add(self, value: float) -> None:
        """Count one measurement."""
        self.count += 1
        self.last = value
        self.total += value
        if math.isfinite(value):
            self.max = max(self.max, value)
            self.min = min(self.min, value)

    def value(self, objective: Objective) -> float:
        """Return the number that counts for `objective`; not finite where there is none."""
        best = self.max if objective.direction is Direction.MAXIMIZE else self.min
        return {
            Final.LAST: self.last,
            Final.BEST: best,
            Final.MEAN: self.total / self.count if self.count else math.nan,
            Final.MAX: self.max,
            Final.MIN: self.min,
        }[objective.final]
