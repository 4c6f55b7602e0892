"""What to do next: events in, actions out; no clock, disk or process."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from automl.journal.events import (
    VERSION,
    Event,
    Measured,
    StudyClosed,
    TrialPlanned,
    TrialRequeued,
    TrialStarted,
)
from automl.journal.fold import StudyState
from automl.loop.actions import (
    STARTING,
    STOPPING,
    Action,
    Cancel,
    Moment,
    Note,
    Phase,
    Propose,
    Record,
    Report,
    Start,
)
from automl.loop.agenda import START_WITH, Advance, Agenda
from automl.loop.outcome import Failure, Outcome
from automl.loop.overdue import overdue
from automl.loop.standing import Standing
from automl.loop.stopping import EarlyStopping
from automl.loop.waiting import WaitingTrials
from automl.search.pruning.pruner import Pruner
from automl.search.sampler import Nothing, Proposal
from automl.spec.failure import FailureClass
from automl.spec.launch import Handle
from automl.spec.limits import TrialLimits
from automl.spec.space import combination_key
from automl.spec.study import StudySpec
from automl.spec.trial import WHOLE, Purpose, Stage, Trial, TrialState


class Engine:
    """Decides what a study does; the runner carries it out.

    Args:
        spec: the study.
        state: what the journal told so far; changed by the events that are recorded.
        began_s: monotonic second at which this controller began.
        capacity: how many trials the machine takes at once, None for any number.
        pruner: what stops running trials early, None for nothing.

    Attributes:
        state: the study as the journal will tell it.
        standing: counts, the best trial, and what the sampler is told.
        waiting: the planned trials.
        phase: what the study is doing.
        reason: why it is not simply running.
    """

    def __init__(
        self,
        spec: StudySpec,
        state: StudyState,
        began_s: float,
        capacity: int | None = None,
        pruner: Pruner | None = None,
    ) -> None:
        self.state = state
        self.standing = Standing(spec.objectives)
        self.agenda = Agenda(spec, state.trials)
        self.phase = Phase.RUNNING
        self.reason = ""
        self._spec = spec
        self._capacity = capacity
        self._deadline_s = None if spec.max_runtime_s is None else began_s + spec.max_runtime_s
        self._proposing = False
        self._exhausted = False
        self._not_yet = False
        self._given = {combination_key(params) for params in spec.start_with}
        self._stopping = EarlyStopping(pruner, spec.objectives.direction) if pruner else None
        self._reached = False
        self._running: dict[int, float] = {}
        self._alone: int | None = None
        self._verdicts: dict[int, Failure] = {}
        self._dismissed: set[int] = set()
        self._unlaunched: Counter[int] = Counter()
        trials = state.trials.values()
        planned = [trial for trial in trials if trial.state is TrialState.PLANNED]
        self.waiting = WaitingTrials(
            (trial.id for trial in planned if not trial.runs_alone),
            (trial.id for trial in planned if trial.runs_alone),
        )
        for trial in trials:
            self.standing.planned(trial)
        for trial in trials:
            if trial.state.finished:
                self.standing.ended(trial)
                self._changed(trial)
        self._end_if_reached(self.standing.best)

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
        if self.phase is Phase.DETACHED:
            return True
        if self._running or self.phase is Phase.PAUSED:
            return False
        return not self._may_start()

    @property
    def proposing(self) -> int | None:
        """The trial for which a proposal is waited for."""
        return len(self.state.trials) if self._proposing else None

    @property
    def next_to_propose(self) -> int | None:
        """The trial for which a proposal will be needed next, as far as can be told now."""
        if self.phase not in STARTING or self.waiting or not self._may_plan() or self._not_yet:
            return None
        return len(self.state.trials)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do for the study as it is described."""
        left = self._running or self.waiting or self._may_plan() or self._next_advance()
        return self._reached or (self.phase is Phase.RUNNING and not left)

    @property
    def wants_start(self) -> bool:
        """Whether `fill` would start or plan a trial if the machine has room for it."""
        free = len(self._running) < self.max_parallel
        return free and self._alone is None and not self._proposing and self._may_start()

    def fill(self, now: Moment) -> list[Action]:
        """Return what brings the free slots to work, one step at a time."""
        if not self.wants_start or self._drain_before_deadline(now):
            return []
        trial_id = self.waiting.take(now.monotonic_s)
        if trial_id is not None:
            return self._start(trial_id, now)
        advance = self._next_advance()
        if advance:
            return self._advance(advance, now)
        if self._may_plan() and not self._not_yet:
            self._proposing = True
            return [Propose(len(self.state.trials))]
        if self._running:
            return []
        self._alone = self.waiting.take_alone()
        return [] if self._alone is None else self._start(self._alone, now)

    def proposed(self, trial_id: int, answer: Proposal | Nothing, now: Moment) -> list[Action]:
        """Take in what the search proposes for a trial, or that it has nothing now or at all."""
        self._proposing = False
        self._exhausted = answer is Nothing.USED_UP
        self._not_yet = answer is Nothing.NOT_YET
        if self._not_yet and not self._running and not self.waiting:
            # Nothing is left that it could wait for.
            self._exhausted = True
        # While it was thought about, a request may have taken the place or ended the study.
        if isinstance(answer, Nothing) or self.phase not in STARTING or not self._may_plan():
            return []
        if trial_id != len(self.state.trials):
            return []
        return self.plan(trial_id, answer, now)

    def plan(
        self, trial_id: int, proposal: Proposal, now: Moment, origin: str = ""
    ) -> list[Action]:
        """Add a trial."""
        planned = TrialPlanned(
            v=VERSION,
            at=now.at,
            trial=trial_id,
            params=proposal.params,
            stage=self._first_stage(trial_id, proposal),
            source=proposal.source,
            origin=origin or self._origin(proposal),
            avoided=proposal.avoided,
        )
        actions = self.record(planned)
        self.standing.planned(self.state.trials[trial_id])
        self._changed(self.state.trials[trial_id])
        self.waiting.add(trial_id)
        return actions

    def measured(self, event: Measured) -> list[Action]:
        """Take in new measurements of a running attempt; they may show that it is not worth it."""
        actions = self.record(event)
        trial = self.state.trials[event.trial]
        if self._stopping is None or trial.state is not TrialState.RUNNING:
            return actions
        if self.phase in STARTING and self._stopping.decide(trial, self.state, self.standing.best):
            actions += self._cancel(trial.id, self._grace_s)
        return actions

    def started(self, trial_id: int, handle: Handle, now: Moment) -> list[Action]:
        """Take in that an attempt was launched."""
        self._running[trial_id] = now.monotonic_s
        return self.record(
            TrialStarted(
                v=VERSION,
                at=now.at,
                trial=trial_id,
                attempt=self.state.trials[trial_id].attempts + 1,
                handle=dict(handle),
            )
        )

    def adopted(self, trial_id: int, since_s: float) -> list[Action]:
        """Take in that an attempt runs that an earlier controller launched."""
        self.waiting.remove(trial_id)
        self._running[trial_id] = since_s
        # That one may have died in the middle of stopping them all.
        return self._cancel(trial_id, self._grace_s) if self.phase in STOPPING else []

    def vanished(self, trial_id: int, now: Moment) -> list[Action]:
        """Take in that an attempt of an earlier controller is gone without a trace of its end."""
        return self._requeue(trial_id, "its processes vanished with its controller", None, now)

    def held_back(self, trial_id: int, now: Moment) -> list[Action]:
        """Take in that an attempt was not launched, as the study is stopping."""
        if trial_id in self._dismissed:
            return self.ended(trial_id, Outcome(), now)
        self._free_slot(trial_id)
        self.waiting.put_back(trial_id)
        return []

    def not_started(self, trial_id: int, reason: str, now: Moment) -> list[Action]:
        """Take in that an attempt could not be launched: it failed."""
        return self.ended(trial_id, Outcome(problem=reason), now)

    def ended(self, trial_id: int, outcome: Outcome, now: Moment) -> list[Action]:
        """Take in the end of an attempt, nothing of which is left running."""
        self._free_slot(trial_id)
        self._not_yet = False
        verdict = self._verdicts.pop(trial_id, None)
        if trial_id in self._dismissed:
            self._dismissed.discard(trial_id)
            return self._end(trial_id, TrialState.STOPPED, outcome, "stopped by the user", now)
        if verdict is None and self.state.trials[trial_id].state is TrialState.STOPPING:
            if self.phase is Phase.INTERRUPTED:
                return self._requeue(trial_id, "interrupted", None, now)
            return self._end(trial_id, TrialState.STOPPED, outcome, self.reason, now)
        stop = self._stopping.take(trial_id) if self._stopping else None
        if verdict is None and stop:
            return self._end(
                trial_id, TrialState.PRUNED, outcome, stop.reason, now, stopped_step=stop.step
            )
        failure = verdict or outcome.failure()
        if failure is None:
            trial = self.state.trials[trial_id]
            state, reason = self.agenda.verdict(trial, outcome.value)
            return self._end(trial_id, state, outcome, reason, now)
        return self._failed(trial_id, outcome, failure, now)

    def excused(self, trial_id: int, outcome: Outcome, reason: str, now: Moment) -> list[Action]:
        """Take in that an attempt failed for a reason that is not its own: it is tried again.

        One that was being stopped for good ends as it would have otherwise.
        """
        stopping = self.state.trials[trial_id].state is TrialState.STOPPING
        if stopping and trial_id not in self._verdicts:
            return self.ended(trial_id, outcome, now)
        self._free_slot(trial_id)
        self._verdicts.pop(trial_id, None)
        return self._requeue(trial_id, reason, None, now)

    def ticked(self, progress_s: Mapping[int, float], now: Moment) -> list[Action]:
        """Look at what only time brings: trials that take too long, and the study's own end.

        Args:
            progress_s: for each trial whose processes run, the monotonic second of its last sign
                of life; others, such as one that waits for the disk, are not looked at.
            now: this moment.
        """
        actions: list[Action] = []
        median_s = self.standing.median_s(TrialLimits.MEDIAN_NEEDS)
        undecided = {
            trial: since_s
            for trial, since_s in self._running.items()
            if trial in progress_s and self.state.trials[trial].state is TrialState.RUNNING
        }
        verdicts = overdue(
            undecided, progress_s, self._spec.trial_limits, median_s, now.monotonic_s
        )
        for trial_id, verdict in verdicts.items():
            self._verdicts[trial_id] = verdict
            actions += self._cancel(trial_id, self._grace_s)
        late = self._deadline_s is not None and now.monotonic_s >= self._deadline_s
        if late and self.phase not in STOPPING:
            actions += self.stop(Phase.ENDING, self._time_is_up())
        return actions

    def stop(self, phase: Phase, reason: str, grace_s: float | None = None) -> list[Action]:
        """Start nothing more and stop what runs; asking again can only shorten the grace."""
        self.phase, self.reason = phase, reason
        grace = self._grace_s if grace_s is None else grace_s
        return [action for trial in sorted(self._running) for action in self._cancel(trial, grace)]

    def enter(self, phase: Phase, reason: str) -> None:
        """Pause, drain, detach or go on; trials that run are left alone, and a stop stays one."""
        if self.phase not in STOPPING:
            self.phase, self.reason = phase, reason

    def dismiss(self, trial_id: int, now: Moment) -> list[Action]:
        """Stop one trial at the user's wish, running or planned."""
        if trial_id in self._running:
            self._dismissed.add(trial_id)
            return self._cancel(trial_id, self._grace_s)
        self.waiting.remove(trial_id)
        return self._end(trial_id, TrialState.STOPPED, Outcome(), "stopped by the user", now)

    def retry(self, trial_id: int, now: Moment) -> list[Action]:
        """Launch a trial that failed or was stopped again, at the user's wish."""
        self.standing.launched_again(self.state.trials[trial_id])
        return self._requeue(trial_id, "retried at the user's request", None, now)

    def close(self, now: Moment) -> list[Action]:
        """Return the closing record; call it once the study is over."""
        reason = self.reason
        if self.phase is Phase.RUNNING:
            planned = len(self.state.trials)
            used_up = planned < self.max_trials
            what = (
                "combinations of the search space have been tried"
                if used_up
                else "trials have ended"
            )
            reason = f"all {planned} {what}"
        return self.record(StudyClosed(v=VERSION, at=now.at, reason=reason, complete=self.complete))

    def record(self, event: Event) -> list[Action]:
        """Take in an event, and return the action that writes it."""
        self.state.apply(event)
        return [Record(event)]

    @property
    def _grace_s(self) -> float:
        return self._spec.limits.grace_s

    def _start(self, trial_id: int, now: Moment) -> list[Action]:
        # It holds its slot from here on, so that nothing else gets it.
        self._running[trial_id] = now.monotonic_s
        return [Start(trial_id, self.state.trials[trial_id].attempts + 1)]

    def _free_slot(self, trial_id: int) -> None:
        self._running.pop(trial_id, None)
        if self._alone == trial_id:
            self._alone = None

    def _cancel(self, trial_id: int, grace_s: float) -> list[Action]:
        self.state.mark_stopping(trial_id)
        return [Cancel(trial_id, grace_s)]

    def _changed(self, trial: Trial) -> None:
        """Let those who keep accounts know that a trial was planned, requeued or ended."""
        self.agenda.changed(trial)
        if self._stopping:
            self._stopping.changed(trial)

    def _may_start(self) -> bool:
        if self.phase not in STARTING:
            return False
        return bool(self.waiting) or self._may_plan() or self._next_advance() is not None

    def _first_stage(self, trial_id: int, proposal: Proposal) -> Stage:
        if proposal.budget is not None:
            return Stage(budget=proposal.budget, previous_budget=proposal.previous_budget)
        ladder = self._spec.ladder
        return Stage(budget=ladder.start(trial_id)) if ladder else WHOLE

    def _origin(self, proposal: Proposal) -> str:
        return START_WITH if combination_key(proposal.params) in self._given else ""

    def _next_advance(self) -> Advance | None:
        unfinished = [*self._running, *self.waiting]
        return self.agenda.next(unfinished, last=not self._may_plan())

    def _advance(self, advance: Advance, now: Moment) -> list[Action]:
        trial = self.state.trials[advance.trial_id]
        self.standing.launched_again(trial)
        note = Note(f"trial {trial.id} {advance.reason}")
        return [note, *self._requeue(trial.id, advance.reason, None, now, stage=advance.stage)]

    def _may_plan(self) -> bool:
        return not self._exhausted and len(self.state.trials) < self.max_trials

    def _drain_before_deadline(self, now: Moment) -> bool:
        """Start nothing more once, by the durations seen, it could not end in time."""
        median_s = self.standing.median_s()
        if self._deadline_s is None or now.monotonic_s + (median_s or 0.0) < self._deadline_s:
            return False
        self.enter(Phase.DRAINING, self._time_is_up())
        return True

    def _time_is_up(self) -> str:
        return f"the study's time of {self._spec.max_runtime_s:g} s (max_runtime) is up"

    def _failed(
        self, trial_id: int, outcome: Outcome, failure: Failure, now: Moment
    ) -> list[Action]:
        trial = self.state.trials[trial_id]
        memory = failure.kind is FailureClass.OUT_OF_MEMORY
        if memory and self.max_parallel > 1 and not trial.runs_alone:
            note = Note(f"trial {trial_id} runs again, alone, at the end: {failure.reason}")
            return [note, *self._requeue(trial_id, failure.reason, failure.kind, now)]
        limits = self._spec.trial_limits
        retries = sum(kind.may_pass for kind in trial.failures) + self._unlaunched[trial_id]
        if failure.kind.may_pass and retries < limits.max_retries:
            due_s = now.monotonic_s + limits.retry_delay_s * 2**retries
            note = Note(
                f"trial {trial_id} is tried again ({retries + 1} of {limits.max_retries}): "
                f"{failure.reason}"
            )
            return [note, *self._requeue(trial_id, failure.reason, failure.kind, now, due_s)]
        if trial.stage.purpose is Purpose.CONFIRM:
            note = Note(f"trial {trial_id} could not be confirmed: {failure.reason}")
            lost = replace(outcome, value=math.nan)
            return [note, *self._end(trial_id, TrialState.COMPLETED, lost, "", now)]
        return self._end(trial_id, TrialState.FAILED, outcome, failure.reason, now, failure.kind)

    def _requeue(
        self,
        trial_id: int,
        reason: str,
        failure: FailureClass | None,
        now: Moment,
        due_s: float | None = None,
        stage: Stage | None = None,
    ) -> list[Action]:
        actions: list[Action] = []
        if self.state.trials[trial_id].state is TrialState.PLANNED:
            # No attempt began, so the journal has none to take back.
            self._unlaunched[trial_id] += 1
        else:
            actions = self.record(
                TrialRequeued(
                    v=VERSION,
                    at=now.at,
                    trial=trial_id,
                    reason=reason,
                    failure=failure,
                    stage=stage,
                )
            )
            self._changed(self.state.trials[trial_id])
        if self.state.trials[trial_id].runs_alone:
            self.waiting.add_alone(trial_id)
        elif due_s is not None:
            self.waiting.add_later(trial_id, due_s)
        else:
            self.waiting.put_back(trial_id)
        return actions

    def _end(
        self,
        trial_id: int,
        state: TrialState,
        outcome: Outcome,
        reason: str,
        now: Moment,
        failure: FailureClass | None = None,
        stopped_step: float | None = None,
    ) -> list[Action]:
        event = outcome.event(trial_id, state, reason, failure, now.at, stopped_step)
        actions = self.record(event)
        trial = self.state.trials[trial_id]
        self._changed(trial)
        self.standing.ended(trial)
        actions.append(Report(trial))
        return actions + self._consequences(trial)

    def _consequences(self, trial: Trial) -> list[Action]:
        if self.phase in STOPPING | {Phase.DETACHED}:
            return []
        if trial.state is TrialState.FAILED:
            count = self._spec.limits.fail_fast if self.phase is Phase.RUNNING else None
            if count is not None and self.standing.failed_alike(trial, count):
                first = "the first trial" if count == 1 else f"the first {count} trials all"
                self.enter(
                    Phase.DRAINING,
                    f"{first} failed{' alike' if count > 1 else ''}, so no more were started "
                    f"(fail_fast={count}): {trial.reason}. If the command is to blame, correct it "
                    "and pass fresh=True",
                )
            return []
        return self._end_if_reached(trial)

    def _end_if_reached(self, trial: Trial | None) -> list[Action]:
        stop = self._spec.early_stop
        if trial is None or trial.value is None or stop is None or not stop.reached(trial.value):
            return []
        self._reached = True
        reason = f"trial {trial.id} reached {trial.value:g} (threshold {stop.threshold:g})"
        return self.stop(Phase.ENDING, reason)
