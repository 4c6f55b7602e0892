"""What new trials are planned, and whether more will be."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from automl.engine.stimuli import TrialAdded, TrialAsked
from automl.inside.ranges import Range
from automl.journal.events import VERSION, TrialPlanned
from automl.journal.told.offers import told_offers
from automl.search.sampler import Answer, Nothing, Proposal
from automl.space.space import combination_key
from automl.study.spec import StudySpec
from automl.study.trial import START_WITH, WHOLE, Stage

NONE_KNOWN: Mapping[str, Range] = MappingProxyType({})


class Planning:
    """Turns proposals into trials.

    Args:
        spec: the study.
        call: the newest `optimize` of its script that has trials; a study that goes on without its
            script adds to these.

    Attributes:
        asked: whether a proposal is waited for.
        used_up: whether no proposal will come any more.
        waits: whether none will come before another trial has ended.
    """

    def __init__(self, spec: StudySpec, call: int) -> None:
        self.asked = False
        self.used_up = False
        self.waits = False
        self._ladder = spec.ladder
        self._budget = spec.budget
        self._call = spec.call or call
        self._population = spec.trains_population
        self._given = {combination_key(params) for params in spec.start_with}

    @property
    def open(self) -> bool:
        """Whether the search may have something to propose now."""
        return not self.used_up and not self.waits

    def ask(self) -> None:
        """Take in that the search is asked for a proposal."""
        self.asked = True

    def trial_ended(self) -> None:
        """Take in that a trial ended, which the search may have waited for."""
        self.waits = False

    def answered(self, answer: Answer, *, idle: bool) -> Proposal | None:
        """Take in the search's answer; return the proposal, if it is one.

        Args:
            answer: what it said.
            idle: whether no trial runs or waits, so that there is no end to wait for.
        """
        self.asked = False
        self.waits = answer is Nothing.NOT_YET and not idle
        self.used_up = answer is Nothing.USED_UP or (answer is Nothing.NOT_YET and idle)
        return answer if isinstance(answer, Proposal) else None

    def event(
        self,
        trial_id: int,
        proposal: Proposal,
        at: datetime,
        wanted: TrialAdded | TrialAsked | None = None,
        known: Mapping[str, Range] = NONE_KNOWN,
    ) -> TrialPlanned:
        """Return the record of a new trial.

        Args:
            trial_id: its id.
            proposal: what it is to be.
            at: this moment.
            wanted: what a user wants tried, or a program asks for; None for a trial of its own.
            known: where the space is learnt, the newest range of each name.
        """
        offers = proposal.proposed
        values, ranges = (None, {}) if offers is None else told_offers(offers, known)
        fixed = {name: one.value for name, one in (offers or {}).items() if one.range is None}
        given = combination_key(fixed or proposal.params) in self._given
        added = wanted if isinstance(wanted, TrialAdded) else None
        asked = isinstance(wanted, TrialAsked)
        return TrialPlanned(
            v=VERSION,
            at=at,
            trial=trial_id,
            params=proposal.params,
            stage=self._first_stage(trial_id, proposal),
            source=proposal.source,
            origin=added.origin if added else START_WITH if given else "",
            note=added.note if added else "",
            call=0 if asked else self._call,
            asked=asked,
            avoided=proposal.avoided,
            proposed=values,
            ranges=ranges,
        )

    def all_done(self, planned: int, ended: int, max_trials: int) -> str:
        """Return what has been done once nothing is left to do, by the numbers of trials."""
        if planned < max_trials and self._population:
            return f"the population is trained, in {planned} trials"
        if planned < max_trials:
            return f"all {planned} combinations of the search space have been tried"
        if ended < planned:
            done = "1 trial has" if ended == 1 else f"{ended} trials have"
            return f"{done} ended, and a program has yet to tell of {planned - ended}"
        return f"all {planned} trials have ended"

    def _first_stage(self, trial_id: int, proposal: Proposal) -> Stage:
        if proposal.budget is not None:
            return Stage(budget=proposal.budget, previous_budget=proposal.previous_budget)
        return self.first_stage(trial_id)

    def first_stage(self, trial_id: int) -> Stage:
        """Return how far a new trial is to go at first, if the search does not say."""
        if self._ladder:
            return Stage(budget=self._ladder.start(trial_id))
        # One that a user adds to a population begins as its members do.
        return Stage(budget=self._budget.min) if self._budget else WHOLE
