"""The part of a curve in which a trial may be stopped."""

from collections.abc import Collection
from dataclasses import dataclass
from statistics import median

from automl.study.ranking.curve import Curve


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From where on trials may be stopped.

    Args:
        start_fraction: the share of a curve's length before which nothing is stopped.
        start_step: the same as a step; it takes the place of the share.
        max_step: the last step of a whole curve; None: the median last step of the completed.
    """

    start_fraction: float
    start_step: float | None = None
    max_step: float | None = None

    def length(self, completed: Collection[Curve]) -> float | None:
        """Return the last step that a trial is expected to reach, None while that is unknown."""
        if self.max_step is not None:
            return self.max_step
        return median(curve.last_step for curve in completed) if completed else None

    def start(self, completed: Collection[Curve]) -> float | None:
        """Return the first step at which a trial may be stopped, None while that is unknown."""
        if self.start_step is not None:
            return self.start_step
        length = self.length(completed)
        return None if length is None else self.start_fraction * length

    def holds(self, curve: Curve, completed: Collection[Curve]) -> bool:
        """Tell whether a trial may be stopped where it is."""
        start = self.start(completed)
        if start is None or curve.last_step < start:
            return False
        return not self.is_over(curve, completed)

    def is_over(self, curve: Curve, completed: Collection[Curve]) -> bool:
        """Tell whether a trial is as far as the longest completed one, and so about to end.

        To stop it would save nothing, and its value would not count as a complete one.
        """
        longest = max((one.last_step for one in completed), default=self.max_step)
        return longest is not None and curve.last_step >= longest
