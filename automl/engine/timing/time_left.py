"""Which launches can still end before the time of a controller is up."""

from collections.abc import Iterable
from itertools import pairwise

from automl.engine.timing.deadline import Deadline
from automl.engine.timing.durations import Durations
from automl.study.spec import StudySpec
from automl.study.trial import Stage, Trial


class TimeLeft:
    """Compares what is left of `max_runtime` with how long launches take.

    Without a ladder all launches are alike, and none is made once the median no longer fits. On a
    ladder each launch is measured by those with its own budget, so that short ones are made while
    long ones no longer fit. A budget that no launch has reached is estimated from the nearest one;
    as that may be wrong, such a launch is made all the same where it gets nearly all the time,
    or it would never be made. A launch of which nothing is known fits.

    Args:
        spec: the study.
        began_s: the monotonic second at which the controller began.
        trials: the trials of the study so far.
        continues: whether a launch goes on from what the one before it left.

    Attributes:
        deadline: when the time is up.
    """

    def __init__(
        self, spec: StudySpec, began_s: float, trials: Iterable[Trial], *, continues: bool
    ) -> None:
        self.deadline = Deadline(spec.max_runtime_s, began_s)
        limited = spec.max_runtime_s is not None
        self._rungs = spec.ladder.rungs if spec.ladder and limited else ()
        self._durations = Durations(trials if self._rungs else (), continues=continues)

    def changed(self, trial: Trial) -> None:
        """Take in that a launch of a trial ended."""
        if self._rungs:
            self._durations.changed(trial)

    def fits(self, stage: Stage, now_s: float) -> bool:
        """Tell whether a launch may be made; without a ladder, `enough` alone decides."""
        return not self._rungs or not self.deadline.passed(now_s, self._needed_s(stage))

    def too_long(self, now_s: float) -> tuple[float, ...]:
        """Return the budgets to which no trial can go on any more."""
        return tuple(
            after
            for before, after in pairwise(self._rungs)
            if not self.fits(Stage(budget=after, previous_budget=before), now_s)
        )

    def enough(
        self, stages: Iterable[Stage], now_s: float, median_s: float | None, *, running: bool
    ) -> bool:
        """Tell whether anything can still be made.

        Args:
            stages: what there is to launch now; it is looked at with a ladder only.
            now_s: the monotonic second.
            median_s: the median duration of the completed trials, None before the first.
            running: whether a trial runs, after the end of which one may go on to any budget.
        """
        if not self._rungs:
            return not self.deadline.passed(now_s, median_s or 0.0)
        if running and len(self.too_long(now_s)) < len(self._rungs) - 1:
            return True
        return any(self.fits(stage, now_s) for stage in stages)

    def _needed_s(self, stage: Stage) -> float:
        measured_s = self._durations.measured_s(stage)
        if measured_s is not None:
            return measured_s
        return min(self._durations.estimate_s(stage) or 0.0, self.deadline.nearly_all_s)
