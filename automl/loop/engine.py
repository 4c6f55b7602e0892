"""What to do next: events in, actions out; no clock, disk or process."""

import re
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from automl.journal.events import (
    VERSION,
    Event,
    StudyClosed,
    TrialEnded,
    TrialPlanned,
    TrialRequeued,
    TrialStarted,
)
from automl.journal.fold import StudyState
from automl.loop.outcome import Outcome
from automl.search.sampler import Told
from automl.spec.launch import Handle
from automl.spec.space import Params
from automl.spec.study import StudySpec
from automl.spec.trial import Trial, TrialState


@dataclass(frozen=True, slots=True)
class Record:
    """Write an event to the journal, before any later action."""

    event: Event


@dataclass(frozen=True, slots=True)
class Propose:
    """Ask the sampler for the values of a trial, then call `proposed`."""

    trial_id: int


@dataclass(frozen=True, slots=True)
class Start:
    """Launch an attempt, then call `started` or `not_started`."""

    trial_id: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop a running trial completely; its end comes back through `ended`."""

    trial_id: int
    grace_s: float


@dataclass(frozen=True, slots=True)
class Report:
    """Tell the user that a trial ended for good."""

    trial: Trial


Action: TypeAlias = Record | Propose | Start | Cancel | Report


class Phase(StrEnum):
    """What the study is doing."""

    RUNNING = "running"
    DRAINING = "draining"
    INTERRUPTED = "interrupted"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant by both clocks."""

    at: datetime
    monotonic_s: float


class Engine:
    """Decides what a study does; the runner carries it out.

    Args:
        spec: the study.
        state: what the journal told so far; changed by the events that are recorded.
        started_s: monotonic second at which this controller began.

    Attributes:
        state: the study as the journal will tell it.
        history: what the sampler is told, oldest first.
        phase: what the study is doing.
        reason: why it is not simply running.
        finished: how many trials ended for good.
        failed: how many of these failed.
    """

    def __init__(self, spec: StudySpec, state: StudyState, started_s: float) -> None:
        self.state = state
        self.history: list[Told] = []
        self.phase = Phase.RUNNING
        self.reason = ""
        self._spec = spec
        self._started_s = started_s
        self._proposing = False
        self._exhausted = False
        self._running: set[int] = set()
        self._waiting = deque(
            trial.id for trial in state.trials.values() if trial.state is TrialState.PLANNED
        )
        self._failed_alike: list[str] = []
        self.finished = 0
        self.failed = 0
        self._best: Trial | None = None
        for trial in state.trials.values():
            self._tell(trial, TrialState.PLANNED)
        for trial in state.trials.values():
            if trial.state.finished:
                self._note_end(trial)
        self._end_if_reached(self._best)

    @property
    def best(self) -> Trial | None:
        """The best completed trial so far."""
        return self._best

    @property
    def over(self) -> bool:
        """Whether nothing runs and nothing will be started."""
        return not self._running and not self._proposing and not self._may_start()

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do for the study as it is described."""
        if self.phase is Phase.ENDING:
            return True
        return self.phase is Phase.RUNNING and not self._waiting and not self._may_plan()

    def fill(self) -> list[Action]:
        """Return what brings the free slots to work, one step at a time."""
        if self._proposing or not self._may_start():
            return []
        if len(self._running) >= self._spec.limits.max_parallel:
            return []
        if self._waiting:
            trial_id = self._waiting.popleft()
            self._running.add(trial_id)
            return [Start(trial_id, self.state.trials[trial_id].attempts + 1)]
        self._proposing = True
        return [Propose(len(self.state.trials))]

    def proposed(self, trial_id: int, params: Params | None, now: Moment) -> list[Action]:
        """Take in the sampler's answer; None means that no combination is left."""
        self._proposing = False
        if params is None:
            self._exhausted = True
            return []
        self._waiting.append(trial_id)
        planned = TrialPlanned(v=VERSION, at=now.at, trial=trial_id, params=dict(params))
        actions = self._record(planned)
        self._tell(self.state.trials[trial_id], TrialState.PLANNED)
        return actions

    def started(self, trial_id: int, handle: Handle, now: Moment) -> list[Action]:
        """Take in that an attempt was launched."""
        self._running.add(trial_id)
        attempt = self.state.trials[trial_id].attempts + 1
        actions = self._record(
            TrialStarted(v=VERSION, at=now.at, trial=trial_id, attempt=attempt, handle=dict(handle))
        )
        if self.phase in {Phase.INTERRUPTED, Phase.ENDING}:
            actions.append(Cancel(trial_id, self._spec.limits.grace_s))
        return actions

    def not_started(self, trial_id: int, reason: str, now: Moment) -> list[Action]:
        """Take in that an attempt could not be launched: the trial failed."""
        self._running.discard(trial_id)
        return self._end(trial_id, TrialState.FAILED, Outcome(problem=reason), reason, now)

    def ended(self, trial_id: int, outcome: Outcome, now: Moment) -> list[Action]:
        """Take in the end of an attempt, nothing of which is left running."""
        self._running.discard(trial_id)
        stopping = self.state.trials[trial_id].state is TrialState.STOPPING
        if stopping and self.phase is Phase.INTERRUPTED:
            return self._record(
                TrialRequeued(v=VERSION, at=now.at, trial=trial_id, reason="interrupted")
            )
        if stopping:
            return self._end(trial_id, TrialState.STOPPED, outcome, self.reason, now)
        failure = outcome.failure()
        if failure:
            return self._end(trial_id, TrialState.FAILED, outcome, failure, now)
        return self._end(trial_id, TrialState.COMPLETED, outcome, "", now)

    def measured(self, event: Event) -> list[Action]:
        """Take in measurements that are worth recording."""
        return self._record(event)

    def ticked(self, now: Moment) -> list[Action]:
        """Look at what only time brings: the end of the study's time."""
        stop = self._spec.early_stop
        if stop is None or stop.max_runtime_s is None or self.phase is not Phase.RUNNING:
            return []
        if now.monotonic_s - self._started_s < stop.max_runtime_s:
            return []
        return self.stop(Phase.ENDING, f"the study's time of {stop.max_runtime_s:g} s is up")

    def stop(self, phase: Phase, reason: str, grace_s: float | None = None) -> list[Action]:
        """Start nothing more and stop what runs; asking again can only shorten the grace."""
        self.phase, self.reason = phase, reason
        grace = self._spec.limits.grace_s if grace_s is None else grace_s
        actions: list[Action] = []
        for trial_id in sorted(self._running):
            self.state.mark_stopping(trial_id)
            actions.append(Cancel(trial_id, grace))
        return actions

    def drain(self, reason: str) -> None:
        """Start nothing more and let the running trials end."""
        self.phase, self.reason = Phase.DRAINING, reason

    def close(self, now: Moment) -> list[Action]:
        """Return the closing record; call it once the study is over."""
        reason = self.reason
        if self.phase is Phase.RUNNING:
            planned = len(self.state.trials)
            exhausted = planned < self._spec.limits.max_trials
            reason = (
                f"all {planned} combinations of the search space have been tried"
                if exhausted
                else f"all {planned} trials have ended"
            )
        return self._record(
            StudyClosed(v=VERSION, at=now.at, reason=reason, complete=self.complete)
        )

    def _may_start(self) -> bool:
        return self.phase is Phase.RUNNING and (bool(self._waiting) or self._may_plan())

    def _may_plan(self) -> bool:
        return not self._exhausted and len(self.state.trials) < self._spec.limits.max_trials

    def _end(
        self, trial_id: int, state: TrialState, outcome: Outcome, reason: str, now: Moment
    ) -> list[Action]:
        code = outcome.exit.code if outcome.exit else None
        event = TrialEnded(
            v=VERSION,
            at=now.at,
            trial=trial_id,
            state=state,
            value=outcome.usable_value,
            measurements=outcome.measurements,
            reason=reason,
            output=list(outcome.output) if state is TrialState.FAILED else [],
            exit_code=code,
            peak_memory_bytes=outcome.exit.peak_memory_bytes if outcome.exit else None,
            cpu_s=outcome.exit.cpu_s if outcome.exit else None,
            duration_s=outcome.duration_s,
        )
        actions = self._record(event)
        trial = self.state.trials[trial_id]
        self._note_end(trial)
        actions.append(Report(trial))
        return actions + self._consequences(trial)

    def _note_end(self, trial: Trial) -> None:
        self.finished += 1
        self.failed += trial.state is TrialState.FAILED
        self._tell(trial, trial.state)
        if trial.state is TrialState.COMPLETED and trial.value is not None:
            direction = self._spec.objective.direction
            if (
                self._best is None
                or self._best.value is None
                or direction.better(trial.value, self._best.value)
                or (trial.value == self._best.value and trial.id < self._best.id)
            ):
                self._best = trial

    def _consequences(self, trial: Trial) -> list[Action]:
        if self.phase is not Phase.RUNNING:
            return []
        if trial.state is TrialState.FAILED:
            self._look_for_bad_script(trial)
            return []
        return self._end_if_reached(trial)

    def _end_if_reached(self, trial: Trial | None) -> list[Action]:
        stop = self._spec.early_stop
        if trial is None or trial.value is None or stop is None or not stop.reached(trial.value):
            return []
        reason = f"trial {trial.id} reached {trial.value:g} (threshold {stop.threshold:g})"
        return self.stop(Phase.ENDING, reason)

    def _look_for_bad_script(self, trial: Trial) -> None:
        """Pause when the first trials all fail in the same way: the script is to blame then."""
        limit = self._spec.limits.fail_fast
        if limit is None or self._best is not None or len(self._failed_alike) >= limit:
            return
        self._failed_alike.append(re.sub(r"\d+", "#", trial.reason))
        if len(self._failed_alike) < limit:
            return
        if len(set(self._failed_alike)) == 1:
            self.drain(
                f"the first {len(self._failed_alike)} trials all failed alike, so no more were "
                f"started: {trial.reason}"
            )

    def _tell(self, trial: Trial, state: TrialState) -> None:
        value = trial.value if state is TrialState.COMPLETED else None
        self.history.append(Told(trial_id=trial.id, params=trial.params, state=state, value=value))

    def _record(self, event: Event) -> list[Action]:
        self.state.apply(event)
        return [Record(event)]
