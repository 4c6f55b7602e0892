"""Carries out what the engine decides: the one loop of a controller."""

import logging
from collections.abc import Callable, Iterable, Sequence

from automl.engine.actions import (
    STARTING,
    Action,
    AskToEnd,
    Discard,
    Moment,
    Note,
    Phase,
    Propose,
    Report,
    Start,
    moment_of,
)
from automl.engine.engine import Engine
from automl.engine.stimuli import (
    HeldBack,
    LaunchFailed,
    Proposed,
    SlotFree,
    Stimulus,
    StopAsked,
    StudyEnded,
    TrialRetryAsked,
)
from automl.errors import JournalError, LaunchError, RenderError, StorageError
from automl.loop.machine.interruption import Interruption
from automl.loop.machine.trouble import FOLDER_LOST, Trouble
from automl.loop.pending import Pending
from automl.loop.proposals import Proposals
from automl.loop.rooms import Rooms
from automl.loop.rounds import Rounds
from automl.loop.trials.adoption import Legacy
from automl.loop.trials.attempts import Attempts
from automl.loop.trials.starting import Starter
from automl.study.launch import News
from automl.study.spec import StudySpec

logger = logging.getLogger(__name__)

BREATH_S = 0.1
"""Seconds until the executor is asked again that could not look at its processes."""

LEAVING = frozenset({Phase.INTERRUPTED, Phase.DETACHED})
"""The phases in which the user wants the controller gone, written or not."""


class Runner:
    """Runs a study until nothing is left to do or the user stops it.

    Args:
        spec: the study.
        engine: decides what is done.
        rooms: what the loop works with.
        ended: is called, and must be quick, when a trial ended for good.
    """

    def __init__(
        self,
        spec: StudySpec,
        engine: Engine,
        rooms: Rooms,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self._spec = spec
        self._ended = ended
        self._engine = engine
        self._rooms = rooms
        self._starter = Starter(rooms.launcher, rooms.executor, rooms.resources)
        self._proposals = Proposals(rooms.search, rooms.waker.wake, rooms.clock)
        self._trouble = Trouble(rooms.journal, rooms.folder, spec.cwd)
        self._attempts = Attempts(
            spec, engine, rooms, self._do, self._trouble.excuse, self._written
        )
        self._pending = Pending(
            rooms.journal,
            rooms.executor,
            rooms.clock,
            self._attempts.handle_of,
            self._carry_out,
            self._trouble.blockage,
        )
        self._rounds = Rounds(spec, engine, rooms, self._attempts, self._pending)
        self._interruption = Interruption(
            rooms.interrupts,
            engine,
            self._attempts,
            self._tell,
            detach=spec.detach,
            grace_s=spec.limits.grace_s,
        )

    def take_over(self, legacy: Legacy) -> None:
        """Go on with what an earlier controller launched."""
        self._attempts.take_over(legacy)

    def run(self) -> None:
        """Run the loop to its end; the journal then holds everything.

        Only where the user wants the controller gone while the journal cannot be written, it does
        not: what is missing will be found again from the trials' folders.

        Raises:
            JournalError: the study's folder was lost; its trials have been ended.
        """
        try:
            self._loop()
            self._rounds.tell_progress()
        finally:
            self._attempts.close()
            self._proposals.close()
        if self._trouble.lost:
            raise JournalError(self._trouble.lost)

    def _run_again(self) -> None:
        """Launch trials again for whose failures the last controller started no more."""
        again = self._engine.view.to_run_again
        if again:
            ids = ", ".join(map(str, again))
            logger.info("run again, as no more were started when they failed alike: trial %s", ids)
        # Each goes to the head of the line.
        for trial_id in reversed(again):
            self._tell(TrialRetryAsked(trial_id, "run again, as it failed like all others"))

    def _loop(self) -> None:
        self._run_again()
        self._rounds.look_at_requests()
        while True:
            self._settle()
            # What cannot be read now, the next controller finds ended, in its folder.
            gone = self._engine.view.phase in LEAVING and self._attempts.all_held_up
            if (self._engine.view.over or gone) and self._closed():
                return
            for news in self._wait():
                with self._pending.pausing():
                    self._attempts.heard(news)
            if self._interruption.answer():
                self._pending.blockage.try_now()
            self._look_at_folder()
            self._rounds.attempts_ended(self._attempts.look_at_ends())
            self._rounds.look()

    def _closed(self) -> bool:
        """Write how the study ended; return whether the loop ends with that."""
        leaving = self._engine.view.phase in LEAVING
        if self._pending.blockage.active and not leaving:
            return False
        self._tell(StudyEnded())
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

    def _wait(self) -> Sequence[News]:
        with self._pending.pausing():
            return self._rooms.executor.wait(self._patience())
        # It could not look at its processes just now.
        self._rooms.clock.sleep(BREATH_S)
        return []

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
            self._trouble.check_disks()
            self._take_answer()
            while self._may_fill():
                actions = self._engine.handle(SlotFree(), self._now())
                if not actions:
                    break
                self._do(actions)
                self._pending.carry_out_all()
                self._take_answer()
            self._ask_ahead()
            self._pending.flush()
            self._pending.blockage.worked()
            if not self._attempts.any_queued:
                self._pending.blockage.lift()

    def _may_fill(self) -> bool:
        # Who asked to stop is heard before the next start, however fast one follows another.
        if self._pending.blockage.active and self._attempts.any_queued:
            # One is enough to find out whether any can be started again.
            return False
        return (
            self._interruption.heard
            and not self._rooms.observer.holds
            and self._engine.view.wants_start
            and not self._rooms.resources.room()
        )

    def _tell(self, stimulus: Stimulus) -> None:
        self._do(self._engine.handle(stimulus, self._now()))

    def _do(self, actions: Iterable[Action]) -> None:
        self._pending.add(actions)

    def _written(self) -> bool:
        return self._pending.written()

    def _carry_out(self, action: Action) -> None:
        match action:
            case Report():
                self._rooms.observer.trial_ended(action.trial, self._engine.view.best)
                self._ended()
            case Discard():
                self._rooms.disposal.discard(action.trial, artifacts=action.artifacts)
            case Note():
                logger.log(logging.WARNING if action.warns else logging.INFO, "%s", action.text)
            case AskToEnd():
                for watched in self._attempts.watched:
                    if watched.trial.id == action.trial_id:
                        watched.ask_to_end(action.reason)
            case Propose():
                # One asked for ahead may have waited while trials went on to larger budgets.
                view = self._engine.view
                self._proposals.ask(action.trial_id, view.history, stale=2 * view.max_parallel)
            case Start():
                self._start(action)

    def _take_answer(self) -> None:
        """Plan the trial for which the search has made a proposal, if it is waited for."""
        trial_id = self._engine.view.proposing
        if trial_id is None:
            return
        # A trial that was added by request may have taken the number that was asked for. The same
        # question is not asked again, however much is told while it is thought about.
        history = self._engine.view.history
        self._proposals.ask(trial_id, history, stale=len(history))
        answer = self._proposals.take(trial_id)
        if answer is not None:
            self._tell(Proposed(trial_id, answer))
            self._pending.carry_out_all()

    def _ask_ahead(self) -> None:
        """Have the next proposal made while all slots are busy, where that takes long.

        With one slot, the next trial is to know of the one before it, and nothing is asked ahead.
        """
        view = self._engine.view
        if self._proposals.slow and self._proposals.idle and view.max_parallel > 1:
            trial_id = view.next_to_propose
            if trial_id is not None:
                self._proposals.ask(trial_id, view.history)

    def _start(self, start: Start) -> None:
        self._look_at_folder()
        trial = self._engine.view.trials[start.trial_id]
        if self._engine.view.phase not in STARTING:
            self._tell(HeldBack(trial.id))
            return
        try:
            self._pending.flush()
            self._rooms.disposal.withdraw(trial.id)
            view = self._engine.view
            handle = self._starter.start(
                trial, start.attempt, view.max_parallel, more=view.max_trials - view.finished > 1
            )
            self._attempts.queue(trial, handle)
        except StorageError:
            # Back in line, where a stop, a request or a limit reaches it.
            self._tell(HeldBack(trial.id))
            raise
        except (LaunchError, RenderError) as error:
            self._tell(LaunchFailed(trial.id, str(error)))

    def _patience(self) -> float:
        """Return how long to wait for an end before something else is due."""
        if self._attempts.ready:
            return 0.0
        due, back_off_s = self._rounds.due_s, self._engine.view.next_due_s
        # One that ended while there is no slot, room or disk is no reason to hurry.
        if back_off_s < due and not self._pending.blockage.active and self._may_fill():
            due = back_off_s
        return max(0.0, due - self._now().monotonic_s)

    def _look_at_folder(self) -> None:
        """End everything, once, where the study's folder is no longer there."""
        if self._trouble.lost_now():
            logger.error("%s", self._trouble.lost)
            self._tell(StopAsked(Phase.INTERRUPTED, FOLDER_LOST))
            self._pending.blockage.try_now()

    def _now(self) -> Moment:
        return moment_of(self._rooms.clock)
