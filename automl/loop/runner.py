"""Carries out what the engine decides: the one loop of a controller."""

import logging
from collections.abc import Iterable, Sequence

from automl.errors import JournalError, LaunchError, RenderError, StorageError
from automl.journal.events import ALL_RECORDED
from automl.loop.actions import (
    STARTING,
    STOPPING,
    Action,
    Moment,
    Note,
    Phase,
    Propose,
    Report,
    Start,
)
from automl.loop.adoption import Legacy, ran_s
from automl.loop.asking import Asking
from automl.loop.engine import Engine
from automl.loop.full_disk import Disks
from automl.loop.gauge import Gauge
from automl.loop.outcome import Outcome
from automl.loop.pending import Pending
from automl.loop.requests import Requests
from automl.loop.rooms import Rooms
from automl.loop.starting import Starter, granted
from automl.loop.unread import Unread, all_unread
from automl.loop.watched import Watched
from automl.readers.follow import MetricFollower
from automl.spec.launch import Ended, Exit, Handle
from automl.spec.study import StudySpec
from automl.spec.trial import Trial, TrialState

logger = logging.getLogger(__name__)

POLL_S = 1.0
"""Seconds between two looks at metric files, requests and time limits."""

PRUNER_POLL_S = 0.25
"""The same where the metrics decide which trials are stopped."""

BREATH_S = 0.1
"""Seconds until the executor is asked again that could not look at its processes."""

FOLDER_LOST = "the study's folder was lost"

LEAVING = frozenset({Phase.INTERRUPTED, Phase.DETACHED})
"""The phases in which the user wants the controller gone, written or not."""


class Runner:
    """Runs a study until nothing is left to do or the user stops it."""

    def __init__(self, spec: StudySpec, engine: Engine, rooms: Rooms) -> None:
        self._spec = spec
        self._engine = engine
        self._rooms = rooms
        self._starter = Starter(rooms.launcher, rooms.executor, rooms.resources)
        self._requests = Requests(engine, rooms.folder, spec.space)
        self._asking = Asking(rooms.search, rooms.waker.wake, rooms.clock)
        self._poll_s = PRUNER_POLL_S if spec.pruner else POLL_S
        self._watched: dict[int, Watched] = {}
        self._pending = Pending(
            rooms.journal, rooms.executor, rooms.clock, self._handle_of, self._carry_out
        )
        self._began = self._now()
        self._next_poll_s = self._began.monotonic_s + self._poll_s
        self._next_progress_s = self._began.monotonic_s
        self._disks = Disks(spec.cwd, str(rooms.folder.path))
        self._interrupts_seen = 0
        self._gauge = Gauge(spec, engine, rooms.resources, self._began.monotonic_s)
        self._warned = False
        self._lost = ""
        self._unread = Unread()

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
            self._take_vanished(trial, now)

    def run(self) -> None:
        """Run the loop to its end; the journal then holds everything.

        Only where the user wants the controller gone while the journal cannot be written, it does
        not: what is missing will be found again from the trials' folders.

        Raises:
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
            # What cannot be read now, the next controller finds ended, in its folder.
            gone = self._engine.phase in LEAVING and all_unread(self._watched.values())
            if (self._engine.over or gone) and self._closed():
                return
            for ended in self._wait():
                lasted_s = self._watched[ended.trial_id].lasted_s(self._now())
                self._gone(ended.trial_id, ended.exit, lasted_s)
            self._look_at_interrupts()
            self._look_at_folder()
            self._look_at_ends()
            self._look_at_time()

    def _closed(self) -> bool:
        """Write how the study ended; return whether the loop ends with that."""
        leaving = self._engine.phase in LEAVING
        if self._pending.blockage.active and not leaving:
            return False
        self._do(self._engine.close(self._now()))
        with self._pending.pausing():
            self._pending.carry_out_all()
            self._pending.flush()
        if leaving and self._pending.events:
            logger.warning(
                "left without writing what happened since; the same command finds it in the "
                "trials' folders"
            )
        elif self._pending.events:
            # It is made anew once it can be written, as more may have happened by then.
            self._pending.events.pop()
            return False
        return True

    def _wait(self) -> Sequence[Ended]:
        with self._pending.pausing():
            return self._rooms.executor.wait(self._patience())
        # It could not look at its processes just now.
        self._rooms.clock.sleep(BREATH_S)
        return []

    def _take_vanished(self, trial: Trial, now: Moment) -> None:
        """Run a trial again of which nothing is left, unless it was being stopped for good."""
        stop = self._engine.state.stops.get(trial.id)
        if stop is None or trial.handle is None:
            self._do(self._engine.vanished(trial.id, now))
            return
        began = trial.started_at or stop.at
        lasted_s = max(0.0, (stop.at - began).total_seconds())
        self._resume(trial, trial.handle, now.monotonic_s - lasted_s, now, over=True)
        self._gone(trial.id, Exit(code=None), lasted_s)

    def _resume(
        self, trial: Trial, handle: Handle, since_s: float, now: Moment, *, over: bool = False
    ) -> None:
        if trial.state is TrialState.PLANNED:
            self._do(self._engine.started(trial.id, handle, now))
        self._watch(trial, handle, since_s, self._engine.state.trials[trial.id])
        self._do(self._engine.adopted(trial.id, since_s, now, over=over))

    def _gone(self, trial_id: int, how: Exit, lasted_s: float) -> None:
        self._watched[trial_id].gone(how, lasted_s)
        # A bad end may have the same cause as the stop that comes, such as a shutdown.
        if how.code == 0:
            self._engine.ended_well(trial_id)

    def _settle(self) -> None:
        """Fill the free slots and carry everything out, until nothing more is to be done.

        While the disk is full or the machine cannot start anything, what happened waits to be
        written and told, and what waits for a slot goes on waiting. Stops wait for nothing.
        """
        if self._pending.waits:
            return
        with self._pending.pausing():
            self._pending.flush()
            self._pending.carry_out_all()
            self._disks.check()
            self._take_answer()
            while self._may_fill():
                actions = self._engine.fill(self._now())
                if not actions:
                    break
                self._do(actions)
                self._pending.carry_out_all()
                self._take_answer()
            self._ask_ahead()
            self._pending.flush()
            self._pending.blockage.lift()

    def _may_fill(self) -> bool:
        # Who asked to stop is heard before the next start, however fast one follows another.
        heard = self._rooms.interrupts.count == self._interrupts_seen
        return heard and self._engine.wants_start and not self._rooms.resources.room()

    def _do(self, actions: Iterable[Action]) -> None:
        self._pending.add(actions)

    def _handle_of(self, trial_id: int) -> Handle | None:
        watched = self._watched.get(trial_id)
        return watched.handle if watched else None

    def _carry_out(self, action: Action) -> None:
        match action:
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
            self._pending.carry_out_all()

    def _ask_ahead(self) -> None:
        """Have the next proposal made while all slots are busy, where that takes long.

        With one slot, the next trial is to know of the one before it, and nothing is asked ahead.
        """
        engine = self._engine
        if self._asking.slow and self._asking.idle and engine.max_parallel > 1:
            trial_id = engine.next_to_propose
            if trial_id is not None:
                self._asking.ask(trial_id, engine.standing.history)

    def _start(self, trial: Trial, attempt: int) -> None:
        self._look_at_folder()
        if self._engine.phase not in STARTING:
            self._do(self._engine.held_back(trial.id, self._now()))
            return
        try:
            self._pending.flush()
            handle = self._starter.start(trial, attempt)
        except StorageError:
            # Back in line, where a stop, a request or a limit reaches it.
            self._do(self._engine.held_back(trial.id, self._now()))
            raise
        except (LaunchError, RenderError) as error:
            self._do(self._engine.ended(trial.id, Outcome(problem=str(error)), self._now()))
            return
        now = self._now()
        self._watch(trial, handle, now.monotonic_s)
        self._do(self._engine.started(trial.id, handle, now))

    def _watch(
        self, trial: Trial, handle: Handle, since_s: float, known: Trial | None = None
    ) -> None:
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
            recorded=known.measurements if known else 0,
            newest=known.newest if known and known.measurements <= ALL_RECORDED else None,
        )

    def _patience(self) -> float:
        """Return how long to wait for an end before something else is due."""
        if any(watched.exit and not watched.blocked for watched in self._watched.values()):
            return 0.0
        due = min(self._next_poll_s, self._next_progress_s)
        back_off_s = self._engine.waiting.next_due_s
        # One that ended while there is no slot, room or disk is no reason to hurry.
        if back_off_s < due and not self._pending.blockage.active and self._may_fill():
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
        reason = f"stopped by {interrupts.cause}"
        self._do(self._engine.stop(Phase.INTERRUPTED, reason, self._now(), grace_s))
        self._pending.blockage.try_now()

    def _look_at_folder(self) -> None:
        """End everything, once, where the study's folder is no longer there."""
        if self._lost:
            return
        self._lost = self._rooms.journal.lost()
        if self._lost:
            logger.error("%s", self._lost)
            self._do(self._engine.stop(Phase.INTERRUPTED, FOLDER_LOST, self._now()))
            self._pending.blockage.try_now()

    def _look_at_ends(self) -> None:
        """Read on in the files of ended attempts; those read to the end are over.

        One that the machine cannot read now is not to blame: it waits, and is read again.
        """
        for trial_id, watched in list(self._watched.items()):
            if watched.exit is None or self._read(watched) or watched.blocked:
                continue
            if (outcome := watched.outcome()) is None:
                continue
            del self._watched[trial_id]
            self._rooms.resources.release(trial_id, watched.exit.peak_memory_bytes)
            self._gauge.ended(outcome.duration_s)
            excuse = self._excuse(watched.trial) if outcome.failure() else ""
            if excuse:
                self._do(self._engine.excused(trial_id, outcome, excuse, self._now()))
            else:
                self._do(self._engine.ended(trial_id, outcome, self._now()))
        self._unread.look(self._watched.values())

    def _excuse(self, trial: Trial) -> str:
        """Return why the machine may be to blame for a failure of this moment, empty if not."""
        if self._lost:
            return FOLDER_LOST
        if self._pending.blockage.active:
            # Its own writes and launches failed as ours did.
            return "it failed while the study was paused"
        full = self._disks.full_for(self._rooms.folder.trial(trial.id).path)
        return "the disk was full" if full else ""

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
        self._pending.stop()
        if now.monotonic_s >= self._next_progress_s:
            self._next_progress_s = now.monotonic_s + self._rooms.observer.interval_s
            with self._pending.pausing():
                self._rooms.observer.progress(self._gauge.progress(self._watched.values(), now))

    def _look_at_requests(self) -> None:
        self._do(self._requests.look(self._now()))

    def _now(self) -> Moment:
        clock = self._rooms.clock
        return Moment(clock.now(), clock.monotonic())
