"""Removing a study with all that its trials left."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from automl.errors import AutomlError
from automl.journal.lock import StudyLock
from automl.journal.tail import Tail
from automl.studies.on_disk.unattended import Became, became
from automl.studies.study import Study


def remove(study: Study, agree: Callable[[], object] = lambda: None) -> int:
    """Remove a study; return how many trials it had.

    Args:
        study: the study, whose folder is no link.
        agree: is called before anything goes, and may raise to keep it.

    Raises:
        StudyBusyError: it runs.
        AutomlError: its folder is a link, a trial of it may still run, or it cannot be removed.
    """
    path = study.folder.path
    check_no_link(path)
    lock = StudyLock(study.folder)
    try:
        _check_nothing_runs(study)
        agree()
        trials = len(study.trials)
        _remove(path)
    finally:
        lock.release()
    return trials


def check_no_link(path: Path) -> None:
    """Raise AutomlError if the folder of a study is a link, whose end is somebody else's."""
    if path.is_symlink():
        raise AutomlError(f"{path} is a link to {path.resolve()}; give the path of that folder")


def _check_nothing_runs(study: Study) -> None:
    """Refuse a study whose controller left trials running, or may have.

    Raises:
        AutomlError: one does.
    """
    state = Tail(study.folder.journal).look()
    for trial in state.trials.values():
        if trial.launched and became(trial, study.folder, state.uid) is Became.RUNS:
            raise AutomlError(
                f"trial {trial.id} of the study {study.folder.path.name!r} may still run; start "
                "the study again, which takes it up or ends it, and end that one first"
            )


def _remove(path: Path) -> None:
    """Remove the folder; what is half removed is no study any more, and says so by its name."""
    gone = path.with_name(f".{path.name}.removed-{os.getpid()}")
    try:
        path.rename(gone)
        shutil.rmtree(gone)
    except OSError as error:
        left = f"; what is left is in {gone}" if gone.exists() else ""
        raise AutomlError(f"cannot remove {path}: {error.strerror or error}{left}") from error
