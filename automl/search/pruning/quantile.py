"""Stop what is worse than most completed trials were at the same rung."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automl.search.optuna.library import load_optuna
from automl.search.pruning.levels import Levels, LevelsOf
from automl.search.pruning.optuna_stand_in import OptunaStandIn, frozen_trial
from automl.search.pruning.pruner import completed_curves
from automl.search.pruning.rungs import rung_step
from automl.search.pruning.window import Window
from automl.study.objective import Direction
from automl.study.ranking.curve import Curve
from automl.study.trial import TrialState

if TYPE_CHECKING:
    import optuna


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """The options of `QuantilePruner`.

    Args:
        name: the pruner's name, for its reasons.
        keep_percent: how many percent of the completed trials a trial may be worse than.
        startup_trials: nothing is stopped before so many trials completed and reached the rung.
        window: the part of the curve in which trials may be stopped.
    """

    name: str
    keep_percent: float
    startup_trials: int
    window: Window


class QuantilePruner:
    """Optuna's percentile rule on common rungs.

    A trial is stopped if its best value at the rungs so far is worse than the percentile of the
    completed trials' values at its newest rung. Differences from Optuna's own use: curves are
    mapped to rungs; nothing is stopped in the first part of the curve; what is not finite is
    left out, and a trial that printed nothing finite until then is stopped.
    """

    def __init__(self, options: Quantile, direction: Direction) -> None:
        self._options = options
        self._direction = direction
        self._levels = LevelsOf()
        self._frozen: dict[int, tuple[Levels, int, optuna.trial.FrozenTrial]] = {}
        self._rule: optuna.pruners.PercentilePruner | None = None

    def should_stop(
        self, trial_id: int, curves: Mapping[int, Curve], ended: Mapping[int, TrialState]
    ) -> str:
        """Return why it should be stopped, see `Pruner`."""
        completed = completed_curves(trial_id, curves, ended)
        if len(completed) < max(1, self._options.startup_trials):
            return ""
        if not self._options.window.holds(curves[trial_id], completed.values()):
            return ""
        return self.compare(
            trial_id, self._levels.one(trial_id, curves[trial_id]), self._levels.all(completed)
        )

    def compare(self, trial_id: int, own: Levels, completed: Mapping[int, Levels]) -> str:
        """Return why the trial is worse than it may be at its newest rung, '' if it is not."""
        if not own.rungs:
            return ""
        step = f"step {rung_step(own.rungs[-1]):g}"
        finite = {
            rung: value
            for rung, value in zip(own.rungs, own.values, strict=True)
            if value == value  # noqa: PLR0124 - it is not NaN
        }
        if not finite:
            return f"{self._options.name}: no finite value until {step}"
        # Optuna judges at a trial's newest step, so that it must be there although it is NaN.
        newest = own.rungs[-1]
        seen = {**finite, newest: finite.get(newest, float("nan"))}
        trials = [self._as_frozen(one, levels) for one, levels in completed.items()]
        mirror = OptunaStandIn(maximize=self._direction is Direction.MAXIMIZE, trials=trials)
        if not mirror.stops(self._made(), frozen_trial(trial_id, seen)):
            return ""
        best = (max if self._direction is Direction.MAXIMIZE else min)(finite.values())
        others = [levels.known[newest] for levels in completed.values() if newest in levels.known]
        return f"{self._options.name}: {best:.4g} at {step} is {self._worse_than(others)}"

    def _made(self) -> optuna.pruners.PercentilePruner:
        """Return Optuna's rule, loaded once there is something to compare."""
        if self._rule is None:
            load_optuna()
            from optuna.pruners import PercentilePruner  # noqa: PLC0415 - it takes 0.2 s to load

            few = self._options.startup_trials
            keep = self._options.keep_percent
            self._rule = PercentilePruner(keep, n_startup_trials=few, n_min_trials=max(1, few))
        return self._rule

    def _worse_than(self, others: list[float]) -> str:
        maximize = self._direction is Direction.MAXIMIZE
        keep = self._options.keep_percent
        bound = percentile(others, 100 - keep if maximize else keep)
        side = "below" if maximize else "above"
        what = "the median" if keep == 50 else f"what {keep:g} % had there"  # noqa: PLR2004
        return f"{side} {bound:.4g}, {what} of {len(others)} trials"

    def _as_frozen(self, trial_id: int, levels: Levels) -> optuna.trial.FrozenTrial:
        kept = self._frozen.get(trial_id)
        if kept is None or kept[0] is not levels or kept[1] != levels.changes:
            frozen = frozen_trial(trial_id, levels.known, final=levels.curve.last)
            kept = self._frozen[trial_id] = levels, levels.changes, frozen
        return kept[2]


def percentile(values: list[float], percent: float) -> float:
    """Return a percentile of at least one value, between two of them by a straight line."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    below = ordered[int(place)]
    above = ordered[min(int(place) + 1, len(ordered) - 1)]
    return below + (above - below) * (place % 1)
