"""What a study on disk would launch if slots were free now, found out without launching it."""

from collections.abc import Iterable
from dataclasses import dataclass

from automl.engine.actions import Action, Moment, Phase, Propose, Record, Start
from automl.engine.engine import Engine
from automl.engine.requests import wish_of
from automl.engine.stimuli import (
    Adopted,
    PhaseAsked,
    Proposed,
    Requested,
    SlotFree,
    StopAsked,
    TrialRetryAsked,
)
from automl.journal.events import VERSION, RequestTaken, TrialRequeued
from automl.journal.folder import StudyFolder
from automl.journal.requests import request_from
from automl.loop.requests import Requests
from automl.search.sampler import Answer, Nothing, Proposer
from automl.studies.next_trials.told_so_far import ToldSoFar
from automl.study.spec import StudySpec
from automl.study.trial import START_WITH, Trial

_MANY = 1_000_000
"""More slots than anybody asks about."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A trial that is launched before any that the search proposes now.

    Attributes:
        trial: which.
        why: in a few words.
    """

    trial: Trial
    why: str


class FreeSlots:
    """Fills slots of a study as its controller would, but that nothing is launched.

    Trials that run go on running meanwhile.

    Args:
        spec: the study.
        told: what its journal tells; it is this object's own from now on.
        proposer: the study's search.
        now: the moment.
        began_s: the monotonic second at which its controller began.
        control: has the requests that a controller takes up when it begins; None where one runs.

    Attributes:
        earlier: what is launched before new trials.
        answer: what the search said last; None before it was asked.
    """

    def __init__(
        self,
        spec: StudySpec,
        told: ToldSoFar,
        proposer: Proposer,
        now: Moment,
        began_s: float,
        control: StudyFolder | None,
    ) -> None:
        self.earlier: list[Earlier] = []
        self.answer: Answer | None = None
        self._spec = spec
        self._proposer = proposer
        self._now = now
        self._history = told.history
        self._new: list[int] = []
        self._reasons: dict[int, str] = {}
        self._engine = engine = Engine(spec, told.state, began_s)
        known = len(engine.view.history)
        self._take_up(told.taken)
        if control:
            self._carry_out(Requests(engine, control, spec.space).look(now))
        self._history += engine.view.history[known:]
        slots = RequestTaken(
            v=VERSION, at=now.at, offset=told.state.control_offset, max_parallel=_MANY
        )
        engine.handle(Requested(slots), now)

    def new_trials(self, count: int) -> list[Trial]:
        """Return up to so many trials that the search proposes, in the order of their starts."""
        while len(self._new) < count:
            actions = self._engine.handle(SlotFree(), self._now)
            if not actions:
                break
            self._carry_out(actions)
        return [self._engine.view.trials[trial_id] for trial_id in self._new]

    @property
    def why_no_more(self) -> str:
        """Why no further trial would be new now."""
        view = self._engine.view
        if view.phase is not Phase.RUNNING:
            return view.reason
        if len(view.trials) >= view.max_trials:
            return (
                f"all {view.max_trials} trials are planned, as many as the study may have; "
                "`automl add -n 10`, or a larger number at its next start, has more"
            )
        if self.answer is Nothing.NOT_YET:
            return "the search proposes nothing before a trial that runs has ended"
        if self.answer is Nothing.USED_UP:
            return self._used_up(len(view.trials))
        return "none could end in the time that is left"

    def _used_up(self, count: int) -> str:
        if self._spec.trains_population:
            return f"the population is trained, in {count} trials"
        return (
            f"the search has nothing to propose after {count} trials: all combinations of the "
            "space have been tried, or are being tried"
        )

    def _take_up(self, taken: Iterable[RequestTaken]) -> None:
        """Let the engine know what runs, and what was asked of the controller that runs it."""
        view = self._engine.view
        for trial in view.trials.values():
            if trial.launched:
                adopted = Adopted(trial_id=trial.id, since_s=self._now.monotonic_s, over=False)
                self._engine.handle(adopted, self._now)
        for one in taken:
            wish = wish_of(request_from(one.request), self._spec.space) if one.done else None
            if isinstance(wish, PhaseAsked | StopAsked):
                self._engine.handle(wish, self._now)
        # Each goes to the head of the line.
        for trial_id in reversed(view.to_run_again):
            again = TrialRetryAsked(trial_id, "run again, as it failed like all others")
            self._carry_out(self._engine.handle(again, self._now))

    def _carry_out(self, actions: Iterable[Action]) -> None:
        for action in actions:
            match action:
                case Record(event=TrialRequeued() as again):
                    self._reasons[again.trial] = again.reason
                case Start() if action.trial_id not in self._new:
                    self._note(self._engine.view.trials[action.trial_id])
                case Propose():
                    self._propose(action.trial_id)

    def _note(self, trial: Trial) -> None:
        new = "planned before" if trial.origin in {"", START_WITH} else "asked for"
        usual = "waits to run again" if trial.attempts else new
        self.earlier.append(Earlier(trial, self._reasons.get(trial.id, usual)))

    def _propose(self, trial_id: int) -> None:
        known = len(self._engine.view.history)
        self.answer = self._proposer.propose(trial_id, self._history)
        self._engine.handle(Proposed(trial_id, self.answer), self._now)
        self._history += self._engine.view.history[known:]
        if trial_id in self._engine.view.trials:
            self._new.append(trial_id)
