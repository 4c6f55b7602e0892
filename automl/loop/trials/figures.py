"""The numbers of the metrics of one attempt: what counts of them, and what is recorded."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from automl.engine.actions import Moment
from automl.journal.events import VERSION, Measured
from automl.readers.follower import Points
from automl.study.objective import Objectives, Summary

ALL_RECORDED = 256
"""So many measurements of a launch are all recorded; of those after them, `recorded_step` tells."""

SHARED_RECORDED = 16 * ALL_RECORDED
"""So many of all metrics together that a trial does not need are, if each has at least `LEAST`."""

LEAST_RECORDED = 4


def recorded_step(step: int, whole: int = ALL_RECORDED) -> bool:
    """Tell whether measurement number `step` of a trial, from 0, is recorded in the journal.

    The first 256 are, then every 2nd, from 512 on every 4th and so on, so that a program that
    prints for weeks adds a few lines a day to the journal.

    Args:
        step: which.
        whole: so many are all recorded, a power of two.

    >>> [sum(recorded_step(step) for step in range(10**power)) for power in (2, 4, 6)]
    [100, 925, 1781]
    """
    return step % (1 << max(0, step.bit_length() - whole.bit_length() + 1)) == 0


def whole_among(metrics: int) -> int:
    """Return how many measurements of each of so many further metrics are all recorded.

    >>> [whole_among(metrics) for metrics in (1, 16, 17, 500, 1000)]
    [256, 256, 128, 8, 4]
    """
    share = max(LEAST_RECORDED, min(ALL_RECORDED, SHARED_RECORDED // max(1, metrics)))
    return 1 << (share.bit_length() - 1)


@dataclass(slots=True)
class Figures:
    """What was read of one metric.

    Attributes:
        metric: its name.
        recorded: how many measurements the journal has already.
        summary: the figures of all that were read.
        step: the last step that was read, None before there is one.
    """

    metric: str
    recorded: int = 0
    summary: Summary = field(default_factory=Summary)
    step: float | None = None

    def take(
        self, points: Points, trial_id: int, now: Moment, whole: int = ALL_RECORDED
    ) -> Measured | None:
        """Count new numbers; return what of them is worth recording."""
        if points.restarted:
            self.summary = Summary()
            self.recorded = 0
            self.step = None
        first = self.summary.count
        for value in points.values:
            self.summary.add(value)
        # NaN stands where none is known.
        known = [step for step in points.steps or () if step == step]  # noqa: PLR0124
        self.step = known[-1] if known else self.step
        kept = [
            place
            for place in range(len(points.values))
            if first + place >= self.recorded and recorded_step(first + place, whole)
        ]
        if not kept:
            return None
        return Measured(
            v=VERSION,
            at=now.at,
            trial=trial_id,
            metric=self.metric,
            steps=[first + place for place in kept],
            values=[points.values[place] for place in kept],
            reported=[points.steps[place] for place in kept] if points.steps else [],
        )


class AllFigures:
    """What was read of all metrics of an attempt: those that it needs, and further ones.

    Args:
        trial_id: whose.
        objectives: which metrics it needs, and which of their numbers count.
        names: the metrics that have readers; of others, readers of several tell.
        recorded: how many measurements of each metric the journal has already.
    """

    def __init__(
        self,
        trial_id: int,
        objectives: Objectives,
        names: Iterable[str],
        recorded: Mapping[str, int],
    ) -> None:
        self._trial_id = trial_id
        self._objectives = objectives
        self._recorded = recorded
        self._needed = objectives.metrics
        self._of: dict[str, Figures] = {}
        for name in (*self._needed, *names):
            self.of(name)

    def of(self, metric: str) -> Figures:
        """Return those of one metric."""
        if metric not in self._of:
            self._of[metric] = Figures(metric, self._recorded.get(metric, 0))
        return self._of[metric]

    def take(self, measurements: Mapping[str, Points], now: Moment) -> list[Measured]:
        """Count new numbers by metric; return what of them is worth recording."""
        each = [(self.of(metric), points) for metric, points in measurements.items()]
        whole = whole_among(len(self._of) - len(self._needed))
        events = [
            figures.take(
                points,
                self._trial_id,
                now,
                ALL_RECORDED if figures.metric in self._needed else whole,
            )
            for figures, points in each
        ]
        return [event for event in events if event]

    def needed(self) -> dict[str, float]:
        """Return the number that counts of each metric without which there is no result."""
        return {name: self._final(name) for name in self._needed}

    def further(self) -> dict[str, float]:
        """Return the number that counts of each other metric that has one."""
        finals = {name: self._final(name) for name in self._of if name not in self._needed}
        return {name: value for name, value in finals.items() if math.isfinite(value)}

    def _final(self, name: str) -> float:
        return self._of[name].summary.value(self._objectives.reading(name))
