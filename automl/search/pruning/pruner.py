"""The contract of what stops running trials."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from automl.study.objective import Direction
from automl.study.ranking.curve import Curve
from automl.study.trial import TrialState


class Pruner(Protocol):
    """Decides to stop a running trial."""

    def should_stop(
        self, trial_id: int, curves: Mapping[int, Curve], ended: Mapping[int, TrialState]
    ) -> str:
        """Return why the trial should be stopped, in one line for the table; '' to let it run.

        A question does not write: it answers from what it is given alone, so the same arguments
        have the same answer, also in a new process. What it keeps is only there to be faster.
        Not for several threads at once.

        Args:
            trial_id: the trial in question, one of `curves`.
            curves: the curves of all trials that did not fail; those without a measurement are
                empty, but for that of `trial_id`.
            ended: the states of those that ended; the others run.
        """
        ...


MakePruner: TypeAlias = Callable[[Direction], Pruner]
"""Makes a pruner whose options are checked already."""


def completed_curves(
    trial_id: int, curves: Mapping[int, Curve], ended: Mapping[int, TrialState]
) -> dict[int, Curve]:
    """Return the curves of the completed trials other than `trial_id` that have measurements.

    A function may report on one trial, and return no more than its number on another.
    """
    return {
        one: curves[one]
        for one, state in ended.items()
        if state is TrialState.COMPLETED and one != trial_id and len(curves.get(one, ()))
    }
