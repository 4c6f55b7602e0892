"""What stands in for a study of Optuna's when one of its pruners is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from automl.search.optuna.library import load_optuna

if TYPE_CHECKING:
    import optuna


class OptunaStandIn:
    """Shows a pruner the trials that it may compare with.

    Optuna's pruners read a study's trials and direction; successive halving also writes a mark
    of each rung into the trial that it is asked about. Here marks land in the value at hand alone.

    Args:
        maximize: whether higher is better.
        trials: what `get_trials` returns; all of one state.
        best: the best trial, for pruners that compare with it alone.
    """

    def __init__(
        self,
        *,
        maximize: bool,
        trials: list[optuna.trial.FrozenTrial],
        best: optuna.trial.FrozenTrial | None = None,
    ) -> None:
        load_optuna()
        from optuna.study import StudyDirection  # noqa: PLC0415 - it takes 0.2 s to load

        self.direction = StudyDirection.MAXIMIZE if maximize else StudyDirection.MINIMIZE
        self.best_trial = best
        self._trials = trials
        self._storage = self
        self._asked: optuna.trial.FrozenTrial | None = None

    def get_trials(self, *, deepcopy: bool, states: object = None) -> list[object]:
        """Return the trials; they are of the state that its pruner asks for."""
        del deepcopy, states
        return list(self._trials)

    def set_trial_system_attr(self, trial_id: int, key: str, value: object) -> None:
        """Keep a mark in the trial that is asked about."""
        del trial_id
        if self._asked is not None:
            self._asked.system_attrs[key] = value

    def stops(self, pruner: optuna.pruners.BasePruner, trial: optuna.trial.FrozenTrial) -> bool:
        """Return the pruner's answer; what it marks is then in `trial.system_attrs`."""
        self._asked = trial
        return pruner.prune(cast("optuna.Study", self), trial)


def frozen_trial(
    trial_id: int,
    values: Mapping[int, float],
    *,
    marks: Mapping[str, object] | None = None,
    final: float | None = None,
) -> optuna.trial.FrozenTrial:
    """Return a trial as Optuna knows it: completed if it has a final value, else running."""
    load_optuna()
    from optuna.trial import FrozenTrial, TrialState  # noqa: PLC0415 - it takes 0.2 s to load

    return FrozenTrial(
        number=trial_id,
        trial_id=trial_id,
        state=TrialState.RUNNING if final is None else TrialState.COMPLETE,
        value=final,
        datetime_start=None,
        datetime_complete=None,
        params={},
        distributions={},
        user_attrs={},
        system_attrs=dict(marks or {}),
        intermediate_values=dict(values),
    )
