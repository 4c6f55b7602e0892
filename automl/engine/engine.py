"""What to do next: events in, actions out; no clock, disk or process."""

from collections.abc import Mapping
from datetime import datetime

from automl.engine.actions import (
    STARTING,
    STOPPING,
    Action,
    Moment,
    Note,
    Phase,
    Propose,
    Record,
    Report,
    Start,
)
from automl.engine.candidates import Candidates
from automl.engine.early_stops import EarlyStopping
from automl.engine.outcome import Outcome
from automl.engine.planning import Planning
from automl.engine.relaunches import BY_THE_USER, Advance, Relaunches
from automl.engine.stops import Stops
from automl.engine.tally import Tally
from automl.engine.timing.overdue import overdue
from automl.engine.timing.time_left import TimeLeft
from automl.engine.verdicts import Over, Verdicts
from automl.engine.waiting import WaitingTrials
from automl.journal.events import (
    VERSION,
    Event,
    Measured,
    StudyClosed,
    TrialRequeued,
    TrialStarted,
)
from automl.journal.fold import StudyState
from automl.search.pruning.pruner import Pruner
from automl.search.sampler import Answer, Proposal
from automl.study.failure import FailureClass
from automl.study.launch import Handle
from automl.study.limits import TrialLimits
from automl.study.spec import StudySpec
from automl.study.trial import Stage, Trial, TrialState

VANISHED = "its processes vanished with its controller"


class Engine:
    """Decides what a study does; the runner carries it out.

    Args:
        spec: the study.
        state: what the journal told so far; changed by the events that are recorded.
        began_s: monotonic second at which this controller began.
        capacity: how many trials the machine takes at once, None for any number.
        pruner: what stops running trials early, None for nothing.
        continues: whether a launch goes on from what the one before it left.

    Attributes:
        state: the study as the journal will tell it.
        tally: counts, the best trial, and what the sampler is told.
        waiting: the planned trials.
        phase: what the study is doing.
        reason: why it is not simply running.
        reached: whether a trial was good enough to end it.
    """

    def __init__(
        self,
        spec: StudySpec,
        state: StudyState,
        began_s: float,
        capacity: int | None = None,
        pruner: Pruner | None = None,
        *,
        continues: bool = False,
    ) -> None:
        self.state = state
        self.tally = Tally(spec.objectives)
        self.relaunches = Relaunches(spec, state.trials)
        self.phase = Phase.RUNNING
        self.reason = ""
        self._spec = spec
        self._capacity = capacity
        trials = state.trials.values()
        self._time = TimeLeft(spec, began_s, trials, continues=continues)
        self._planning = Planning(spec)
        self._stopping = EarlyStopping(pruner, spec.objectives.direction) if pruner else None
        self._verdicts = Verdicts(spec.trial_limits, self.relaunches, self._stopping)
        self._stops = Stops(state, spec.limits.grace_s, self._verdicts, self._stopping, self.record)
        self.reached = False
        self._running: dict[int, float] = {}
        self._alone: int | None = None
        self.waiting = WaitingTrials.of(trials)
        self._candidates = Candidates(
            state, self._running, self.waiting, self.relaunches, self._planning, self._time
        )
        for trial in trials:
            self.tally.planned(trial)
        for trial in trials:
            if trial.state.finished:
                self.tally.ended(trial)
                self._changed(trial)
        if reason := self._good_enough():
            self.phase, self.reason = Phase.ENDING, reason

    @property
    def max_parallel(self) -> int:
        """How many trials may run at once now."""
        wanted = self.state.max_parallel or self._spec.limits.max_parallel
        return wanted if self._capacity is None else min(wanted, self._capacity)

    @property
    def max_trials(self) -> int:
        """How many trials may be planned now."""
        return self.state.max_trials or self._spec.limits.max_trials

    @property
    def over(self) -> bool:
        """Whether nothing runs and nothing will be started by this controller."""
        if self._running or self.phase is Phase.PAUSED:
            return self.phase is Phase.DETACHED
        return not self._may_start()

    @property
    def proposing(self) -> int | None:
        """The trial for which a proposal is waited for."""
        return len(self.state.trials) if self._planning.asked else None

    @property
    def next_to_propose(self) -> int | None:
        """The trial for which a proposal will be needed next, as far as can be told now."""
        wanted = self.phase in STARTING and not self.waiting and self._may_plan()
        return len(self.state.trials) if wanted else None

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do for the study as it is described."""
        left = self._running or self.waiting or self._may_plan() or self._next_advance()
        return self.reached or (self.phase is Phase.RUNNING and not left)

    @property
    def wants_start(self) -> bool:
        """Whether `fill` would start or plan a trial if the machine has room for it."""
        free = len(self._running) < self.max_parallel and self._alone is None
        return free and self._may_start(planning=not self._planning.asked)

    def fill(self, now: Moment) -> list[Action]:
        """Return what brings the free slots to work, one step at a time."""
        if not self.wants_start or self._drain_before_deadline(now):
            return []
        fits = self._candidates.fits(now.monotonic_s)
        trial_id = self.waiting.take(now.monotonic_s, fits)
        if trial_id is not None:
            return self._start(trial_id, now)
        advance = self._candidates.fitting_advance(now.monotonic_s, may_plan=self._may_plan())
        if advance:
            return self._advance(advance, now)
        if self._may_plan() and not self._planning.asked and fits(len(self.state.trials)):
            self._planning.asked = True
            return [Propose(len(self.state.trials))]
        if self._running or self._planning.asked:
            return []
        self._alone = self.waiting.take_alone(fits)
        return [] if self._alone is None else self._start(self._alone, now)

    def proposed(self, trial_id: int, answer: Answer, now: Moment) -> list[Action]:
        """Take in what the search proposes for a trial, or that it has nothing now or at all."""
        proposal = self._planning.answered(answer, idle=not (self._running or self.waiting))
        # While it was thought about, a request may have taken the place or ended the study.
        late = trial_id != len(self.state.trials) or self.phase not in STARTING
        if proposal is None or late or not self._may_plan():
            return []
        return self.plan(trial_id, proposal, now)

    def plan(
        self, trial_id: int, proposal: Proposal, now: Moment, origin: str = ""
    ) -> list[Action]:
        """Add a trial; `origin` says where its values come from if not from the search."""
        actions = self.record(self._planning.event(trial_id, proposal, now.at, origin))
        self.tally.planned(self.state.trials[trial_id])
        self._changed(self.state.trials[trial_id])
        self.waiting.add(trial_id)
        return actions

    def measured(self, event: Measured, *, over: bool) -> list[Action]:
        """Take in new measurements of an attempt, which is past stopping if it is over."""
        return self.record(event) + self._stopped_early(event.trial, event.at, over=over)

    def started(self, trial_id: int, handle: Handle, now: Moment) -> list[Action]:
        """Take in that an attempt was launched."""
        self._running[trial_id] = now.monotonic_s
        attempt = self.state.trials[trial_id].attempts + 1
        return self.record(
            TrialStarted(v=VERSION, at=now.at, trial=trial_id, attempt=attempt, handle=dict(handle))
        )

    def adopted(self, trial_id: int, since_s: float, now: Moment, *, over: bool) -> list[Action]:
        """Take in that an attempt runs that an earlier controller launched, or is over by now."""
        self.waiting.remove(trial_id)
        self._running[trial_id] = since_s
        if not over:
            self._stops.adopted(trial_id, now)
        if self.phase in STOPPING and trial_id not in self.state.stops:
            return self._stop([trial_id], now, self._spec.limits.grace_s)
        return self._stopped_early(trial_id, now.at, over=over)

    def vanished(self, trial_id: int, now: Moment) -> list[Action]:
        """Take in that an attempt of an earlier controller is gone without a trace of its end."""
        return self._requeue(trial_id, VANISHED, None, now)

    def held_back(self, trial_id: int, now: Moment) -> list[Action]:
        """Take in that an attempt was not launched, as the study stops or the machine cannot."""
        if self._verdicts.dismissed(trial_id):
            return self.ended(trial_id, Outcome(), now)
        alone = self._alone == trial_id
        self._free_slot(trial_id)
        self.waiting.put_back(trial_id, alone=alone)
        return []

    def ended(self, trial_id: int, outcome: Outcome, now: Moment) -> list[Action]:
        """Take in the end of an attempt, nothing of which is left running."""
        self._free_slot(trial_id)
        trial = self.state.trials[trial_id]
        beside = self.max_parallel > 1
        late = not self.reached and not self._time.deadline.all_for(outcome.duration_s or 0.0)
        again, why = self._stops.reason(trial_id)
        again = again or (late and trial.goes_on)
        end = self._verdicts.verdicts(trial, outcome, why, again=again, beside=beside)
        note: list[Action] = [Note(end.note)] if end.note else []
        if isinstance(end, Over):
            return note + self._end(trial_id, end, now)
        due_s = None if end.delay_s is None else now.monotonic_s + end.delay_s
        return note + self._requeue(trial_id, end.reason, end.failure, now, due_s)

    def excused(self, trial_id: int, outcome: Outcome, reason: str, now: Moment) -> list[Action]:
        """Take in that an attempt failed for a reason that is not its own: it is tried again.

        One that was being stopped for good ends as it would have otherwise, but for one that took
        too long: it is excused once, as the disk may have held it up.
        """
        stopping = self.state.trials[trial_id].state is TrialState.STOPPING
        if stopping and not self._verdicts.pardon(trial_id):
            return self.ended(trial_id, outcome, now)
        self._free_slot(trial_id)
        return self._requeue(trial_id, reason, None, now)

    def ticked(self, progress_s: Mapping[int, float], now: Moment) -> list[Action]:
        """Look at what only time brings: trials that take too long, and the study's own end.

        Args:
            progress_s: for each trial whose processes run, the monotonic second of its last sign
                of life; others, such as one that waits for the disk, are not looked at.
            now: this moment.
        """
        median_s = self.tally.median_s(TrialLimits.MEDIAN_NEEDS)
        running = [one for one in progress_s if self.state.trials[one].state is TrialState.RUNNING]
        since_s = {one: self._running[one] for one in running}
        verdicts = overdue(since_s, progress_s, self._spec.trial_limits, median_s, now.monotonic_s)
        actions = self._stops.late(verdicts, now)
        if self._time.deadline.passed(now.monotonic_s) and self.phase not in STOPPING:
            actions += self.stop(Phase.ENDING, self._time.deadline.reason, now)
        return actions

    def stop(
        self, phase: Phase, reason: str, now: Moment, grace_s: float | None = None
    ) -> list[Action]:
        """Start nothing more and stop what runs; asking again can only shorten the grace."""
        self.phase, self.reason = phase, reason
        grace = self._spec.limits.grace_s if grace_s is None else grace_s
        return self._stop(sorted(self._running), now, grace)

    def ended_well(self, trial_id: int) -> None:
        """Take in that an attempt ended well, so that no stop hits it while it is read."""
        self._stops.ended_well.add(trial_id)

    def enter(self, phase: Phase, reason: str) -> None:
        """Pause, drain, detach or go on; trials that run are left alone, and a stop stays one."""
        if self.phase not in STOPPING:
            self.phase, self.reason = phase, reason

    def dismiss(self, trial_id: int, now: Moment) -> list[Action]:
        """Stop one trial at the user's wish, running or planned."""
        if trial_id in self._running:
            return self._stops.dismiss(trial_id, now)
        self.waiting.remove(trial_id)
        over = self._verdicts.stopped(self.state.trials[trial_id], Outcome(), BY_THE_USER)
        return self._end(trial_id, over, now)

    def retry(self, trial_id: int, now: Moment) -> list[Action]:
        """Launch a trial again at the user's wish; one that waits at a rung goes on from there."""
        trial = self.state.trials[trial_id]
        self.tally.launched_again(trial)
        reason, stage = "retried at the user's request", self.relaunches.further(trial)
        return self._requeue(trial_id, reason, None, now, stage=stage)

    def close(self, now: Moment) -> list[Action]:
        """Return the closing record; call it once the study is over."""
        done = self._planning.all_done(len(self.state.trials), self.max_trials)
        reason = done if self.phase is Phase.RUNNING else self.reason
        return self.record(StudyClosed(v=VERSION, at=now.at, reason=reason, complete=self.complete))

    def record(self, event: Event) -> list[Action]:
        """Take in an event, and return the action that writes it."""
        self.state.apply(event)
        return [Record(event)]

    def _start(self, trial_id: int, now: Moment) -> list[Action]:
        # It holds its slot from here on, so that nothing else gets it.
        self._running[trial_id] = now.monotonic_s
        return [Start(trial_id, self.state.trials[trial_id].attempts + 1)]

    def _free_slot(self, trial_id: int) -> None:
        self._running.pop(trial_id, None)
        self._stops.ended(trial_id)
        if self._alone == trial_id:
            self._alone = None

    def _stop(self, trial_ids: list[int], now: Moment, grace_s: float) -> list[Action]:
        again = self.phase is Phase.INTERRUPTED
        return self._stops.of_study(trial_ids, self.reason, now, grace_s, again=again)

    def _stopped_early(self, trial_id: int, at: datetime, *, over: bool) -> list[Action]:
        asks = not over and self.phase in STARTING
        trial, best = self.state.trials[trial_id], self.tally.best
        return self._stops.early(trial, best, at) if asks else []

    def _changed(self, trial: Trial) -> None:
        """Let those who keep accounts know that a trial was planned, requeued or ended."""
        self.relaunches.changed(trial)
        self._time.changed(trial)
        if self._stopping:
            self._stopping.changed(trial)

    def _may_start(self, *, planning: bool = True) -> bool:
        planned = bool(self.waiting) or (planning and self._may_plan())
        return self.phase in STARTING and (planned or self._next_advance() is not None)

    def _next_advance(self) -> Advance | None:
        return self._candidates.advance(may_plan=self._may_plan())

    def _advance(self, advance: Advance, now: Moment) -> list[Action]:
        trial = self.state.trials[advance.trial_id]
        self.tally.launched_again(trial)
        note = [] if advance.usual else [Note(f"trial {trial.id} {advance.reason}")]
        return [*note, *self._requeue(trial.id, advance.reason, None, now, stage=advance.stage)]

    def _may_plan(self) -> bool:
        return self._planning.open and len(self.state.trials) < self.max_trials

    def _drain_before_deadline(self, now: Moment) -> bool:
        """Start nothing more once, by the durations seen, it could not end in time."""
        now_s, median_s = now.monotonic_s, self.tally.median_s()
        if self._candidates.enough_time(now_s, median_s, may_plan=self._may_plan()):
            return False
        self.enter(Phase.DRAINING, self._time.deadline.reason)
        return True

    def _requeue(
        self,
        trial_id: int,
        reason: str,
        failure: FailureClass | None,
        now: Moment,
        due_s: float | None = None,
        stage: Stage | None = None,
    ) -> list[Action]:
        again = TrialRequeued(
            v=VERSION, at=now.at, trial=trial_id, reason=reason, failure=failure, stage=stage
        )
        actions = self.record(again)
        self._changed(self.state.trials[trial_id])
        self.waiting.requeue(trial_id, due_s, alone=self.state.trials[trial_id].runs_alone)
        return actions

    def _end(self, trial_id: int, over: Over, now: Moment) -> list[Action]:
        actions = self.record(over.event(trial_id, now.at))
        trial = self.state.trials[trial_id]
        self._changed(trial)
        self.tally.ended(trial)
        self._planning.waits = False
        actions.append(Report(trial))
        return actions + self._consequences(trial, now)

    def _consequences(self, trial: Trial, now: Moment) -> list[Action]:
        if self.phase in STOPPING | {Phase.DETACHED} or trial.state is TrialState.PRUNED:
            return []
        if trial.state is TrialState.FAILED:
            reason = self.tally.failing(trial, self._spec.limits.fail_fast)
            if reason and self.phase is Phase.RUNNING:
                self.enter(Phase.DRAINING, reason)
            return []
        reason = self._good_enough()
        return self.stop(Phase.ENDING, reason, now) if reason else []

    def _good_enough(self) -> str:
        reason = self.tally.good_enough(self._spec.early_stop)
        self.reached = self.reached or bool(reason)
        return reason
