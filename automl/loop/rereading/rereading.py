"""Reading anew all that a study's trials left, as its description says it now."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from automl.clock import Clock
from automl.engine.actions import moment_of
from automl.journal.events import REREAD_VERSION, Reread
from automl.launch.folder_contents import told_of
from automl.launch.launcher import Launcher
from automl.launch.trial_files import set_aside
from automl.loop.opening.study import OpenStudy
from automl.loop.rereading.launch_reader import LaunchReader
from automl.loop.rereading.left_files import LeftFiles
from automl.loop.rereading.standing import standing_of
from automl.readers.reading_threads import ReadingThreads
from automl.study.spec import StudySpec
from automl.study.trial import Stage, Trial, TrialState
from automl.waker import Waker

logger = logging.getLogger(__name__)

_LISTED = 20

_LOOK_S = 0.2
"""Seconds after which who waits for a thread looks whether the user asks to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """Reads anew what trials left, before the search sees anything of them.

    One event a trial tells how it stands: killed at any moment, the next start reads the rest.

    Args:
        spec: the study.
        study: its journal and state.
        clock: the time.
        waker: wakes this thread when another has read.
        asked: how often the user has asked to stop.
    """

    spec: StudySpec
    study: OpenStudy
    clock: Clock
    waker: Waker
    asked: Callable[[], int]

    def run(self, launcher: Launcher) -> None:
        """Read what is still to be read; nothing, if the readers are what they were.

        Args:
            launcher: tells where trials wrote.

        Raises:
            StorageError: the machine cannot read or write it now; it can be done again.
            KeyboardInterrupt: the user asks to end.
        """
        stale = self.study.state.stale
        if not stale:
            return
        logger.info(
            "the metric is read or judged in another way than before: what %s left is read anew",
            _counted(len(stale)),
        )
        threads = ReadingThreads(self.waker.wake)
        try:
            before = {one: self.study.state.trials[one] for one in stale}
            reader = self._reader(launcher, threads)
            for trial_id in list(stale):
                self._read(trial_id, reader)
        finally:
            threads.close()
        self._tell(before)

    def _reader(self, launcher: Launcher, threads: ReadingThreads) -> LaunchReader:
        return LaunchReader(
            spec=self.spec,
            folder=self.study.folder,
            launcher=launcher,
            files=LeftFiles(cwd=self.spec.cwd, locations=self.study.state.locations),
            now=lambda: moment_of(self.clock),
            threads=threads,
            wait=self._wait,
        )

    def _read(self, trial_id: int, reader: LaunchReader) -> None:
        """Read one trial, and write down how it stands."""
        self._check_asked()
        state = self.study.state
        trial, readings = state.trials[trial_id], state.stale[trial_id]
        now = standing_of(trial, self.spec, partial(reader.read, before=readings))
        if now and self.spec.ladder and _runs_again(trial, now.state, now.stage):
            self._move_checkpoint(trial)
        event = Reread(v=REREAD_VERSION, at=self.clock.now(), trial=trial_id, now=now)
        self.study.journal.append([event])
        state.apply(event)

    def _move_checkpoint(self, trial: Trial) -> None:
        """Let a trial begin without the checkpoint that the launch left which it runs again."""
        paths = self.study.folder.trial(trial.id)
        with told_of(trial.id, paths):
            set_aside(Path(paths.checkpoint), Path(paths.attempts, str(trial.attempts)))

    def _wait(self) -> None:
        self.waker.wait(_LOOK_S)
        self._check_asked()

    def _check_asked(self) -> None:
        if self.asked():
            raise KeyboardInterrupt

    def _tell(self, before: Mapping[int, Trial]) -> None:
        """Say what came of it."""
        trials = self.study.state.trials
        now = {one: trials[one] for one in before}
        logger.info(
            "read anew: %d of %s have a value now, %d had one before",
            _with_value(now.values()),
            _counted(len(now)),
            _with_value(before.values()),
        )
        again = [
            str(one.id) for one in now.values() if _runs_again(before[one.id], one.state, one.stage)
        ]
        if again:
            logger.warning(
                "run again, as the file of their metric was not kept or was written since: "
                "trial %s%s",
                ", ".join(again[:_LISTED]),
                f" and {len(again) - _LISTED} more" if len(again) > _LISTED else "",
            )


def _runs_again(before: Trial, state: TrialState, stage: Stage) -> bool:
    """Tell whether a trial is to be launched that was not, or with another stage."""
    waited = before.state is TrialState.PLANNED and before.stage == stage
    return state is TrialState.PLANNED and not waited


def _with_value(trials: Iterable[Trial]) -> int:
    return sum(one.value is not None for one in trials)


def _counted(count: int) -> str:
    return f"{count} trial{'' if count == 1 else 's'}"
