"""The numbers of one metric of one attempt: what counts of them, and what is recorded."""

from dataclasses import dataclass, field

from automl.engine.actions import Moment
from automl.journal.events import VERSION, Measured
from automl.readers.follower import Points
from automl.study.objective import Summary

ALL_RECORDED = 256
"""So many measurements of a launch are all recorded; of those after them, `recorded_step` tells."""


def recorded_step(step: int) -> bool:
    """Tell whether measurement number `step` of a trial, from 0, is recorded in the journal.

    The first 256 are, then every 2nd, from 512 on every 4th and so on, so that a program that
    prints for weeks adds a few lines a day to the journal.

    >>> [sum(recorded_step(step) for step in range(10**power)) for power in (2, 4, 6)]
    [100, 925, 1781]
    """
    return step % (1 << max(0, step.bit_length() - ALL_RECORDED.bit_length() + 1)) == 0


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

    def take(self, points: Points, trial_id: int, now: Moment) -> Measured | None:
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
            if first + place >= self.recorded and recorded_step(first + place)
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
