"""The contracts of what proposes trials: `Sampler` gives values, `Proposer` what the loop asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

from automl.inside.ranges import Range
from automl.space.learnt import Offer
from automl.space.parameters import ParamValue
from automl.space.space import Params
from automl.study.trial import TrialState


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that a sampler is told: a trial was planned, or it ended.

    A trial may end more than once: with a larger budget, after a retry, or confirmed. What is
    told last of it replaces what was told before.

    Attributes:
        trial_id: which trial; negative for what an earlier study found (`warm_start`).
        params: its values, within the search space.
        state: PLANNED, or the state in which it ended.
        value: the number that ranks it; None if it has none. Of a pruned trial, the last one.
        values: the values of all objectives, in their order, where there are several.
        reached: the budget or step at which a pruned trial had its value; None for others.
        violation: by how much it breaks the constraints; 0 if it keeps them.
        source: the trial whose checkpoint it continues, -1 for none; as it was proposed.
        proposed: where the space is learnt, what was proposed to it; its values are those that it
            asked for so far.
        ranges: with which ranges it asked for them.
    """

    trial_id: int
    params: Params
    state: TrialState
    value: float | None = None
    values: tuple[float, ...] = ()
    reached: float | None = None
    violation: float = 0.0
    source: int = -1
    proposed: Mapping[str, Offer] | None = None
    ranges: Mapping[str, Range] = field(default_factory=dict)


class Sampler(Protocol):
    """Proposes the values of a trial; it may repeat itself."""

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue] | None:
        """Return the values for trial `trial_id`, or None when nothing is left to try.

        Args:
            trial_id: the trial to propose for; with the seed it decides every random draw.
            history: all that was told so far, oldest first. It is the same list in every call and
                only ever grows, so a sampler may remember how far it has read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a trial is to be.

    Attributes:
        params: its values; none where the space is learnt.
        source: the trial whose checkpoint it continues, -1 for none.
        budget: the budget to train up to; None where the study's own rule counts.
        previous_budget: the budget that the checkpoint has already.
        avoided: how many combinations were proposed and left out before, as they were tried.
        proposed: where the space is learnt, what it is proposed, by name; else None.
    """

    params: dict[str, ParamValue]
    source: int = -1
    budget: float | None = None
    previous_budget: float = 0
    avoided: int = 0
    proposed: Mapping[str, Offer] | None = None


class Nothing(StrEnum):
    """Why there is no proposal: none will come, or none before another trial has ended."""

    USED_UP = "used up"
    NOT_YET = "not yet"


Answer: TypeAlias = Proposal | Nothing


class Proposer(Protocol):
    """Proposes trials, none twice."""

    def propose(self, trial_id: int, history: Sequence[Told]) -> Answer:
        """Return what trial `trial_id` is to be, or why there is nothing to propose.

        Asked again with the same history it answers the same. It may be called from another
        thread than the one that made it, but never from two at once.

        Args:
            trial_id: the trial to propose for; with the seed it decides every random draw.
            history: as for `Sampler.suggest`.
        """
        ...
