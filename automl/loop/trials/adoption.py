"""What an earlier controller left: trials that still run, that ended meanwhile, that vanished."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from automl.errors import StorageError, may_pass
from automl.executors.executor import Executor, Found, Runs, Wanted
from automl.journal.disk.files import is_there
from automl.journal.folder import StudyFolder, TrialFolder, holds_study
from automl.launch.launch_note import LaunchNote, Said, said_in
from automl.study.launch import Ended, Exit, Handle, Queued, handle_of
from automl.study.trial import Trial, TrialState

logger = logging.getLogger(__name__)


class Collected(NamedTuple):
    """A trial that ended while no controller ran.

    Attributes:
        trial: which.
        handle: what names its launch.
        exit: how it ended.
        lasted_s: after how many seconds.
        ended_ns: when, in nanoseconds since 1970, if that can be told.
        folder: where the trial's own files are.
    """

    trial: Trial
    handle: Handle
    exit: Exit
    lasted_s: float
    ended_ns: int | None
    folder: str


@dataclass(slots=True)
class Legacy:
    """The trials that an earlier controller had launched, by what became of them.

    Attributes:
        running: still running, watched by the executor from now on.
        queued: still waiting for their turn, with their handles.
        ended: ended meanwhile.
        vanished: gone without an exit code that can be believed.
        unsure: planned, but maybe launched, and with a cleanup that then has to run.
        strange: those whose folder is of another launch than the journal tells of.
        unknown: those in whose folder an exit code lies, but no note of the launch.
    """

    running: list[tuple[Trial, Runs]] = field(default_factory=list)
    queued: list[tuple[Trial, Handle]] = field(default_factory=list)
    ended: list[Collected] = field(default_factory=list)
    vanished: list[Trial] = field(default_factory=list)
    unsure: list[Trial] = field(default_factory=list)
    strange: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether there was any such trial."""
        left = self.running or self.queued or self.ended or self.vanished or self.unsure
        return bool(left)

    @property
    def adopted(self) -> list[int]:
        """The trials whose launches are left alone, as they run or wait for their turn."""
        return [trial.id for trial, _ in (*self.running, *self.queued)]

    @property
    def cleaned(self) -> list[int]:
        """The trials after which an earlier controller may have begun to clean up."""
        ended = [one.trial for one in self.ended]
        of_this = [trial.id for trial in (*ended, *self.vanished, *self.unsure)]
        return [trial_id for trial_id in of_this if trial_id not in self.strange]

    def disbelieve(self, metric_paths: Callable[[Trial], dict[str, str]]) -> None:
        """Run those that ended meanwhile again whose metric files another study has taken since.

        These are gone, or newer than the end of the trial.

        Args:
            metric_paths: gives the metric files of a trial.
        """
        for one in list(self.ended):
            trial, own = one.trial, Path(one.folder)
            paths = [Path(path) for path in metric_paths(trial).values()]
            # Into a trial's own folder no other study writes.
            others = [path for path in paths if own not in path.parents]
            if not any(_is_newer(path, one.ended_ns) for path in others):
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
            ("adopted, waiting for their turn", [trial.id for trial, _ in self.queued]),
            ("collected, ended meanwhile", [one.trial.id for one in self.ended]),
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
        handle: what names its launch, with all that the journal knows to find it by.
        mark: what its processes carry.
        may_run: whether what runs of it is of this launch, and can tell how it ends.
        may_end: whether an exit code in its folder is of this launch.
    """

    trial: Trial
    paths: TrialFolder
    handle: Handle
    mark: str
    may_run: bool
    may_end: bool

    def wanted(self, rest_s: float | None) -> Wanted:
        """Return what is looked for; `rest_s` is what is left of the grace if it was stopped."""
        known = self.trial.state is not TrialState.PLANNED
        return Wanted(
            handle=self.handle,
            mark=self.mark,
            exit_path=self.paths.exit,
            script=self.paths.script,
            began_at=self.trial.started_at if known else None,
            adopt=self.may_run,
            rest_s=rest_s,
        )


def take_stock(
    trials: list[Trial],
    folder: StudyFolder,
    executor: Executor,
    note_of: Callable[[Trial, int], LaunchNote],
    rests_s: Mapping[int, float] | None = None,
    name: str = "local",
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
        executor: finds what still runs, and how the others ended.
        note_of: gives the note of a launch, by its trial and attempt.
        rests_s: of the trials that an earlier controller asked to end, how long each may still
            take.
        name: the executor's name.

    Raises:
        StorageError: something cannot be looked at now; it can be done again.
        OSError: likewise.
    """
    legacy = Legacy()
    left = []
    for trial in trials:
        found = _look(trial, folder.trial(trial.id), note_of, legacy, name)
        if found is not None:
            left.append(found)
    rests = rests_s or {}
    wanted = [one.wanted(rests.get(one.trial.id)) for one in left]
    told = executor.find(wanted) if wanted else ()
    for one, became in zip(left, told, strict=True):
        _take(one, became, legacy)
    return legacy


def _look(
    trial: Trial,
    paths: TrialFolder,
    note_of: Callable[[Trial, int], LaunchNote],
    legacy: Legacy,
    name: str,
) -> _Left | None:
    """Return a trial if a launch of it can have been left; it is noted if another launch was."""
    if trial.asked:
        return None
    if trial.state.launched and trial.handle:
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
    named = handle_of(name, note.mark, trial.id, attempt)
    return _Left(
        trial,
        paths,
        # Handles of earlier releases tell a process, but do not name the launch.
        {**named, **(handle or {})},
        note.mark if handle is None else str(handle.get("mark", note.mark)),
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


def _take(one: _Left, found: Found, legacy: Legacy) -> None:
    """Note what became of a launch."""
    trial = one.trial
    match found:
        case Runs():
            legacy.running.append((trial, found))
        case Queued() if trial.state is TrialState.PLANNED:
            legacy.queued.append((trial, one.handle))
        case Queued():
            legacy.running.append((trial, Runs(trial_id=trial.id, handle=one.handle)))
        case Ended() if one.may_end:
            how, lasted_s = found.exit, found.lasted_s or 0.0
            left = (found.ended_ns, one.paths.path)
            legacy.ended.append(Collected(trial, one.handle, how, lasted_s, *left))
        case _ if trial.state is not TrialState.PLANNED:
            if why := getattr(found, "why", ""):
                logger.warning("trial %d %s", trial.id, why)
            legacy.vanished.append(trial)
        case Ended():
            legacy.unknown.append(trial.id)
        case _ if is_there(one.paths.cleanup):
            legacy.unsure.append(trial)


def _was_prepared(trial: Trial, paths: TrialFolder, said: Said) -> bool:
    """Tell whether the folder is that of the attempt that would be next, not of the one before."""
    if said is not Said.NOTHING or trial.attempts == 0:
        return said is not Said.BEFORE
    # The exit code is moved there first: once anything is there, the one in place is no old one.
    before = Path(paths.attempts, str(trial.attempts))
    return before.is_dir() and any(before.iterdir())


def _is_newer(path: Path, than_ns: int | None) -> bool:
    """Tell whether a file was written after that moment, or is gone."""
    try:
        return path.stat().st_mtime_ns > (than_ns or 0)
    except OSError:
        return True
