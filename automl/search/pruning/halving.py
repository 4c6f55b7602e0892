"""Stop what is not among the best at each rung of a ladder: successive halving and Hyperband."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from automl.search.optuna.library import load_optuna
from automl.search.pruning.optuna_stand_in import OptunaStandIn, frozen_trial
from automl.search.pruning.pruner import completed_curves
from automl.search.pruning.rungs import rung_below, rung_step
from automl.search.pruning.window import Window
from automl.study.budget import Budget
from automl.study.objective import Direction
from automl.study.ranking.curve import Curve
from automl.study.trial import TrialState

if TYPE_CHECKING:
    import optuna

_MOST_RUNGS = 64
"""No ladder has more; a program that prints a step of 1e300 would climb for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Halving:
    """The options of `HalvingPruner`.

    Args:
        name: the pruner's name, for its reasons.
        factor: each rung is this many times the one below, and one trial in so many goes on.
        brackets: how many ladders the trials are shared out to; each begins one rung higher.
        window: where the first rung is.
    """

    name: str
    factor: int
    brackets: int
    window: Window


class HalvingPruner:
    """Optuna's asynchronous successive halving, answered from the curves alone.

    A trial is judged at the highest rung that it has reached, by its curve's value there: it must
    be among the best 1/factor of itself and the trials with lower numbers that reached the rung,
    as if trials came to a rung in the order of their numbers. So a promotion is not taken back
    because of later trials. There is no rung so close to the whole length that little would be
    saved, above length / sqrt(factor).

    Optuna's pruner writes a mark into a trial for each rung when it is asked. Here each curve is
    replayed to it rung by rung, into copies that Optuna marks; what they hold follows from the
    curves, so a new process that is given the same curves answers the same.

    Source: Li et al., MLSys 2020 (ASHA, stopping variant); `factor` is eta there. Brackets: Li et
    al., JMLR 2018 (Hyperband), with the shares of `Budget.start`.
    """

    def __init__(self, options: Halving, direction: Direction) -> None:
        load_optuna()
        from optuna.pruners import SuccessiveHalvingPruner  # noqa: PLC0415 - it takes 0.2 s

        self._options = options
        self._maximize = direction is Direction.MAXIMIZE
        # Steps are told as powers of the factor, so that the first rung may be at any step.
        self._pruner = SuccessiveHalvingPruner(min_resource=1, reduction_factor=options.factor)
        # The trial's bracket is the rung at which this budget would start it.
        self._shares = Budget(
            name="step",
            min=1,
            max=options.factor ** max(1, options.brackets - 1),
            factor=options.factor,
            brackets=options.brackets,
        )
        self._first = math.nan
        self._replayed: dict[int, _Replay] = {}

    def should_stop(
        self, trial_id: int, curves: Mapping[int, Curve], ended: Mapping[int, TrialState]
    ) -> str:
        """Return why it should be stopped, see `Pruner`."""
        completed = completed_curves(trial_id, curves, ended).values()
        first = self._first_rung(self._options.window.start(completed))
        if first is None or self._options.window.is_over(curves[trial_id], completed):
            return ""
        self._begin_at(first)
        length = self._options.window.length(completed)
        end = math.inf if length is None else length / math.sqrt(self._options.factor)
        own = self._replay(trial_id, curves[trial_id])
        count = sum(step <= end for step in own.steps)
        return self._judge(trial_id, own, count, curves) if count else ""

    def _first_rung(self, start: float | None) -> float | None:
        """Return the first rung's step: the common rung below a share of the length.

        On a common rung it stays the same while the length changes by little.
        """
        if start is None or self._options.window.start_step is not None:
            return start
        return rung_step(max(1, rung_below(start)))

    def _begin_at(self, first: float) -> None:
        if first != self._first:
            self._first = first
            self._replayed.clear()

    def _replay(self, trial_id: int, curve: Curve) -> _Replay:
        replay = self._replayed.get(trial_id)
        if replay is None or not replay.continues(curve):
            first = self._first * float(self._shares.start(trial_id))
            replay = _Replay(curve, frozen_trial(trial_id, {}), first)
            self._replayed[trial_id] = replay
        replay.go_on(self._pruner, self._options.factor, maximize=self._maximize)
        return replay

    def _judge(self, trial_id: int, own: _Replay, count: int, curves: Mapping[int, Curve]) -> str:
        top = count - 1
        value, step = own.values[top], own.steps[top]
        place = f"{self._options.name}: {value:.4g} at step {step:g}"
        if not math.isfinite(value):
            return f"{place} is not finite"
        others = [
            replay.trial
            for one, curve in curves.items()
            if one < trial_id
            for replay in [self._replay(one, curve)]
            if replay.first == own.first and len(replay.values) > top
        ]
        marks = dict(islice(own.trial.system_attrs.items(), top))
        asked = frozen_trial(trial_id, {self._options.factor**top: value}, marks=marks)
        if not OptunaStandIn(maximize=self._maximize, trials=others).stops(self._pruner, asked):
            return ""
        total = len(others) + 1
        best = max(1, total // self._options.factor)
        return f"{place} is not among the best {best} of {total} trials"


class _Replay:
    """One curve on a ladder of rungs, and the trial in which Optuna marked them."""

    __slots__ = ("_changes", "_curve", "_provisional", "first", "steps", "trial", "values")

    def __init__(self, curve: Curve, trial: optuna.trial.FrozenTrial, first: float) -> None:
        self.trial = trial
        self.first = first
        self.steps: list[float] = []
        self.values: list[float] = []
        self._curve = curve
        self._changes = 0
        self._provisional = False

    def continues(self, curve: Curve) -> bool:
        """Tell whether the marks still hold."""
        return curve is self._curve and (curve.changes == self._changes or not self._provisional)

    def go_on(self, pruner: optuna.pruners.BasePruner, factor: int, *, maximize: bool) -> None:
        """Let Optuna mark the rungs that the curve has newly reached."""
        curve = self._curve
        if curve.changes == self._changes:
            return
        while len(self.steps) < _MOST_RUNGS:
            step = self.first * factor ** len(self.steps)
            if step > curve.last_step:
                break
            value = curve.at(step)
            # A curve that begins behind a rung is judged there by its first value.
            value = curve.values[0] if value is None else value
            told = value if math.isfinite(value) else -math.inf if maximize else math.inf
            self.trial.intermediate_values = {factor ** len(self.steps): told}
            OptunaStandIn(maximize=maximize, trials=[]).stops(pruner, self.trial)
            self.steps.append(step)
            self.values.append(value)
        self._changes = curve.changes
        # The last step's value may be replaced; a single one may stand for rungs before it too.
        marks_of_last = curve.last_step in self.steps or len(curve) == 1
        self._provisional = bool(self.steps) and marks_of_last
