"""`automl rm`: remove a study and all that its trials left."""

import os
import shutil
import sys

import click

from automl.cli.documents import json_option, print_document
from automl.cli.study_names import chosen, complete_study, study_dir_option
from automl.errors import AutomlError
from automl.journal.disk.size import FolderSize
from automl.journal.lock import StudyLock
from automl.journal.tail import Tail
from automl.show.lines import one_line
from automl.streams import is_terminal
from automl.studies.on_disk.unattended import Became, became
from automl.studies.study import Study
from automl.study.resources import size_text

_SIZE_S = 2.0


@click.command()
@click.argument("name", shell_complete=complete_study)
@study_dir_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def command(*, name: str, study_dir: str | None, yes: bool, as_json: bool) -> None:
    """Remove a study with all that its trials left. It asks before; a running one stays.

    Example: automl rm digits
    """
    study = chosen(name, study_dir)
    path = study.folder.path
    if path.is_symlink():
        raise AutomlError(f"{path} is a link to {path.resolve()}; give the path of that folder")
    if not (yes or is_terminal(sys.stdin)):
        raise click.UsageError("--yes is needed where nobody can be asked, as stdin is no terminal")
    lock = StudyLock(study.folder)
    try:
        _check_nothing_runs(study)
        if not yes:
            click.confirm(f"remove {_what(study)}?", abort=True, err=True)
        trials = len(study.trials)
        _remove(study)
    finally:
        lock.release()
    if as_json:
        print_document(study=path.name, folder=str(path), trials=trials)
    else:
        click.echo(f"removed {one_line(str(path))}")


def _check_nothing_runs(study: Study) -> None:
    """Refuse a study whose controller left trials running, or may have.

    Raises:
        AutomlError: one does.
    """
    state = Tail(study.folder.journal).look()
    for trial in state.trials.values():
        if trial.state.launched and became(trial, study.folder, state.uid) is Became.RUNS:
            raise AutomlError(
                f"trial {trial.id} of the study {study.folder.path.name!r} may still run; start "
                "the study again, which takes it up or ends it, and end that one first"
            )


def _what(study: Study) -> str:
    """Return what goes, in a few words."""
    size_bytes, whole = FolderSize(study.folder.path).known(_SIZE_S)
    size = f"{'' if whole else 'over '}{size_text(size_bytes)}"
    count = len(study.trials)
    return f"{study.folder.path} with {count} trial{'s' * (count != 1)}, {size}"


def _remove(study: Study) -> None:
    """Remove the folder; what is half removed is no study any more, and says so by its name."""
    path = study.folder.path
    gone = path.with_name(f".{path.name}.removed-{os.getpid()}")
    try:
        path.rename(gone)
        shutil.rmtree(gone)
    except OSError as error:
        left = f"; what is left is in {gone}" if gone.exists() else ""
        raise AutomlError(f"cannot remove {path}: {error.strerror or error}{left}") from error
