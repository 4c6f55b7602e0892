"""How long the launches of a ladder take, by the durations that were seen."""

import bisect
import math
from collections.abc import Iterable
from typing import TypeAlias

from automl.study.trial import Stage, Trial

_Span: TypeAlias = tuple[float, float]
"""The budget from which a launch works, and the one up to which it does."""


class Durations:
    """The durations of the launches that ran to their end, by their budget.

    They are read from the trials' results, so that the next controller knows the same.

    Args:
        trials: the trials of the study so far.
        continues: whether a launch goes on from what the one before it left, so that it works for
            its last step alone; else it begins anew and works for its whole budget.
    """

    def __init__(self, trials: Iterable[Trial], *, continues: bool) -> None:
        self._continues = continues
        self._seen: dict[int, int] = {}
        self._seconds: dict[_Span, list[float]] = {}
        for trial in trials:
            self.changed(trial)

    def changed(self, trial: Trial) -> None:
        """Take in what the launches of a trial gave that ended since the last call."""
        for result in trial.results[self._seen.get(trial.id, 0) :]:
            span = self._span(result.stage)
            if span is not None and result.duration_s is not None:
                bisect.insort(self._seconds.setdefault(span, []), result.duration_s)
        self._seen[trial.id] = len(trial.results)

    def measured_s(self, stage: Stage) -> float | None:
        """Return the median duration of the launches that went as far, None before the first."""
        span = self._span(stage)
        return self._median_s(span) if span in self._seconds else None

    def estimate_s(self, stage: Stage) -> float | None:
        """Return the median of the nearest budget that is known, scaled; None if none is.

        Of two that are equally near, the one counts that gives the longer duration.
        """
        span = self._span(stage)
        if span is None:
            return None
        scaled = [
            (round(abs(math.log(one[1] / span[1])), 9), -self._median_s(one) * _ratio(span, one))
            for one in self._seconds
        ]
        return -min(scaled)[1] if scaled else None

    def _span(self, stage: Stage) -> _Span | None:
        if stage.budget is None:
            return None
        return (stage.previous_budget if self._continues else 0.0, stage.budget)

    def _median_s(self, span: _Span) -> float:
        seconds = self._seconds[span]
        return seconds[len(seconds) // 2]


def _ratio(wanted: _Span, known: _Span) -> float:
    """Return how many times the work of one launch another one has."""
    return (wanted[1] - wanted[0]) / (known[1] - known[0])
