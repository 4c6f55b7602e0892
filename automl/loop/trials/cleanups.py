"""The `cleanup=` commands of trials whose attempt has ended."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from automl.errors import LaunchError, StorageError
from automl.executors.executor import Executor, Runs, Wanted
from automl.journal.disk.files import is_there
from automl.journal.folder import StudyFolder
from automl.patience import in_words
from automl.study.launch import SHELL, Ended, EndKind, Handle, Launch, News

logger = logging.getLogger(__name__)

LIMIT_S = 30.0
"""Seconds that a cleanup may take, with what may pass before it can be started."""

RETRY_S = 1.0
"""Seconds between two tries to start one that the machine had no room for."""

GRACE_S = 2.0
"""Seconds between asking one that takes too long to end, and killing it."""


@dataclass(slots=True)
class _Cleanup:
    launch: Launch
    since_s: float
    handle: Handle | None = None
    late: bool = False
    ended: bool = False
    refusal: str = ""
    tried_s: float = 0.0


class Cleanups:
    """Runs the cleanup of each attempt once, as a launch of its own beside those of trials.

    Its number is that of the trial with all bits turned (-1 for trial 0), and so is its mark. The
    journal learns of the end of an attempt after that of its cleanup, so a cleanup that a killed
    controller did not see end is taken over, or runs again.

    Args:
        executor: starts them.
        folder: where the trials' folders are.
        uid: the study's own id.
        place: the real path of the study's folder.
        shell: the path of the shell that runs their scripts.
    """

    def __init__(
        self, executor: Executor, folder: StudyFolder, uid: str, place: str, shell: str = SHELL
    ) -> None:
        self._shell = shell
        self._executor = executor
        self._folder = folder
        self._uid = uid
        self._place = place
        self._begun: dict[int, _Cleanup] = {}
        self._of_before: set[int] = set()
        self._unseen: set[int] = set()

    def __contains__(self, trial_id: int) -> bool:
        """Tell whether the cleanup of a trial has begun and its end was not asked for yet."""
        return trial_id in self._begun

    def may_run(self, trial_id: int) -> None:
        """Note that an earlier controller may have started the cleanup of a trial already."""
        self._of_before.add(trial_id)

    def pending(
        self, trial_id: int, now_s: float, may_begin: Callable[[], bool] = lambda: True
    ) -> bool:
        """Tell whether the end of a trial's cleanup must be waited for; the first call begins it.

        Ask until it is False: then the attempt is done with, and the next has its own cleanup.
        While the machine cannot tell whether there is one, it is waited for, and that is said once.

        Args:
            trial_id: whose.
            now_s: this monotonic second.
            may_begin: asked only where there is a cleanup to begin; it begins once that is True.
        """
        cleanup = self._begun.get(trial_id)
        if cleanup is None:
            script = self._folder.trial(trial_id).cleanup
            try:
                if not is_there(script):
                    return False
            except OSError as error:
                self._tell_unseen(trial_id, script, error)
                return True
            self._unseen.discard(trial_id)
            if not may_begin():
                return True
            cleanup = self._begun[trial_id] = _Cleanup(self._launch(trial_id), now_s)
        if cleanup.handle is None and not cleanup.ended:
            self._start(trial_id, cleanup, now_s)
        if cleanup.ended:
            del self._begun[trial_id]
        return not cleanup.ended

    def took(self, news: News) -> bool:
        """Take in what became of a launch; False if it is that of a trial."""
        if news.trial_id >= 0:
            return False
        cleanup = self._begun.get(~news.trial_id)
        if cleanup is not None and isinstance(news, Ended):
            self._take_end(~news.trial_id, cleanup, news)
        return True

    def _take_end(self, trial_id: int, cleanup: _Cleanup, ended: Ended) -> None:
        if ended.kind is EndKind.REFUSED and not cleanup.late:
            # The machine may have no room for a process now: it is tried again, for some time.
            cleanup.handle, cleanup.refusal = None, ended.problem
            return
        cleanup.ended = True
        if not cleanup.late and ended.exit.code:
            self._tell(trial_id, cleanup, f"failed, {ended.exit}")

    def look(self, now_s: float) -> None:
        """End those that take too long."""
        late = [one for one in self._begun.values() if now_s - one.since_s >= LIMIT_S]
        self._end(
            [one for one in late if not one.late],
            f"is ended, as it takes more than {LIMIT_S:.0f} s",
            GRACE_S,
        )

    def kill(self) -> None:
        """End all that run, at once."""
        self._end(self._begun.values(), "is ended, as the study is to end at once", 0.0)

    def _end(self, cleanups: Iterable[_Cleanup], why: str, grace_s: float) -> None:
        """End those of some cleanups that run."""
        running = [one for one in cleanups if one.handle and not one.ended]
        for cleanup in running:
            cleanup.late = True
            self._tell(~cleanup.launch.trial_id, cleanup, why)
        if running:
            self._executor.cancel([one.handle for one in running if one.handle], grace_s)

    def _start(self, trial_id: int, cleanup: _Cleanup, now_s: float) -> None:
        if cleanup.refusal and now_s - cleanup.since_s >= LIMIT_S:
            self._give_up(trial_id, cleanup, cleanup.refusal)
            return
        if cleanup.refusal and now_s - cleanup.tried_s < RETRY_S:
            return
        cleanup.tried_s = now_s
        try:
            # What cannot be told now is asked again: it must not run twice at once.
            self._find_again(now_s)
            if cleanup.handle is None:
                cleanup.handle = self._executor.submit([cleanup.launch])[0]
        except (LaunchError, StorageError, OSError) as error:
            if now_s - cleanup.since_s >= LIMIT_S:
                self._give_up(trial_id, cleanup, in_words(error))

    def _find_again(self, now_s: float) -> None:
        """Take over the cleanups of an earlier controller that run, all of them at once."""
        launches = {trial_id: self._launch(trial_id) for trial_id in self._of_before}
        if not launches:
            return
        for found in self._executor.find([_wanted(one) for one in launches.values()]):
            if isinstance(found, Runs):
                trial_id = ~found.trial_id
                fresh = _Cleanup(launches[trial_id], now_s)
                self._begun.setdefault(trial_id, fresh).handle = found.handle
        self._of_before.clear()

    def _give_up(self, trial_id: int, cleanup: _Cleanup, problem: str) -> None:
        cleanup.ended = True
        why = problem.removeprefix(f"trial {cleanup.launch.trial_id}: ").partition("\n")[0]
        self._tell(trial_id, cleanup, f"could not be started: {why}")

    def _tell_unseen(self, trial_id: int, script: str, error: OSError) -> None:
        if trial_id not in self._unseen:
            self._unseen.add(trial_id)
            logger.warning(
                "trial %d has ended, but whether there is %s cannot be seen: %s. It is looked for "
                "again; Ctrl-C to end",
                trial_id,
                script,
                error.strerror,
            )

    def _tell(self, trial_id: int, cleanup: _Cleanup, what: str) -> None:
        logger.warning("trial %d: its cleanup %s; see %s", trial_id, what, cleanup.launch.stdout)

    def _launch(self, trial_id: int) -> Launch:
        paths = self._folder.trial(trial_id)
        return Launch(
            trial_id=~trial_id,
            script=paths.cleanup,
            stdout=paths.cleanup_log,
            stderr=paths.cleanup_log,
            exit_path=paths.cleanup_exit,
            mark=f"{self._uid}:{~trial_id}",
            place=self._place,
            shell=self._shell,
        )


def _wanted(launch: Launch) -> Wanted:
    """Return what finds a launch of an earlier controller by its mark."""
    return Wanted(
        handle=launch.handle(""),
        mark=launch.mark,
        exit_path=launch.exit_path,
        script=launch.script,
    )
