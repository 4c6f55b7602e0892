"""Free slots, and the trials that are planned and started for them."""

from automl.engine.actions import STARTING, Action, Moment, Phase, Propose, Start
from automl.engine.handlers.parts import Parts
from automl.engine.handlers.relaunching import Relaunching
from automl.engine.stimuli import Proposed, SlotFree, SlotNews, TrialAdded, TrialAsked
from automl.search.sampler import Proposal
from automl.space.learnt import Offer


class Filling:
    """Brings free slots to work: waiting trials first, then those that go on, then new ones."""

    def __init__(self, parts: Parts, relaunching: Relaunching) -> None:
        self._parts = parts
        self._relaunching = relaunching

    @property
    def wants_start(self) -> bool:
        """Whether a free slot would start or plan a trial if the machine has room for it."""
        parts = self._parts
        free = len(parts.slots.running) < parts.max_parallel and parts.slots.alone is None
        return free and parts.may_start(planning=not parts.planning.asked)

    @property
    def proposing(self) -> int | None:
        """The trial for which a proposal is waited for."""
        return self._next_id if self._parts.planning.asked else None

    @property
    def next_to_propose(self) -> int | None:
        """The trial for which a proposal will be needed next, as far as can be told now."""
        parts = self._parts
        wanted = parts.course.phase in STARTING and not parts.waiting and parts.may_plan
        return self._next_id if wanted else None

    def handle(self, news: SlotNews, now: Moment) -> list[Action]:
        """Take in that a slot is free, or what is to be tried."""
        match news:
            case SlotFree():
                return self._fill(now)
            case Proposed():
                return self._proposed(news, now)
            case TrialAdded():
                return self._plan(self._added(news), now, news)
            case TrialAsked():
                return self._plan(news.proposal, now, news)

    def _fill(self, now: Moment) -> list[Action]:
        """Return what brings the free slots to work, one step at a time."""
        parts, now_s = self._parts, now.monotonic_s
        if not self.wants_start or self._drains_before_deadline(now):
            return []
        fits = parts.candidates.fits(now_s)
        trial_id = parts.waiting.take(now_s, fits)
        if trial_id is not None:
            return self._start(trial_id, now)
        advance = parts.candidates.fitting_advance(now_s, may_plan=parts.may_plan)
        if advance:
            return self._relaunching.advanced(advance, now)
        if parts.may_plan and not parts.planning.asked and fits(self._next_id):
            parts.planning.ask()
            return [Propose(self._next_id)]
        if parts.slots.running or parts.planning.asked:
            return []
        parts.slots.alone = parts.waiting.take_alone(fits)
        return [] if parts.slots.alone is None else self._start(parts.slots.alone, now)

    def _proposed(self, news: Proposed, now: Moment) -> list[Action]:
        """Take in what the search proposes for a trial, or that it has nothing now or at all."""
        parts = self._parts
        idle = not (parts.slots.running or parts.waiting)
        proposal = parts.planning.answered(news.answer, idle=idle)
        # While it was thought about, a request may have taken the place or ended the study.
        late = news.trial_id != self._next_id or parts.course.phase not in STARTING
        if proposal is None or late or not parts.may_plan:
            return []
        return self._plan(proposal, now)

    def _added(self, added: TrialAdded) -> Proposal:
        """Return what the user wants tried; where the space is learnt, the values are fixed."""
        if not self._parts.spec.space.learnt:
            return Proposal(params=dict(added.params))
        offers = {name: Offer(value, None) for name, value in added.params.items()}
        return Proposal(params={}, proposed=offers)

    @property
    def _next_id(self) -> int:
        return len(self._parts.state.trials)

    def _plan(
        self, proposal: Proposal, now: Moment, wanted: TrialAdded | TrialAsked | None = None
    ) -> list[Action]:
        parts, trial_id = self._parts, self._next_id
        known = parts.state.ranges
        actions = parts.record(parts.planning.event(trial_id, proposal, now.at, wanted, known))
        trial = parts.state.trials[trial_id]
        parts.tally.planned(trial)
        parts.changed(trial)
        if not trial.asked:
            parts.waiting.add(trial_id)
        return actions

    def _start(self, trial_id: int, now: Moment) -> list[Action]:
        # It holds its slot from here on, so that nothing else gets it.
        self._parts.slots.take(trial_id, now.monotonic_s)
        return [Start(trial_id, self._parts.state.trials[trial_id].attempts + 1)]

    def _drains_before_deadline(self, now: Moment) -> bool:
        """Start nothing more once, by the durations seen, it could not end in time."""
        parts = self._parts
        now_s, median_s = now.monotonic_s, parts.tally.median_s()
        if parts.candidates.enough_time(now_s, median_s, may_plan=parts.may_plan):
            return False
        parts.course.enter(Phase.DRAINING, parts.time.deadline.reason)
        return True
