"""Which running trials are stopped early: what the pruner says, and what it may not do."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from automl.journal.fold import StudyState
from automl.render.length import TrialLength
from automl.search.pruning.pruner import Pruner
from automl.search.pruning.shares import WHOLE, Shares
from automl.study.objective import Direction
from automl.study.ranking.curve import Curve
from automl.study.spec import StudySpec
from automl.study.trial import Trial, TrialState


@dataclass(frozen=True, slots=True)
class Stop:
    """That a trial is stopped: the step up to which it was seen, and why."""

    step: float
    reason: str


class EarlyStopping:
    """Asks the pruner, but never lets it stop the best trial.

    Args:
        pruner: says which trials are not worth going on.
        direction: which values are better.
        shares: maps curves to shares of their trials' lengths; None: steps are compared.
    """

    def __init__(self, pruner: Pruner, direction: Direction, shares: Shares | None = None) -> None:
        self._shares = shares
        self._pruner = pruner
        self._direction = direction
        self._decided: dict[int, Stop] = {}
        self._ended: dict[int, TrialState] = {}

    @classmethod
    def of(cls, pruner: Pruner, spec: StudySpec) -> Self:
        """Return what asks the pruner of a study."""
        length = spec.pruner.options.get("length") if spec.pruner else None
        shares = None if length is None else Shares(TrialLength(length, spec.space).of)
        return cls(pruner, spec.objectives.direction, shares)

    def changed(self, trial: Trial) -> None:
        """Take in that a trial was launched again or ended."""
        if trial.state.finished:
            self._ended[trial.id] = trial.state
        else:
            self._ended.pop(trial.id, None)

    def decide(self, trial: Trial, state: StudyState, best: Trial | None) -> Stop | None:
        """Return that a trial is to be stopped now, None if it is not.

        Only one that runs can be, but not one that is rerun to its end or confirmed, nor one whose
        last value is no worse than the best trial's, or while there is no completed trial, than
        those of all that run.
        """
        curves = state.curves or {}
        curve = curves.get(trial.id)
        if curve is None or not len(curve) or trial.state is not TrialState.RUNNING:
            return None
        if trial.spared or trial.confirms or trial.id in self._decided:
            return None
        if self._leads(trial, state, best):
            return None
        reason = self._asked(trial, curves, state.trials)
        if not reason:
            return None
        rule, _, why = reason.partition(": ")
        self.restore(trial.id, Stop(curve.last_step, f"stopped early ({rule}): {why}"))
        return self._decided[trial.id]

    def _asked(self, trial: Trial, curves: Mapping[int, Curve], trials: Mapping[int, Trial]) -> str:
        """Return what the pruner says; of a trial at its own end, or of unknown length, nothing."""
        if self._shares is None:
            return self._pruner.should_stop(trial.id, curves, self._ended)
        shared = self._shares.of(curves, trials)
        own = shared.get(trial.id)
        if own is None or own.last_step >= WHOLE:
            return ""
        reason = self._pruner.should_stop(trial.id, shared, self._ended)
        return re.sub(r"\bstep (\d[^ ,;]*)", r"\1 % of its length", reason)

    def restore(self, trial_id: int, stop: Stop) -> None:
        """Take in that it was decided, maybe by an earlier controller, to stop a trial."""
        self._decided[trial_id] = stop

    def take(self, trial_id: int) -> Stop | None:
        """Return the decision about a trial that is over, and forget it."""
        return self._decided.pop(trial_id, None)

    def _leads(self, trial: Trial, state: StudyState, best: Trial | None) -> bool:
        if trial.newest is None:
            return True
        if best is not None and best.value is not None:
            worse = math.isnan(trial.newest) or self._direction.better(best.value, trial.newest)
            return not worse
        others = [
            one.newest
            for one in state.trials.values()
            if one.id != trial.id and one.newest is not None and one.state is TrialState.RUNNING
        ]
        return not any(self._direction.better(other, trial.newest) for other in others)
