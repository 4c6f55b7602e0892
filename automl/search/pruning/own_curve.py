"""Rules that look at the trial's own curve: bounds, and patience."""

import math
from collections.abc import Mapping

from automl.search.optuna.library import load_optuna
from automl.search.pruning.optuna_stand_in import OptunaStandIn, frozen_trial
from automl.search.pruning.pruner import Pruner
from automl.study.objective import Direction
from automl.study.ranking.curve import Curve
from automl.study.trial import TrialState


class ThresholdPruner:
    """Stops a trial whose newest value is out of bounds or NaN, from a step on; Optuna's rule.

    Args:
        lower: values below it are out of bounds, None for no such bound.
        upper: values above it are out of bounds, None for no such bound.
        start_step: nothing is stopped before this step.
    """

    def __init__(self, lower: float | None, upper: float | None, start_step: float) -> None:
        load_optuna()
        from optuna.pruners import ThresholdPruner as Threshold  # noqa: PLC0415 - it takes 0.2 s

        self._lower = -math.inf if lower is None else lower
        self._upper = math.inf if upper is None else upper
        self._start_step = start_step
        self._pruner = Threshold(self._lower, self._upper)

    def should_stop(
        self, trial_id: int, curves: Mapping[int, Curve], ended: Mapping[int, TrialState]
    ) -> str:
        """Return why it should be stopped, see `Pruner`."""
        del ended
        curve = curves[trial_id]
        if not len(curve) or curve.last_step < self._start_step:
            return ""
        # Bounds know no other trials and no direction, and the value of one step is enough.
        mirror = OptunaStandIn(maximize=True, trials=[])
        if not mirror.stops(self._pruner, frozen_trial(trial_id, {0: curve.last})):
            return ""
        place = f"threshold: {curve.last:.4g} at step {curve.last_step:g} is"
        if math.isnan(curve.last):
            return f"{place} not a number"
        if curve.last < self._lower:
            return f"{place} below {self._lower:.4g}"
        return f"{place} above {self._upper:.4g}"


class PatientPruner:
    """Stops a trial that has not improved for a while, if another rule agrees.

    A trial improves if the best of its last `patience` measurements is better than the best before
    them by more than `min_delta`. NaN and infinite values are no measurements here. This is not
    Optuna's rule: that one asks that the trial became worse by more than `min_delta`, so a flat
    curve is never stopped.

    Args:
        patience: how many measurements may pass without an improvement, 1 or more.
        min_delta: what is too small to be an improvement, 0 or more.
        wrapped: the rule that must agree, None for no other rule.
        direction: which values are better.
    """

    def __init__(
        self, patience: int, min_delta: float, wrapped: Pruner | None, direction: Direction
    ) -> None:
        self._patience = patience
        self._min_delta = min_delta
        self._wrapped = wrapped
        self._best = max if direction is Direction.MAXIMIZE else min
        self._sign = 1 if direction is Direction.MAXIMIZE else -1

    def should_stop(
        self, trial_id: int, curves: Mapping[int, Curve], ended: Mapping[int, TrialState]
    ) -> str:
        """Return why it should be stopped, see `Pruner`."""
        values = [value for value in curves[trial_id].values if math.isfinite(value)]
        if len(values) <= self._patience:
            return ""
        before = self._best(values[: -self._patience])
        newest = self._best(values[-self._patience :])
        if self._sign * (newest - before) > self._min_delta:
            return ""
        still = f"patient: no better than {before:.4g} in the last {self._patience} measurements"
        if self._wrapped is None:
            return still
        why = self._wrapped.should_stop(trial_id, curves, ended)
        return f"{still}; {why}" if why else ""
