"""Carries out what the engine decides: the one loop of a controller."""

import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from automl.clock import Clock
from automl.errors import LaunchError, RenderError
from automl.executors.executor import Executor
from automl.journal.events import Event
from automl.journal.folder import StudyFolder
from automl.journal.journal import Journal
from automl.loop.engine import Action, Cancel, Engine, Moment, Phase, Propose, Record, Report, Start
from automl.loop.interrupts import Interrupts
from automl.loop.launcher import Launcher, objective_reader
from automl.loop.observer import Observer
from automl.loop.watched import Watched
from automl.readers.follow import MetricFollower
from automl.report.progress import Progress, time_left
from automl.search.sampler import Sampler
from automl.spec.launch import Handle
from automl.spec.study import StudySpec
from automl.spec.trial import Trial

logger = logging.getLogger(__name__)

POLL_S = 1.0
"""Seconds between two looks at the metric files of running trials."""


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
    sampler: Sampler


class Runner:
    """Runs a study until nothing is left to do or the user stops it."""

    def __init__(self, spec: StudySpec, engine: Engine, rooms: Rooms) -> None:
        self._spec = spec
        self._engine = engine
        self._rooms = rooms
        self._watched: dict[int, Watched] = {}
        self._actions: deque[Action] = deque()
        self._events: list[Event] = []
        self._began = self._now()
        self._next_poll_s = self._began.monotonic_s + POLL_S
        self._next_progress_s = self._began.monotonic_s
        self._interrupts_seen = 0
        self._total_s = 0.0
        self._ended_here = 0
        self._warned = False

    def run(self) -> None:
        """Run the loop to its end; the journal then holds everything.

        Raises:
            JournalError: the journal cannot be written; running trials go on, and the same
                command takes up the study later.
        """
        while True:
            self._settle()
            if self._engine.over:
                break
            for ended in self._rooms.executor.wait(self._patience()):
                self._watched[ended.trial_id].gone(ended.exit, self._now())
            self._look_at_interrupts()
            self._look_at_ends()
            self._look_at_time()
        self._do(self._engine.close(self._now()))
        self._settle()

    def _settle(self) -> None:
        """Fill the free slots and carry everything out, until nothing more is to be done."""
        while True:
            self._do(self._engine.fill())
            if not self._actions:
                break
            while self._actions:
                self._carry_out(self._actions.popleft())
        self._flush()

    def _do(self, actions: Iterable[Action]) -> None:
        self._actions.extend(actions)

    def _carry_out(self, action: Action) -> None:
        match action:
            case Record():
                self._events.append(action.event)
            case Report():
                self._rooms.observer.trial_ended(action.trial, self._engine.best)
            case Propose():
                params = self._rooms.sampler.suggest(action.trial_id, self._engine.history)
                self._do(self._engine.proposed(action.trial_id, params, self._now()))
            case Start():
                self._start(self._engine.state.trials[action.trial_id], action.attempt)
            case Cancel():
                self._flush()
                if action.trial_id in self._watched:
                    handle = self._watched[action.trial_id].handle
                    self._rooms.executor.cancel(handle, action.grace_s)

    def _flush(self) -> None:
        """Write what happened before anything is done that depends on it."""
        if self._events:
            self._rooms.journal.append(self._events)
            self._events = []

    def _start(self, trial: Trial, attempt: int) -> None:
        self._flush()
        try:
            launch = self._rooms.launcher.prepare(trial, attempt)
            handle = self._rooms.executor.submit(launch)
            self._watched[trial.id] = self._watch(trial, handle)
        except (LaunchError, RenderError) as error:
            self._do(self._engine.not_started(trial.id, str(error), self._now()))
            return
        logger.debug("trial %d started: sh %s", trial.id, launch.script)
        self._do(self._engine.started(trial.id, handle, self._now()))

    def _watch(self, trial: Trial, handle: Handle) -> Watched:
        path = self._rooms.launcher.metric_path(trial)
        pattern = objective_reader(self._spec).parser_pattern
        follower = MetricFollower(path, pattern)
        return Watched(trial, handle, follower, self._spec.objective, self._now())

    def _patience(self) -> float:
        """Return how long to wait for an end before something else is due."""
        if any(watched.exit for watched in self._watched.values()):
            return 0.0
        due = min(self._next_poll_s, self._next_progress_s)
        return max(0.0, due - self._now().monotonic_s)

    def _look_at_interrupts(self) -> None:
        interrupts = self._rooms.interrupts
        if interrupts.count == self._interrupts_seen:
            return
        self._interrupts_seen = interrupts.count
        again = self._engine.phase is Phase.INTERRUPTED
        logger.warning(
            "%s: %s",
            interrupts.name,
            "killing what is left"
            if again
            else f"stopping {len(self._watched)} running trials; once more to kill them at once",
        )
        grace_s = 0.0 if again else None
        self._do(self._engine.stop(Phase.INTERRUPTED, f"stopped by {interrupts.name}", grace_s))

    def _look_at_ends(self) -> None:
        """Read on in the files of ended attempts; those read to the end are over."""
        for trial_id, watched in list(self._watched.items()):
            if watched.exit is None or self._read(watched):
                continue
            del self._watched[trial_id]
            outcome = watched.outcome(self._rooms.folder.trial(trial_id))
            if outcome.duration_s is not None:
                self._total_s += outcome.duration_s
                self._ended_here += 1
            self._do(self._engine.ended(trial_id, outcome, self._now()))

    def _read(self, watched: Watched) -> bool:
        """Read on in one metric file; return whether there is more."""
        event, more = watched.read(self._now())
        if event:
            self._do(self._engine.measured(event))
        if watched.warning and not self._warned:
            self._warned = True
            logger.warning("%s", watched.warning)
        return more

    def _look_at_time(self) -> None:
        now = self._now()
        if now.monotonic_s >= self._next_poll_s:
            self._next_poll_s = now.monotonic_s + POLL_S
            for watched in self._watched.values():
                if watched.exit is None:
                    self._read(watched)
            self._do(self._engine.ticked(now))
        if now.monotonic_s >= self._next_progress_s:
            self._next_progress_s = now.monotonic_s + self._rooms.observer.interval_s
            self._rooms.observer.progress(self._progress(now))

    def _progress(self, now: Moment) -> Progress:
        engine = self._engine
        running = tuple(watched.progress(now) for watched in self._watched.values())
        limits = self._spec.limits
        size = self._spec.space.size
        total = limits.max_trials if size is None else min(limits.max_trials, size)
        to_start = max(0, total - engine.finished - len(running))
        stopping = engine.phase is not Phase.RUNNING
        return Progress(
            study=self._spec.name,
            done=engine.finished,
            total=total,
            failed=engine.failed,
            running=running,
            best=engine.best,
            elapsed_s=now.monotonic_s - self._began.monotonic_s,
            left_s=time_left(
                mean_s=self._total_s / self._ended_here if self._ended_here else None,
                to_start=0 if stopping else to_start,
                running_s=[trial.elapsed_s for trial in running],
                max_parallel=limits.max_parallel,
            ),
            note=engine.reason if stopping else "",
        )

    def _now(self) -> Moment:
        clock = self._rooms.clock
        return Moment(clock.now(), clock.monotonic())
