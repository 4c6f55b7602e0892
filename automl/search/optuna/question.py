"""A study of Optuna for one question, made of what is known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import optuna  # noqa: F401 - as a whole first, see `load_optuna`
from optuna.storages import InMemoryStorage
from optuna.trial import FrozenTrial, TrialState

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from optuna.distributions import BaseDistribution

    from automl.search.shown import Shown

CONSTRAINT = "violation"
_WHEN = datetime(2000, 1, 1, tzinfo=UTC)
"""No sampler reads the times, and the same history must give the same study."""


class ShownTrials(InMemoryStorage):
    """Holds the trials that it was made with, beside the one that Optuna is asked for.

    Optuna's own way, telling each trial to one lasting study, copies every trial and cannot take
    back what was told. This one shows exactly the given trials, so that what Optuna suggests
    depends on nothing else.

    Args:
        shown: the known trials.
        attributes: what the asked trial has in its system attributes from the start.
    """

    def __init__(
        self, shown: Sequence[FrozenTrial], attributes: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__()
        self._shown = list(shown)
        self._attributes = dict(attributes or {})

    def create_new_trial(self, study_id: int, template_trial: FrozenTrial | None = None) -> int:
        """Return the id of a new trial, which is numbered after the shown ones."""
        trial_id = super().create_new_trial(study_id, template_trial)
        trial = super().get_trial(trial_id)
        trial.number = max((shown.number for shown in self._shown), default=-1) + 1
        trial.system_attrs = dict(self._attributes)
        return trial_id

    def get_trial(self, trial_id: int) -> FrozenTrial:
        """Return a shown trial or the asked one."""
        for trial in self._shown:
            if trial._trial_id == trial_id:  # noqa: SLF001 - Optuna gives it no public name
                return trial
        return super().get_trial(trial_id)

    def get_all_trials(
        self,
        study_id: int,
        deepcopy: bool = True,  # noqa: FBT001, FBT002 - as Optuna calls it
        states: Container[TrialState] | None = None,
    ) -> list[FrozenTrial]:
        """Return the shown trials and the asked one, never copies of the shown."""
        own = super().get_all_trials(study_id, deepcopy=deepcopy, states=states)
        return [trial for trial in self._shown if states is None or trial.state in states] + own


def ended_trial(
    look: Shown,
    number: int,
    axes: tuple[dict[str, Any], dict[str, BaseDistribution]],
    *,
    constrained: bool,
) -> FrozenTrial:
    """Return an ended trial as Optuna keeps it; `axes` are its inner values and distributions."""
    trial = _trial(number, TrialState.COMPLETE if look.values else TrialState.PRUNED, axes)
    trial.datetime_complete = _WHEN
    if look.values:
        trial.values = look.values
    elif look.step is not None:
        trial.intermediate_values = {look.step: look.value}  # type: ignore[dict-item]
    if constrained:
        trial.set_constraint(CONSTRAINT, look.violation)
    return trial


def running_trial(
    number: int, axes: tuple[dict[str, Any], dict[str, BaseDistribution]]
) -> FrozenTrial:
    """Return a running trial as Optuna keeps it."""
    return _trial(number, TrialState.RUNNING, axes)


def _trial(
    number: int, state: TrialState, axes: tuple[dict[str, Any], dict[str, BaseDistribution]]
) -> FrozenTrial:
    return FrozenTrial(
        number=number,
        # Number 0 of the storage is the asked trial.
        trial_id=number + 1,
        state=state,
        value=None,
        datetime_start=_WHEN,
        datetime_complete=None,
        params=axes[0],
        distributions=axes[1],
        user_attrs={},
        system_attrs={},
        intermediate_values={},
    )
