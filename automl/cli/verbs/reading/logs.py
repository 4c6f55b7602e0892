"""`automl logs`: what a trial printed, and what it goes on to print."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from automl.cli.study_names import chosen, known_trial, trial_ids, words_argument
from automl.errors import AutomlError
from automl.studies.study import Study

_PAUSE_S = 0.2
_BLOCK_BYTES = 1 << 16


@click.command()
@words_argument("[NAME] ID")
@click.option("-f", "--follow", is_flag=True, help="Go on until the trial has ended.")
@click.option("--stderr", is_flag=True, help="Show its standard error instead.")
def command(*, words: tuple[str, ...], study_dir: str | None, follow: bool, stderr: bool) -> None:
    """Show what a trial printed to its standard output.

    Example: automl logs digits 7 -f
    """
    name, (trial_id,) = trial_ids(words, 1)
    study = chosen(name, study_dir)
    known_trial(study, trial_id)
    paths = study.folder.trial(trial_id)
    path = Path(paths.stderr if stderr else paths.stdout)
    if not follow and not path.exists():
        raise AutomlError(f"trial {trial_id} has printed nothing: there is no {path}")
    printed = Printed(path, sys.stdout.buffer.write)
    while printed.more() or (follow and not _has_ended(study, trial_id)):
        sys.stdout.flush()
        time.sleep(_PAUSE_S * follow)
    printed.more()


class Printed:
    """Passes on what a file gains, from its beginning; a file that is new is begun anew.

    Args:
        path: the file, which need not be there yet.
        write: takes each piece.
    """

    def __init__(self, path: Path, write: Callable[[bytes], object]) -> None:
        self._path = path
        self._write = write
        self._offset = 0
        self._file_id = 0

    def more(self) -> bool:
        """Pass on what the file has gained; return whether that was anything."""
        try:
            with self._path.open("rb") as file:
                self._begin_anew_if_another(file.fileno())
                file.seek(self._offset)
                before = self._offset
                while piece := file.read(_BLOCK_BYTES):
                    self._write(piece)
                    self._offset += len(piece)
        except FileNotFoundError:
            return False
        return self._offset > before

    def _begin_anew_if_another(self, file: int) -> None:
        """Go back to the beginning where another attempt's file is there, or it was cut."""
        status = os.fstat(file)
        if status.st_ino != self._file_id or status.st_size < self._offset:
            self._offset = 0
        self._file_id = status.st_ino


def _has_ended(study: Study, trial_id: int) -> bool:
    """Tell whether a trial prints no more, also where nothing runs its study."""
    trials = {one.id: one for one in study.trials}
    return trials[trial_id].state.finished or study.state != "running"
