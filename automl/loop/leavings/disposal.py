"""Removes what trials leave once they have ended, in a thread of its own."""

import logging
import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from automl.journal.disk.removal import Interrupted, Removed, remove_below
from automl.journal.folder import StudyFolder
from automl.launch.launch_note import Said, said_in
from automl.launch.launcher import Launcher
from automl.patience import in_words, start_thread
from automl.spelling.spelling import spelled
from automl.study.resources import size_text
from automl.study.spec import StudySpec
from automl.study.trial import Trial

logger = logging.getLogger(__name__)

WAIT_S = 0.1
"""Seconds between two looks at whether all is removed, or the user wants to end."""

SAY_S = 2.0
"""Seconds after which it is said that the end of the study waits for removals."""

LEAVE_S = 1.0
"""Seconds that the thread gets to end once nothing more is removed."""

_NAMED = 3
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class _Job:
    trial: Trial
    artifacts: bool


class Disposal:
    """Removes the scratch folders of trials that ended, and the artifacts of those that lose them.

    The loop only says what; a large tree may take long. What was not removed when the study ends,
    or when it is killed, is removed at its next start, as it follows from the journal.

    Args:
        spec: the study.
        folder: where it lives.
        launcher: tells what of a trial's folder is whose.
        asked: tells whether the user wants the controller to end.
    """

    def __init__(
        self,
        spec: StudySpec,
        folder: StudyFolder,
        launcher: Launcher,
        asked: Callable[[], bool],
    ) -> None:
        self._asked = asked
        self._why = spelled("keep", spec.keep.which)
        self._folder = folder
        self._launcher = launcher
        self._changed = threading.Condition()
        # Held by each removal, which may take long; the loop waits for none but a trial's own.
        self._removing = threading.Lock()
        self._waiting: dict[int, _Job] = {}
        self._doing: int | None = None
        self._ended = False
        self._thread: threading.Thread | None = None
        self._told: set[str] = set()

    @contextmanager
    def going_on(self, trials: Iterable[Trial], losers: Collection[int]) -> Iterator[None]:
        """Remove what an earlier controller did not come to; at the end, wait for all of it.

        Args:
            trials: all trials.
            losers: those that ended and keep no artifacts.
        """
        for trial in trials if self._launcher.leavings.any else ():
            if trial.state.finished:
                self.discard(trial, artifacts=trial.id in losers)
        try:
            yield
            self._finish()
        finally:
            self._end()
            if self._thread is not None:
                self._thread.join(LEAVE_S)

    def discard(self, trial: Trial, *, artifacts: bool) -> None:
        """Remove a trial's scratch folder and, if it loses them, its artifacts."""
        if not (self._launcher.leavings.any and trial.attempts):
            return
        with self._changed:
            before = self._waiting.get(trial.id)
            artifacts = artifacts or (before is not None and before.artifacts)
            self._waiting[trial.id] = _Job(trial, artifacts)
            self._changed.notify_all()
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="automl-disposal", daemon=True)
            try:
                start_thread(thread)
            except OSError:
                # There is no room for it now; the next one tries again, or the next start.
                return
            self._thread = thread

    def withdraw(self, trial_id: int) -> None:
        """Remove nothing more of a trial, as it is launched again."""
        with self._changed:
            self._waiting.pop(trial_id, None)
            if self._doing != trial_id:
                return
            self._doing = None
        with self._removing:
            # What was begun is done; nothing more will be.
            pass

    def _finish(self) -> None:
        """Wait until all is removed, or the user wants to end."""
        waited_s = 0.0
        with self._changed:
            while self._busy and not self._asked():
                self._changed.wait(WAIT_S)
                waited_s += WAIT_S
                if SAY_S <= waited_s < SAY_S + WAIT_S:
                    logger.info("removing what trials left; Ctrl-C leaves it to the next start")

    def _end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def _busy(self) -> bool:
        works = self._thread is not None and self._thread.is_alive() and not self._ended
        return works and (bool(self._waiting) or self._doing is not None)

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._dispose(job)
            except OSError as error:
                self._warn(f"what trial {job.trial.id} left is not removed: {in_words(error)}")

    def _next(self) -> _Job | None:
        with self._changed:
            self._doing = None
            self._changed.notify_all()
            while not self._waiting and not self._ended:
                self._changed.wait()
            if self._ended:
                return None
            self._doing = next(iter(self._waiting))
            return self._waiting.pop(self._doing)

    def _dispose(self, job: _Job) -> None:
        trial, paths = job.trial, self._folder.trial(job.trial.id)
        # All that earlier attempts left is of this trial; a folder of another one is not ours.
        note = self._launcher.note(trial, trial.attempts + 1)
        if said_in(paths.note, note)[0] is not Said.BEFORE:
            return
        leaving = self._launcher.leavings.of(trial, artifacts=job.artifacts)
        if leaving.problem:
            self._warn(leaving.problem)
        trials = os.open(self._folder.trials, _FOLDER)
        try:
            folder = os.open(str(trial.id), _FOLDER | os.O_NOFOLLOW, dir_fd=trials)
        finally:
            os.close(trials)
        try:
            step = self._step_for(trial.id)
            self._tell(trial.id, remove_below(folder, leaving.patterns, leaving.spared, step))
        finally:
            os.close(folder)

    def _step_for(self, trial_id: int) -> Callable[[Callable[[], None]], None]:
        def step(remove: Callable[[], None]) -> None:
            # Whoever withdraws a trial knows that nothing more of it is removed afterwards.
            with self._removing:
                with self._changed:
                    if self._ended or self._doing != trial_id:
                        raise Interrupted
                remove()

        return step

    def _tell(self, trial_id: int, done: Removed) -> None:
        names = [one for one in done.names if one != "scratch" and not one.startswith(".scratch-")]
        if names:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            logger.info(
                "trial %d: removed %s%s (%s), as %s",
                trial_id,
                ", ".join(names[:_NAMED]),
                more,
                size_text(done.size_bytes),
                self._why,
            )
        for name, why in done.left.items():
            self._warn(f"trial {trial_id}: {name} is not removed: {why}", about=why)

    def _warn(self, text: str, about: str = "") -> None:
        """Warn once of what may be so for many trials."""
        if (about or text) not in self._told:
            self._told.add(about or text)
            logger.warning("%s", text)
