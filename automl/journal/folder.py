"""The study's folder: which file is where."""

import os
from datetime import datetime
from pathlib import Path

from automl.errors import JournalError

CONTROL_NAME = "control.jsonl"
"""The control file's name in the study's folder."""


class StudyFolder:
    """The paths of one study below `study_dir/name`."""

    def __init__(self, study_dir: Path, name: str) -> None:
        self.path = study_dir / name
        self.journal = self.path / "journal.jsonl"
        self.control = self.path / CONTROL_NAME
        self.lock = self.path / "lock"
        self.spec = self.path / "study.yaml"
        self.trials = self.path / "trials"

    def trial(self, trial_id: int) -> "TrialFolder":
        """Return the paths of one trial."""
        return TrialFolder(f"{self.trials}/{trial_id}")

    def create(self) -> None:
        """Make the folder if it is missing.

        Raises:
            JournalError: it cannot be made or written to.
        """
        try:
            self.trials.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JournalError(
                f"cannot make the study's folder {self.path}: {error.strerror}; "
                "give study_dir= a folder you may write to"
            ) from error
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise JournalError(
                f"the study's folder {self.path} is not writable; "
                "give study_dir= a folder you may write to"
            )

    def set_aside(self, now: datetime) -> Path:
        """Rename the folder so that the study starts afresh; return where it went.

        Raises:
            JournalError: it cannot be renamed.
        """
        stamp = now.astimezone().strftime("%Y%m%d-%H%M%S")
        aside = self.path.with_name(f"{self.path.name}.old-{stamp}")
        number = 1
        while aside.exists():
            number += 1
            aside = self.path.with_name(f"{self.path.name}.old-{stamp}-{number}")
        try:
            self.path.rename(aside)
        except OSError as error:
            raise JournalError(
                f"cannot keep the earlier study aside, {self.path} as {aside.name}: "
                f"{error.strerror}; rename it yourself, or give this study another name"
            ) from error
        return aside


class TrialFolder:
    """The paths of one trial, as strings, since they are made for every trial."""

    __slots__ = ("attempts", "checkpoint", "exit", "params", "path", "script", "stderr", "stdout")

    def __init__(self, path: str) -> None:
        self.path = path
        self.script = f"{path}/trial.sh"
        self.params = f"{path}/params.json"
        self.stdout = f"{path}/stdout.log"
        self.stderr = f"{path}/stderr.log"
        self.exit = f"{path}/exit"
        self.attempts = f"{path}/attempts"
        self.checkpoint = f"{path}/checkpoint"
