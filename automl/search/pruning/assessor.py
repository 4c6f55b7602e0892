"""Stop what stays among the worst for some rungs in a row."""

from collections.abc import Mapping
from dataclasses import dataclass

from automl.search.pruning.levels import LevelsOf
from automl.search.pruning.pruner import completed_curves
from automl.search.pruning.rungs import rung_step
from automl.search.pruning.window import Window
from automl.study.objective import Direction
from automl.study.ranking.curve import Curve
from automl.study.trial import TrialState


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessor:
    """The options of `AssessorPruner`.

    Args:
        moving_avg: how many values the moving average is of; fewer at a curve's start.
        proportion: the share of the trials that counts as the worst.
        patience: for how many rungs in a row a trial must be among them.
        startup_trials: so many other trials must have reached a rung.
        window: the part of the curve in which trials may be stopped.
    """

    moving_avg: int
    proportion: float
    patience: int
    startup_trials: int
    window: Window


class AssessorPruner:
    """Compares moving averages with those of all other trials, running ones included.

    At each of the last `patience` rungs at which the trial has news, all of them within the window,
    the trials that reached the rung are ranked by the mean of their last `moving_avg`
    measurements up to there. The trial is stopped if at each of them it was among the worst
    `proportion`: the trials not better than it, itself included, are at most that share of all.
    So of equals none is stopped unless they all fit into the share.
    """

    def __init__(self, options: Assessor, direction: Direction) -> None:
        self._options = options
        self._maximize = direction is Direction.MAXIMIZE
        self._levels = LevelsOf(options.moving_avg)

    def should_stop(
        self, trial_id: int, curves: Mapping[int, Curve], ended: Mapping[int, TrialState]
    ) -> str:
        """Return why it should be stopped, see `Pruner`."""
        options = self._options
        completed = completed_curves(trial_id, curves, ended).values()
        start = options.window.start(completed)
        own = self._levels.one(trial_id, curves[trial_id])
        rungs = own.rungs[-options.patience :]
        if start is None or len(rungs) < options.patience or rung_step(rungs[0]) < start:
            return ""
        if not options.window.holds(curves[trial_id], completed):
            return ""
        others = [
            self._levels.one(one, curve).known for one, curve in curves.items() if one != trial_id
        ]
        averages = own.values[-options.patience :]
        judged = zip(reversed(rungs), reversed(averages), strict=True)
        if not all(self._among_worst(rung, average, others) for rung, average in judged):
            return ""
        count = sum(rungs[-1] in known for known in others) + 1
        return (
            f"assessor: {averages[-1]:.4g}, the average of {options.moving_avg}, at step "
            f"{rung_step(rungs[-1]):g} is in the worst {options.proportion:.0%} of {count} trials, "
            f"{options.patience} rungs in a row"
        )

    def _among_worst(self, rung: int, average: float, others: list[dict[int, float]]) -> bool:
        there = [known[rung] for known in others if rung in known]
        if len(there) < self._options.startup_trials:
            return False
        if self._maximize:
            better = sum(value > average for value in there)
        else:
            better = sum(value < average for value in there)
        # NaN is worse than all, and no comparison with it is true.
        if average != average:  # noqa: PLR0124
            better = len(there)
        return len(there) + 1 - better <= self._options.proportion * (len(there) + 1)
