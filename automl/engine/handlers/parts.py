"""The parts of an engine."""

from dataclasses import dataclass

from automl.engine.actions import STARTING, Action, Record
from automl.engine.candidates import Candidates
from automl.engine.early_stops import EarlyStopping
from automl.engine.handlers.phase_and_slots import Course, Slots
from automl.engine.planning import Planning
from automl.engine.relaunches import Advance, Relaunches
from automl.engine.stops import Stops
from automl.engine.tally import Tally
from automl.engine.timing.time_left import TimeLeft
from automl.engine.verdicts import Verdicts
from automl.engine.waiting import WaitingTrials
from automl.journal.events import Event
from automl.journal.fold import StudyState
from automl.study.spec import StudySpec
from automl.study.trial import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the handlers share; each part has one duty.

    Attributes:
        spec: the study.
        state: the study as the journal will tell it; `record` alone changes it.
        capacity: how many trials the machine takes at once, None for any number.
        course: what the study is doing.
        slots: which trials run.
        tally: counts, the best trial, and what the search is told.
        waiting: the planned trials.
        planning: what new trials are planned.
        relaunches: which trials that ended are launched again.
        candidates: what there is to launch, and what of it can end in time.
        time: how long launches take, and until when.
        early: which running trials are stopped early, None for none.
        verdicts: what the end of an attempt makes of its trial.
        stops: which trials are being stopped.
    """

    spec: StudySpec
    state: StudyState
    capacity: int | None
    course: Course
    slots: Slots
    tally: Tally
    waiting: WaitingTrials
    planning: Planning
    relaunches: Relaunches
    candidates: Candidates
    time: TimeLeft
    early: EarlyStopping | None
    verdicts: Verdicts
    stops: Stops

    @property
    def max_parallel(self) -> int:
        """How many trials may run at once now."""
        wanted = self.state.max_parallel or self.spec.limits.max_parallel
        return wanted if self.capacity is None else min(wanted, self.capacity)

    @property
    def max_trials(self) -> int:
        """How many trials may be planned now."""
        return self.state.max_trials or self.spec.limits.max_trials

    @property
    def may_plan(self) -> bool:
        """Whether a new trial may still come."""
        return self.planning.open and len(self.state.trials) < self.max_trials

    @property
    def advance(self) -> Advance | None:
        """Which trial that ended is to go on next, None for none."""
        return self.candidates.advance(may_plan=self.may_plan)

    def may_start(self, *, planning: bool = True) -> bool:
        """Tell whether there is anything to start, new trials included if there is `planning`."""
        planned = bool(self.waiting) or (planning and self.may_plan)
        return self.course.phase in STARTING and (planned or self.advance is not None)

    def record(self, event: Event) -> list[Action]:
        """Take in an event, and return the action that writes it."""
        return recorded(self.state, event)

    def changed(self, trial: Trial) -> None:
        """Let those who keep accounts know that a trial was planned, requeued or ended."""
        self.relaunches.changed(trial)
        self.time.changed(trial)
        if self.early:
            self.early.changed(trial)


def recorded(state: StudyState, event: Event) -> list[Action]:
    """Let a state take in an event, and return the action that writes it."""
    state.apply(event)
    return [Record(event)]
