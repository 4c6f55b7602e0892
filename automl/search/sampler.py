"""The contract of everything that proposes parameter values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from automl.spec.parameters import ParamValue
from automl.spec.space import Params
from automl.spec.trial import TrialState


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that a sampler is told: a trial was planned, or it ended.

    Attributes:
        trial_id: which trial.
        params: its values, within the search space.
        state: PLANNED, or the state in which it ended.
        value: the number that counts; None unless it completed.
    """

    trial_id: int
    params: Params
    state: TrialState
    value: float | None = None


class Sampler(Protocol):
    """Proposes the values of a trial."""

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue] | None:
        """Return the values for trial `trial_id`, or None when nothing is left to try.

        Args:
            trial_id: the trial to propose for; with the seed it decides every random draw.
            history: all that was told so far, oldest first. It is the same list in every call and
                only ever grows, so a sampler may remember how far it has read.
        """
        ...
