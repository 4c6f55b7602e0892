"""Where the metric file of a launch is that ended, if it can be believed to be of that launch."""

import os
import stat
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from automl.journal.folder import TrialFolder
from automl.loop.rereading.left_launch import LeftLaunch
from automl.readers.kept import kept_place
from automl.readers.patterns.files import any_file
from automl.readers.patterns.launched import ANY, Launched
from automl.study.tasks.location import is_pattern
from automl.study.tasks.remote import is_remote

_SLACK_S = 5.0
"""By how much the clocks of the file system and of this machine may differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A metric file of a launch.

    Attributes:
        path: where it wrote it.
        location: the template of which that path was made.
        alone: whether no other metric of it has a file of this name in another folder.
        shared: whether other launches may have written files of its pattern at the same time.
        standing: whether what is there is of many launches, and tells itself of which.
    """

    path: str
    location: str
    alone: bool
    shared: bool = False
    standing: bool = False

    @property
    def several(self) -> bool:
        """Whether the path is a pattern."""
        return is_pattern(self.location)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Where a file, or the files of a pattern, are read that a launch wrote.

    Attributes:
        path: the file, or a pattern.
        kept: where it is kept from now on; empty if it need not be.
        launched: by what files of a pattern are told from those of other launches.
    """

    path: str
    kept: str = ""
    launched: Launched = ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftFiles:
    """Finds the files that launches of one study left.

    Where a location was read while trials ran, each launch found its file moved away, and what lay
    elsewhere was kept. Of any other location nothing is known but of a trial that was launched
    once: its file holds what that launch wrote, if it is in the trial's folder, or was not written
    since.

    Where there is no file, the launch wrote none, and its trial fails: a slip in a location is
    corrected once more, and nothing runs again for it. Only if its number came from that very file,
    it was deleted since.

    Args:
        cwd: the working directory of the commands.
        locations: the locations, as templates, that were read while trials ran.
    """

    cwd: str
    locations: Collection[str]

    def of(
        self, left: LeftLaunch, folder: TrialFolder, wrote: Written, *, gave: bool
    ) -> Left | None:
        """Return where to read what a launch wrote; None if it was not kept.

        Args:
            left: the launch.
            folder: its trial's.
            wrote: the file.
            gave: whether the number of before came from it.
        """
        if wrote.standing:
            there = os.path.lexists(wrote.path) or not gave
            return Left(path=wrote.path, launched=_launched(left, folder)) if there else None
        file = self._file_of(left, folder, wrote, gave=gave)
        # What is read where it was written is kept from now on.
        if file is None or file != wrote.path or (folder.holds(file) and not wrote.several):
            return Left(path=file) if file else None
        kept = f"{folder.metric}/{kept_place(file, self.cwd)}"
        return Left(path=file, kept=kept, launched=_launched(left, folder))

    def _file_of(
        self, left: LeftLaunch, folder: TrialFolder, wrote: Written, *, gave: bool
    ) -> str | None:
        if wrote.several:
            return self._of_pattern(left, folder, wrote, gave=gave)
        known = wrote.location in self.locations or wrote.path in {folder.stdout, folder.stderr}
        if not known and is_remote(wrote.location):
            # Of what is elsewhere, nobody can tell any more whose it is.
            return None
        if not known:
            return wrote.path if _may_be_new(left, folder, wrote.path) else None
        aside = Path(folder.attempts, str(left.attempt))
        moved = aside / Path(wrote.path).name if wrote.alone else None
        inside = folder.holds(wrote.path)
        if inside:
            # A later launch whose preparation was cut short may have moved it away.
            aside_only = moved and (moved.exists() or not left.last)
            file = str(moved) if aside_only else wrote.path if left.last else None
        else:
            file = self._elsewhere(left, folder, wrote.path, aside, moved)
        return None if file and gave and not os.path.lexists(file) else file

    def _of_pattern(
        self, left: LeftLaunch, folder: TrialFolder, wrote: Written, *, gave: bool
    ) -> str | None:
        """Return where to read files whose names nobody knew before.

        Those that were read while the launch ran were kept. Of another pattern, the files are
        those that were written meanwhile, if no other launch can have written them.
        """
        place = kept_place(wrote.path, self.cwd)
        if wrote.location in self.locations:
            metric = folder.metric if left.last else f"{folder.attempts}/{left.attempt}/metric"
            kept = f"{metric}/{place}"
            return kept if any_file(kept) or not gave else None
        once = left.attempt == 1 and left.last and left.duration_s is not None
        return wrote.path if once and not wrote.shared else None

    def _elsewhere(
        self, left: LeftLaunch, folder: TrialFolder, path: str, aside: Path, moved: Path | None
    ) -> str | None:
        """Return where a file is read that was written outside the trial's folder."""
        place = kept_place(path, self.cwd)
        found = [aside / "metric" / place]
        if left.last:
            found.append(Path(folder.metric, place))
        elif moved:
            # As earlier releases left it, which kept nothing.
            found.append(moved)
        for file in found:
            if file.is_file() and _is_own(file, left):
                return str(file)
        there = os.path.lexists(path)
        return path if left.last and (not there or _was_written_by(path, left)) else None


def _may_be_new(left: LeftLaunch, folder: TrialFolder, path: str) -> bool:
    """Tell whether a file that no reader knew is of this launch alone, or is not there."""
    if not os.path.lexists(path):
        return True
    once = left.attempt == 1 and left.last
    return once and (folder.holds(path) or _was_written_by(path, left))


def _is_own(file: Path, left: LeftLaunch) -> bool:
    """Tell whether a kept file is as it was: one with a second name may be written since."""
    status = file.stat()
    return status.st_nlink == 1 or not left.last or status.st_mtime <= _end_s(left)


def _was_written_by(path: str, left: LeftLaunch) -> bool:
    """Tell whether a file in its place was last written while its launch ran."""
    try:
        status = Path(path).stat()
    except OSError:
        return False
    began = left.trial.started_at
    if not stat.S_ISREG(status.st_mode) or began is None or left.trial.duration_s is None:
        return False
    return began.timestamp() - _SLACK_S <= status.st_mtime <= _end_s(left)


def _launched(left: LeftLaunch, folder: TrialFolder) -> Launched:
    """Return by what the files that a launch wrote are told from those of others, in their place.

    Only the last launch of a trial has its note there.
    """
    began = left.trial.started_at
    if began is None or left.duration_s is None:
        return Launched(note=folder.note)
    until_s = (began + timedelta(seconds=left.duration_s)).timestamp()
    return Launched(note=folder.note, until_ns=int(until_s * 1e9))


def _end_s(left: LeftLaunch) -> float:
    """Return the latest moment at which the last launch of a trial can have written something."""
    began, lasted_s = left.trial.started_at, left.trial.duration_s or 0.0
    return (began + timedelta(seconds=lasted_s)).timestamp() + _SLACK_S if began else 0.0
