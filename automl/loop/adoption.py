"""What an earlier controller left: trials that still run, that ended meanwhile, that vanished."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from automl.executors.ages import age_s, identified
from automl.executors.executor import Executor
from automl.executors.identity import boot_id, host
from automl.executors.local import exit_code_in
from automl.journal.folder import StudyFolder, TrialFolder
from automl.loop.actions import Moment
from automl.spec.launch import Exit, Handle
from automl.spec.trial import Trial, TrialState

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Legacy:
    """The trials that an earlier controller had launched, by what became of them.

    Attributes:
        running: still running, watched by the executor from now on, with their handles.
        ended: ended meanwhile: how, and after how many seconds.
        vanished: gone without an exit code.
    """

    running: list[tuple[Trial, Handle]] = field(default_factory=list)
    ended: list[tuple[Trial, Handle, Exit, float]] = field(default_factory=list)
    vanished: list[Trial] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether there was any such trial."""
        return bool(self.running or self.ended or self.vanished)

    def log(self) -> None:
        """Say what was found, by trial ids."""
        for what, ids in (
            ("adopted, still running", [trial.id for trial, _ in self.running]),
            ("collected, ended meanwhile", [trial.id for trial, *_ in self.ended]),
            ("requeued, vanished", [trial.id for trial in self.vanished]),
        ):
            if ids:
                logger.info("%s: %s", what, ", ".join(f"trial {trial_id}" for trial_id in ids))


def take_stock(
    trials: list[Trial],
    folder: StudyFolder,
    executor: Executor,
    mark_of: Callable[[int], str],
    now: Moment,
) -> Legacy:
    """Find out what became of the trials that an earlier controller launched.

    A trial that is planned in the journal may have been launched too, if its controller died
    before it could write that down. It is known by its mark, or by the exit code that it left.

    Args:
        trials: all trials of the study.
        folder: the study's folder.
        executor: attaches to what still runs.
        mark_of: gives the mark of a trial.
        now: this moment.
    """
    legacy = Legacy()
    for trial in trials:
        paths = folder.trial(trial.id)
        if trial.state in {TrialState.RUNNING, TrialState.STOPPING} and trial.handle:
            handle = trial.handle
        elif trial.state is TrialState.PLANNED and _was_prepared(trial, paths):
            handle = {
                "trial": trial.id,
                "host": host(),
                "boot": boot_id(),
                "mark": mark_of(trial.id),
                "exit": paths.exit,
            }
        else:
            continue
        if executor.attach(handle):
            legacy.running.append((trial, identified(handle)))
            continue
        code = exit_code_in(paths.exit)
        if code is not None:
            legacy.ended.append(
                (trial, handle, Exit(code=code), _lasted_s(trial, handle, paths, now))
            )
        elif trial.state is not TrialState.PLANNED:
            if handle["host"] != host():
                logger.warning(
                    "trial %d was running on %s; it is taken for gone, as this is %s",
                    trial.id,
                    handle["host"],
                    host(),
                )
            legacy.vanished.append(trial)
    return legacy


def _was_prepared(trial: Trial, paths: TrialFolder) -> bool:
    """Tell whether the folder is that of the attempt that would be next, not of the one before."""
    if trial.attempts == 0:
        return os.path.exists(paths.script)  # noqa: PTH110 - asked for every planned trial
    # The exit code is moved there first: once anything is there, the one in place is no old one.
    before = Path(paths.attempts, str(trial.attempts))
    return before.is_dir() and any(before.iterdir())


def ran_s(trial: Trial, handle: Handle, paths: TrialFolder, now: Moment) -> float:
    """Return for how many seconds an attempt has run that runs now."""
    age = age_s(handle)
    return max(0.0, (now.at - _began(trial, paths)).total_seconds()) if age is None else age


def _lasted_s(trial: Trial, handle: Handle, paths: TrialFolder, now: Moment) -> float:
    """Return how long an attempt ran that nobody saw end: up to when it left its exit code.

    Both moments are wall times of then. A clock that was set in between makes their difference
    wrong, but never longer than the launch is old.
    """
    ended = datetime.fromtimestamp(Path(paths.exit).stat().st_mtime, UTC)
    age = age_s(handle)
    until = min(ended, now.at) if age is None else ended
    lasted_s = max(0.0, (until - _began(trial, paths)).total_seconds())
    return lasted_s if age is None else min(lasted_s, age)


def _began(trial: Trial, paths: TrialFolder) -> datetime:
    """Return the wall time at which an attempt began.

    Where the journal does not know of the attempt, its script tells it.
    """
    if trial.started_at is None or trial.state is TrialState.PLANNED:
        return datetime.fromtimestamp(Path(paths.script).stat().st_mtime, UTC)
    return trial.started_at
