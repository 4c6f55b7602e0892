"""The study's folder: which file is where."""

import contextlib
import errno
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Self, overload

from automl.errors import JournalError
from automl.inside.files import DRAWN, PARAMS, PROPOSED, REPORTS
from automl.journal.disk.files import trouble
from automl.spelling.spelling import spelled

_TRIES = 5
"""How often a folder is made that another start, with `fresh=True`, renames just then."""

_SET_ASIDE = re.compile(r"\.old-\d{8}-\d{6}(-\d+)?$")

PLACE = "automl_studies"
"""The folder of study folders, in the current one, if the user names none."""

CONTROL_NAME = "control.jsonl"
"""The control file's name in the study's folder."""


def place_of(study_dir: str | os.PathLike[str] | None) -> Path:
    """Return the folder of study folders; `automl_studies` in the current one if not given."""
    given = os.path.expanduser(study_dir or PLACE)  # noqa: PTH111 - any path
    return Path(os.path.abspath(given))  # noqa: PTH100 - keeps links


class StudyFolder:
    """The paths of one study below `study_dir/name`."""

    def __init__(self, study_dir: Path, name: str) -> None:
        self.path = study_dir / name
        self.journal = self.path / "journal.jsonl"
        self.control = self.path / CONTROL_NAME
        # Of an earlier release, which locked this file; the lock is on the journal now.
        self.lock = self.path / "lock"
        self.spec = self.path / "study.yaml"
        self.results = self.path / "results.csv"
        self.best = self.path / "best.json"
        self.trials = self.path / "trials"
        self._trials = str(self.trials)

    @property
    def written_at(self) -> float:
        """When the journal was written to last, in seconds since 1970; 0 if nobody can tell."""
        try:
            return self.journal.stat().st_mtime
        except OSError:
            return 0.0

    def trial(self, trial_id: int) -> "TrialFolder":
        """Return the paths of one trial."""
        return TrialFolder(f"{self._trials}/{trial_id}")

    def create(self) -> None:
        """Make the folder if it is missing.

        Raises:
            JournalError: it cannot be made or written to.
            StorageError: it cannot be made or written to now.
        """
        for left in reversed(range(_TRIES)):
            try:
                self.trials.mkdir(parents=True, exist_ok=True)
                if os.access(self.path, os.W_OK | os.X_OK):
                    self._ignore()
                    return
                _check_not_read_only(self.path)
            except OSError as error:
                if left and isinstance(error, (FileExistsError, FileNotFoundError)):
                    continue
                raise trouble(
                    f"make the study's folder {self.path}",
                    error,
                    f"give {spelled('study_dir')} a folder you may write to",
                ) from error
        raise JournalError(
            f"the study's folder {self.path} is not writable; "
            f"give {spelled('study_dir')} a folder you may write to"
        )

    def _ignore(self) -> None:
        """Keep the folder out of the user's git, unless a file says something else already."""
        with contextlib.suppress(OSError), (self.path / ".gitignore").open("x") as file:
            file.write("*\n")

    @property
    def has_trials(self) -> bool:
        """Whether any trial has a folder.

        Raises:
            JournalError: that cannot be seen.
            StorageError: it cannot be seen now.
        """
        try:
            return any(self.trials.iterdir())
        except OSError as error:
            raise trouble(
                f"read the folder {self.trials}", error, "see to it that you may read it"
            ) from error

    def set_aside(self, now: datetime) -> Path:
        """Rename the folder so that the study starts afresh; return where it went.

        Raises:
            JournalError: it cannot be renamed.
            StorageError: it cannot be renamed now.
        """
        stamp = now.astimezone().strftime("%Y%m%d-%H%M%S")
        aside = self.path.with_name(f"{self.path.name}.old-{stamp}")
        number = 1
        try:
            while aside.exists():
                number += 1
                aside = self.path.with_name(f"{self.path.name}.old-{stamp}-{number}")
            self.path.rename(aside)
        except OSError as error:
            raise trouble(
                f"keep the earlier study aside, {self.path} as {aside.name}",
                error,
                "rename it yourself, or give this study another name",
            ) from error
        return aside


def is_set_aside(name: str) -> bool:
    """Tell whether a folder's name is one that a study got from `set_aside`."""
    return _SET_ASIDE.search(name) is not None


def _check_not_read_only(path: Path) -> None:
    if os.statvfs(path).f_flag & os.ST_RDONLY:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def holds_study(path: str) -> bool:
    """Tell whether there is a study in a folder."""
    return StudyFolder(Path(path).parent, Path(path).name).journal.exists()


class Place:
    """A place in a trial's folder, as a path: most of them are not asked for in a trial."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, folder: None, owner: type) -> Self: ...
    @overload
    def __get__(self, folder: "TrialFolder", owner: type) -> str: ...

    def __get__(self, folder: "TrialFolder | None", owner: type) -> Self | str:
        """Return the path."""
        return self if folder is None else f"{folder.path}/{self._name}"


class TrialFolder:
    """The paths of one trial, as strings, since they are made for every trial."""

    __slots__ = ("path",)

    note = Place("launch.json")
    script = Place("trial.sh")
    cleanup = Place("cleanup.sh")
    cleanup_exit = Place("cleanup.exit")
    cleanup_log = Place("cleanup.log")
    params = Place(PARAMS)
    proposed = Place(PROPOSED)
    drawn = Place(DRAWN)
    reports = Place(REPORTS)
    stdout = Place("stdout.log")
    stderr = Place("stderr.log")
    exit = Place("exit")
    attempts = Place("attempts")
    metric = Place("metric")
    checkpoint = Place("checkpoint")
    scratch = Place("scratch")

    def __init__(self, path: str) -> None:
        self.path = path

    def holds(self, path: str) -> bool:
        """Tell whether a path, without `..`, leads into this folder."""
        return path.startswith(f"{self.path}/")
