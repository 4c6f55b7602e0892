"""Optuna's callback that ends a study after so many trials."""

from collections.abc import Container
from typing import Any

from automl.functions.names.enums import TrialState


class MaxTrialsCallback:
    """Ends the study once so many trials are in some states.

    Args:
        n_trials: how many.
        states: which states count; None for all.
    """

    def __init__(
        self, n_trials: int, states: Container[TrialState] | None = (TrialState.COMPLETE,)
    ) -> None:
        self._n_trials = n_trials
        self._states = states

    def __call__(self, study: Any, trial: object) -> None:  # noqa: ANN401 - Optuna's study too
        """Take in that a trial ended."""
        del trial
        if len(study.get_trials(deepcopy=False, states=self._states)) >= self._n_trials:
            study.stop()
