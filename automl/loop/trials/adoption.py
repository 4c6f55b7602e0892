"""What an earlier controller left: trials that still run, that ended meanwhile, that vanished."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from automl.engine.actions import Moment
from automl.errors import StorageError, may_pass
from automl.executors.executor import Executor
from automl.executors.local.ages import age_s
from automl.executors.local.executor import read_exit_code
from automl.executors.processes.identity import boot_id, host
from automl.journal.disk.files import is_there
from automl.journal.folder import StudyFolder, TrialFolder, holds_study
from automl.launch.launch_note import LaunchNote, Said, said_in
from automl.study.launch import REST_MS, Exit, Handle
from automl.study.trial import Trial, TrialState

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Legacy:
    """The trials that an earlier controller had launched, by what became of them.

    Attributes:
        running: still running, watched by the executor from now on, with their handles.
        ended: ended meanwhile: how, and after how many seconds.
        vanished: gone without an exit code that can be believed.
        unsure: planned, but maybe launched, and with a cleanup that then has to run.
        strange: those whose folder is of another launch than the journal tells of.
        unknown: those in whose folder an exit code lies, but no note of the launch.
    """

    running: list[tuple[Trial, Handle]] = field(default_factory=list)
    ended: list[tuple[Trial, Handle, Exit, float]] = field(default_factory=list)
    vanished: list[Trial] = field(default_factory=list)
    unsure: list[Trial] = field(default_factory=list)
    strange: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether there was any such trial."""
        return bool(self.running or self.ended or self.vanished or self.unsure)

    @property
    def cleaned(self) -> list[int]:
        """The trials after which an earlier controller may have begun to clean up."""
        ended = [trial for trial, *_ in self.ended]
        of_this = [trial.id for trial in (*ended, *self.vanished, *self.unsure)]
        return [trial_id for trial_id in of_this if trial_id not in self.strange]

    def disbelieve(self, metric_paths: Callable[[Trial], dict[str, str]]) -> None:
        """Run those that ended meanwhile again whose metric files another study has taken since.

        These are gone, or newer than the end of the trial.

        Args:
            metric_paths: gives the metric files of a trial.
        """
        for one in list(self.ended):
            trial, handle, *_ = one
            end = Path(str(handle["exit"]))
            paths = [Path(path) for path in metric_paths(trial).values()]
            # Into a trial's own folder no other study writes.
            if not any(_is_newer(path, end) for path in paths if end.parent not in path.parents):
                continue
            logger.warning(
                "trial %d ended while no controller ran, and another study has taken its metric "
                "file since: it is not read",
                trial.id,
            )
            self.ended.remove(one)
            if trial.state is TrialState.PLANNED:
                continue
            self.vanished.append(trial)
            if trial.state is TrialState.STOPPING:
                # It ends without a number, as nothing of it can be read.
                self.strange.append(trial.id)

    def log(self) -> None:
        """Say what was found, by trial ids."""
        strange = "not believed and run again, as another launch than the journal tells of left"
        unknown = "not believed and run again, as an exit code without a launch.json was left by"
        gone = [trial.id for trial in self.vanished if trial.id not in self.strange]
        for what, ids in (
            ("adopted, still running", [trial.id for trial, _ in self.running]),
            ("collected, ended meanwhile", [trial.id for trial, *_ in self.ended]),
            ("requeued, vanished", gone),
            (f"{strange} what is in the folder of", self.strange),
            (unknown, self.unknown),
        ):
            if ids:
                logger.info("%s: %s", what, ", ".join(f"trial {trial_id}" for trial_id in ids))


@dataclass(frozen=True, slots=True)
class _Left:
    """A trial that an earlier controller launched, or may have launched.

    Attributes:
        trial: which.
        paths: its folder.
        handle: what finds its processes.
        may_run: whether what runs of it is of this launch, and can tell how it ends.
        may_end: whether an exit code in its folder is of this launch.
    """

    trial: Trial
    paths: TrialFolder
    handle: Handle
    may_run: bool
    may_end: bool


def take_stock(
    trials: list[Trial],
    folder: StudyFolder,
    executor: Executor,
    note_of: Callable[[Trial, int], LaunchNote],
    now: Moment,
    rests_s: Mapping[int, float] | None = None,
) -> Legacy:
    """Find out what became of the trials that an earlier controller launched.

    A trial that is planned in the journal may have been launched too, if its controller died
    before it could write that down. Neither what lies in a trial's folder nor what runs is
    believed to be of a launch unless the note in the folder says so: the journal may have been
    lost or cut since. Folders of the release before this one have no note; of them, those are
    believed that the journal knows to run.

    Args:
        trials: all trials of the study.
        folder: the study's folder.
        executor: attaches to what still runs.
        note_of: gives the note of a launch, by its trial and attempt.
        now: this moment.
        rests_s: of the trials that an earlier controller asked to end, how long each may still
            take.

    Raises:
        StorageError: something cannot be looked at now; it can be done again.
        OSError: likewise.
    """
    legacy = Legacy()
    left = []
    for trial in trials:
        found = _look(trial, folder.trial(trial.id), note_of, legacy)
        if found is not None:
            left.append(found)
    attached = executor.attach([_asked(one, rests_s or {}) for one in left if one.may_run])
    running = {handle["trial"]: _plain(handle) for handle in attached}
    for one in left:
        if one.trial.id in running:
            legacy.running.append((one.trial, running[one.trial.id]))
        else:
            _take_ended(one, legacy, now)
    return legacy


def _asked(one: _Left, rests_s: Mapping[int, float]) -> Handle:
    rest_s = rests_s.get(one.trial.id)
    return one.handle if rest_s is None else {**one.handle, REST_MS: round(1000 * rest_s)}


def _plain(handle: Handle) -> Handle:
    """Return a handle without what was true at one moment alone."""
    return {name: value for name, value in handle.items() if name != REST_MS}


def _look(
    trial: Trial,
    paths: TrialFolder,
    note_of: Callable[[Trial, int], LaunchNote],
    legacy: Legacy,
) -> _Left | None:
    """Return a trial if a launch of it can have been left; it is noted if another launch was."""
    if trial.state in {TrialState.RUNNING, TrialState.STOPPING} and trial.handle:
        attempt, handle = trial.attempts, trial.handle
    elif trial.state is TrialState.PLANNED and is_there(paths.script):
        attempt, handle = trial.attempts + 1, None
    else:
        return None
    note = note_of(trial, attempt)
    said, place = _said(paths, note)
    if said is Said.OTHER or (said is Said.BEFORE and handle):
        legacy.strange.append(trial.id)
        if handle:
            legacy.vanished.append(trial)
        return None
    if handle is None and not _was_prepared(trial, paths, said):
        return None
    return _Left(
        trial,
        paths,
        handle or _handle_by_mark(note, paths),
        # In a folder that was moved, its output and exit code go nowhere.
        may_run=said is Said.NOTHING or place == note.place,
        may_end=said is Said.THIS or handle is not None,
    )


def _said(paths: TrialFolder, note: LaunchNote) -> tuple[Said, str]:
    """Return what the note in a trial's folder says of a launch, and the study's folder then."""
    try:
        said, place = said_in(paths.note, note)
    except OSError as error:
        if may_pass(error.errno):
            raise StorageError(f"cannot read {paths.note}: {error.strerror}") from error
        return Said.OTHER, ""
    # A copy, perhaps made in the middle of that launch, which goes on where it was made from.
    copied = said is Said.THIS and place != note.place and holds_study(place)
    return (Said.OTHER if copied else said), place


def _take_ended(one: _Left, legacy: Legacy, now: Moment) -> None:
    """Note how a launch ended that does not run any more."""
    trial, code = one.trial, read_exit_code(one.paths.exit)
    if code is not None and one.may_end:
        lasted_s = _lasted_s(trial, one.handle, one.paths, now)
        legacy.ended.append((trial, one.handle, Exit(code=code), lasted_s))
    elif trial.state is not TrialState.PLANNED:
        if one.handle["host"] != host():
            logger.warning(
                "trial %d was running on %s; it is taken for gone, as this is %s",
                trial.id,
                one.handle["host"],
                host(),
            )
        legacy.vanished.append(trial)
    elif code is not None:
        legacy.unknown.append(trial.id)
    elif is_there(one.paths.cleanup):
        legacy.unsure.append(trial)


def _handle_by_mark(note: LaunchNote, paths: TrialFolder) -> Handle:
    """Return what finds a launch whose process the journal does not tell."""
    return {
        "trial": note.trial,
        "host": host(),
        "boot": boot_id(),
        "mark": note.mark,
        "exit": paths.exit,
    }


def _was_prepared(trial: Trial, paths: TrialFolder, said: Said) -> bool:
    """Tell whether the folder is that of the attempt that would be next, not of the one before."""
    if said is not Said.NOTHING or trial.attempts == 0:
        return said is not Said.BEFORE
    # The exit code is moved there first: once anything is there, the one in place is no old one.
    before = Path(paths.attempts, str(trial.attempts))
    return before.is_dir() and any(before.iterdir())


def _is_newer(path: Path, end: Path) -> bool:
    """Tell whether a file was written after another one, or is gone."""
    try:
        return path.stat().st_mtime_ns > end.stat().st_mtime_ns
    except OSError:
        return True


def ran_s(trial: Trial, handle: Handle, paths: TrialFolder, now: Moment) -> float:
    """Return for how many seconds an attempt has run that runs now; 0 if that cannot be told."""
    age = age_s(handle)
    if age is not None:
        return age
    try:
        return max(0.0, (now.at - _began(trial, paths)).total_seconds())
    except OSError:
        return 0.0


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
