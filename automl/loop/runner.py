"""Carries out what the engine decides: the one loop of a controller."""

import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from automl.clock import Clock
from automl.errors import JournalError, LaunchError, RenderError, StorageError, may_pass
from automl.executors.executor import Executor
from automl.executors.resources import Resources
from automl.journal.events import Event
from automl.journal.folder import StudyFolder
from automl.journal.journal import Journal
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
from automl.loop.adoption import Legacy, ran_s
from automl.loop.asking import Asking
from automl.loop.engine import Engine
from automl.loop.gauge import Gauge
from automl.loop.interrupts import Interrupts
from automl.loop.launcher import Launcher
from automl.loop.observer import Observer
from automl.loop.outcome import Outcome
from automl.loop.requests import Requests
from automl.loop.watched import Watched
from automl.readers.follow import MetricFollower
from automl.search.algorithms import Search
from automl.spec.launch import Exit, Handle
from automl.spec.study import StudySpec
from automl.spec.trial import Trial, TrialState
from automl.waker import Waker

logger = logging.getLogger(__name__)

POLL_S = 1.0
"""Seconds between two looks at metric files, requests and time limits."""

PRUNER_POLL_S = 0.25
"""The same where the metrics decide which trials are stopped."""

RETRY_S = 1.0
"""Seconds between two attempts to write to a full disk, or to start on a machine that cannot."""

LEAVING = frozenset({Phase.INTERRUPTED, Phase.DETACHED})
"""The phases in which the user wants the controller gone, written or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What the loop works with, each behind its contract."""

    clock: Clock
    executor: Executor
    folder: StudyFolder
    interrupts: Interrupts
    journal: Journal
    launcher: Launcher
    observer: Observer
    resources: Resources
    search: Search
    waker: Waker


class Runner:
    """Runs a study until nothing is left to do or the user stops it."""

    def __init__(self, spec: StudySpec, engine: Engine, rooms: Rooms) -> None:
        self._spec = spec
        self._engine = engine
        self._rooms = rooms
        self._requests = Requests(engine, rooms.folder, spec.space)
        self._asking = Asking(rooms.search, rooms.waker.wake, rooms.clock)
        self._poll_s = PRUNER_POLL_S if spec.pruner else POLL_S
        self._watched: dict[int, Watched] = {}
        self._actions: deque[Action] = deque()
        self._events: list[Event] = []
        self._began = self._now()
        self._next_poll_s = self._began.monotonic_s + self._poll_s
        self._next_progress_s = self._began.monotonic_s
        self._blocked_until_s: float | None = None
        self._interrupts_seen = 0
        self._gauge = Gauge(spec, engine, rooms.resources, self._began.monotonic_s)
        self._warned = False
        self._lost = ""

    def take_over(self, legacy: Legacy) -> None:
        """Go on with what an earlier controller launched."""
        now = self._now()
        for trial, handle in legacy.running:
            already_s = ran_s(trial, handle, self._rooms.folder.trial(trial.id), now)
            self._resume(trial, handle, now.monotonic_s - already_s, now)
            self._rooms.resources.restore(trial.id, *granted(handle))
        for trial, handle, how, lasted_s in legacy.ended:
            self._resume(trial, handle, now.monotonic_s - lasted_s, now, over=True)
            self._gone(trial.id, how, lasted_s)
        for trial in legacy.vanished:
            self._do(self._engine.vanished(trial.id, now))

    def run(self) -> None:
        """Run the loop to its end; the journal then holds everything.

        Raises:
            StorageError: the disk was full and stayed full until the user interrupted; what
                happened since will be found again from the trials' folders.
            JournalError: the study's folder was lost; its trials have been ended.
        """
        try:
            self._loop()
        finally:
            self._asking.close()
        if self._lost:
            raise JournalError(self._lost)

    def _loop(self) -> None:
        self._look_at_requests()
        while True:
            self._settle()
            if self._engine.over and (not self._blocked_until_s or self._engine.phase in LEAVING):
                break
            for ended in self._rooms.executor.wait(self._patience()):
                lasted_s = self._watched[ended.trial_id].lasted_s(self._now())
                self._gone(ended.trial_id, ended.exit, lasted_s)
            self._look_at_interrupts()
            self._look_at_folder()
            self._look_at_ends()
            self._look_at_time()
        self._do(self._engine.close(self._now()))
        self._carry_out_all()
        self._flush()

    def _resume(
        self, trial: Trial, handle: Handle, since_s: float, now: Moment, *, over: bool = False
    ) -> None:
        if trial.state is TrialState.PLANNED:
            self._do(self._engine.started(trial.id, handle, now))
        recorded = self._engine.state.trials[trial.id].measurements
        self._watch(trial, handle, since_s, recorded)
        self._do(self._engine.adopted(trial.id, since_s, over=over))

    def _gone(self, trial_id: int, how: Exit, lasted_s: float) -> None:
        self._watched[trial_id].gone(how, lasted_s)
        # A bad end may have the same cause as the stop that comes, such as a shutdown.
        if how.code == 0:
            self._engine.ended_well.add(trial_id)

    def _settle(self) -> None:
        """Fill the free slots and carry everything out, until nothing more is to be done.

        While the disk is full, nothing is started: what happened waits to be written, and the
        running trials go on.
        """
        now = self._now()
        if self._blocked_until_s is not None and now.monotonic_s < self._blocked_until_s:
            return
        try:
            self._carry_out_all()
            self._take_answer()
            while self._may_fill():
                actions = self._engine.fill(self._now())
                if not actions:
                    break
                self._do(actions)
                self._carry_out_all()
                self._take_answer()
            self._ask_ahead()
            self._flush()
        except StorageError as error:
            self._block(error, now)
            return
        if self._blocked_until_s is not None:
            logger.warning("going on")
            self._blocked_until_s = None

    def _may_fill(self) -> bool:
        # Who asked to stop is heard before the next start, however fast one follows another.
        heard = self._rooms.interrupts.count == self._interrupts_seen
        return heard and self._engine.wants_start and not self._rooms.resources.room()

    def _block(self, error: Exception, now: Moment) -> None:
        if self._blocked_until_s is None:
            logger.error(
                "%s. Nothing new is started, running trials go on, and so does the study once it "
                "works again; Ctrl-C to end",
                error,
            )
        self._blocked_until_s = now.monotonic_s + RETRY_S

    def _do(self, actions: Iterable[Action]) -> None:
        self._actions.extend(actions)

    def _carry_out_all(self) -> None:
        while self._actions:
            # It stays first in line until it is done, so that it is tried again when it fails.
            self._carry_out(self._actions[0])
            self._actions.popleft()

    def _carry_out(self, action: Action) -> None:
        match action:
            case Record():
                self._events.append(action.event)
            case Report():
                self._rooms.observer.trial_ended(action.trial, self._engine.standing.best)
            case Note():
                logger.info("%s", action.text)
            case Propose():
                # One asked for ahead may have waited while trials went on to larger budgets.
                stale = 2 * self._engine.max_parallel
                self._asking.ask(action.trial_id, self._engine.standing.history, stale)
            case Start():
                self._start(self._engine.state.trials[action.trial_id], action.attempt)
            case Cancel():
                if action.trial_id in self._watched:
                    handle = self._watched[action.trial_id].handle
                    self._rooms.executor.cancel(handle, action.grace_s)

    def _take_answer(self) -> None:
        """Plan the trial for which the search has made a proposal, if it is waited for."""
        trial_id = self._engine.proposing
        if trial_id is None:
            return
        # A trial that was added by request may have taken the number that was asked for. The same
        # question is not asked again, however much is told while it is thought about.
        history = self._engine.standing.history
        self._asking.ask(trial_id, history, stale=len(history))
        answer = self._asking.take(trial_id)
        if answer is not None:
            self._do(self._engine.proposed(trial_id, answer, self._now()))
            self._carry_out_all()

    def _ask_ahead(self) -> None:
        """Have the next proposal made while all slots are busy, where that takes long.

        With one slot, the next trial is to know of the one before it, and nothing is asked ahead.
        """
        engine = self._engine
        if self._asking.slow and self._asking.idle and engine.max_parallel > 1:
            trial_id = engine.next_to_propose
            if trial_id is not None:
                self._asking.ask(trial_id, engine.standing.history)

    def _flush(self) -> None:
        """Write what happened before anything is done that depends on it."""
        if self._events:
            self._rooms.journal.append(self._events)
            self._events = []

    def _start(self, trial: Trial, attempt: int) -> None:
        self._look_at_folder()
        if self._engine.phase not in STARTING:
            self._do(self._engine.held_back(trial.id, self._now()))
            return
        self._flush()
        grant = self._rooms.resources.acquire(trial.id)
        try:
            launch = self._rooms.launcher.prepare(trial, attempt, grant)
            handle = dict(self._rooms.executor.submit(launch))
        except (LaunchError, RenderError, StorageError) as error:
            self._rooms.resources.release(trial.id, None)
            if isinstance(error, StorageError):
                raise
            if isinstance(error, LaunchError) and may_pass(error.errno):
                raise StorageError(str(error)) from error
            self._do(self._engine.ended(trial.id, Outcome(problem=str(error)), self._now()))
            return
        if grant.gpus:
            handle["gpus"] = ",".join(grant.gpus)
        if grant.cpus:
            handle["cpus"] = ",".join(map(str, grant.cpus))
        logger.debug("trial %d started: sh %s", trial.id, launch.script)
        now = self._now()
        self._watch(trial, handle, now.monotonic_s)
        self._do(self._engine.started(trial.id, handle, now))

    def _watch(self, trial: Trial, handle: Handle, since_s: float, recorded: int = 0) -> None:
        followers = {
            name: MetricFollower(path, self._spec.reader_of(name).parser_pattern)
            for name, path in self._rooms.launcher.metric_paths(trial).items()
        }
        self._watched[trial.id] = Watched(
            trial=trial,
            handle=handle,
            followers=followers,
            objectives=self._spec.objectives,
            paths=self._rooms.folder.trial(trial.id),
            since_s=since_s,
            seen_s=self._now().monotonic_s,
            recorded=recorded,
        )

    def _patience(self) -> float:
        """Return how long to wait for an end before something else is due."""
        if any(watched.exit for watched in self._watched.values()):
            return 0.0
        due = min(self._next_poll_s, self._next_progress_s)
        back_off_s = self._engine.waiting.next_due_s
        # One that ended while there is no slot, room or disk is no reason to hurry.
        if back_off_s < due and self._blocked_until_s is None and self._may_fill():
            due = back_off_s
        return max(0.0, due - self._now().monotonic_s)

    def _look_at_interrupts(self) -> None:
        interrupts = self._rooms.interrupts
        if interrupts.count == self._interrupts_seen:
            return
        self._interrupts_seen = interrupts.count
        stopping = self._engine.phase in STOPPING
        if stopping and interrupts.name == "SIGHUP":
            return
        if not stopping and (interrupts.hung_up or (self._spec.detach and interrupts.count == 1)):
            logger.warning("%s: leaving %d trials running", interrupts.cause, len(self._watched))
            self._engine.enter(Phase.DETACHED, f"left by {interrupts.cause}")
            return
        again = self._engine.phase is Phase.INTERRUPTED
        what = (
            "killing what is left"
            if again
            else f"stopping {len(self._watched)} running trials; once more to kill them at once"
        )
        logger.warning("%s: %s", interrupts.cause, what)
        grace_s = 0.0 if again else None
        self._stop_now(
            self._engine.stop(Phase.INTERRUPTED, f"stopped by {interrupts.cause}", grace_s)
        )

    def _stop_now(self, cancels: list[Action]) -> None:
        """Stop even if the disk is full: what cannot be written is found again from the folders."""
        for action in cancels:
            self._carry_out(action)
        self._blocked_until_s = None

    def _look_at_folder(self) -> None:
        """End everything, once, where the study's folder is no longer there."""
        if self._lost:
            return
        self._lost = self._rooms.journal.lost()
        if self._lost:
            logger.error("%s", self._lost)
            self._stop_now(self._engine.stop(Phase.INTERRUPTED, "the study's folder was lost"))

    def _look_at_ends(self) -> None:
        """Read on in the files of ended attempts; those read to the end are over."""
        for trial_id, watched in list(self._watched.items()):
            if watched.exit is None or self._read(watched):
                continue
            del self._watched[trial_id]
            outcome = watched.outcome()
            self._rooms.resources.release(trial_id, watched.exit.peak_memory_bytes)
            self._gauge.ended(outcome.duration_s)
            if (self._blocked_until_s is not None or self._lost) and outcome.failure():
                # Its own writes failed as ours did.
                reason = "the study's folder was lost" if self._lost else "the disk was full"
                self._do(self._engine.excused(trial_id, outcome, reason, self._now()))
            else:
                self._do(self._engine.ended(trial_id, outcome, self._now()))

    def _read(self, watched: Watched) -> bool:
        """Read on in one metric file; return whether there is more."""
        event, more = watched.read(self._now())
        if event:
            self._do(self._engine.measured(event, over=watched.exit is not None))
        if watched.warning and not self._warned:
            self._warned = True
            logger.warning("%s", watched.warning)
        return more

    def _look_at_time(self) -> None:
        now = self._now()
        if now.monotonic_s >= self._next_poll_s:
            self._next_poll_s = now.monotonic_s + self._poll_s
            self._look_at_requests()
            progress_s = {}
            for trial_id, watched in self._watched.items():
                if watched.exit is None:
                    self._read(watched)
                    progress_s[trial_id] = watched.progress_s(now)
            self._do(self._engine.ticked(progress_s, now))
        if now.monotonic_s >= self._next_progress_s:
            self._next_progress_s = now.monotonic_s + self._rooms.observer.interval_s
            self._rooms.observer.progress(self._gauge.progress(self._watched.values(), now))

    def _look_at_requests(self) -> None:
        self._do(self._requests.look(self._now()))

    def _now(self) -> Moment:
        clock = self._rooms.clock
        return Moment(clock.now(), clock.monotonic())


def granted(handle: Handle) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the GPUs and CPUs that a handle's launch was given."""
    gpus = str(handle.get("gpus", ""))
    cpus = str(handle.get("cpus", ""))
    return tuple(gpus.split(",")) if gpus else (), tuple(map(int, cpus.split(","))) if cpus else ()
