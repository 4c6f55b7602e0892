"""Means with their confidence intervals, over seeds."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.stats import t as student  # type: ignore[import-untyped]

CONFIDENCE = 0.95

DASH = "-"
"""Stands where there is no figure."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, and half the width of its 95 % interval; NaN from a single seed, or from none."""

    mean: float
    half: float

    def __str__(self) -> str:
        if math.isnan(self.mean):
            return DASH
        if math.isnan(self.half):
            return f"{self.mean:.1f}"
        return f"{self.mean:.1f}±{self.half:.1f}"


def estimate(values: Sequence[float]) -> Estimate:
    """Return the mean of independent values, by Student's distribution.

    >>> print(estimate([1.0, 2.0, 3.0]))
    2.0±2.5
    """
    mean = statistics.fmean(values)
    count = len(values)
    if count < 2:  # noqa: PLR2004 - one value has no spread
        return Estimate(mean, math.nan)
    error = statistics.stdev(values) / math.sqrt(count)
    return Estimate(mean, float(student.ppf((1 + CONFIDENCE) / 2, count - 1)) * error)


def over_tasks(by_task: Mapping[str, Mapping[int, float]]) -> Estimate:
    """Return the mean over tasks of one figure.

    The tasks are given, the seeds are drawn: so it is averaged over the tasks for each seed first,
    and the interval is that of these averages. Seeds that a task lacks are left out.

    Args:
        by_task: the figure by task and seed.
    """
    seeds = set.intersection(*(set(found) for found in by_task.values()))
    means = [statistics.fmean(found[seed] for found in by_task.values()) for seed in sorted(seeds)]
    return estimate(means) if means else Estimate(math.nan, math.nan)
