"""`automl rm`: remove a study and all that its trials left."""

import sys

import click

from automl.cli.documents import json_option, print_document
from automl.cli.study_names import chosen, complete_study, study_dir_option
from automl.journal.disk.size import FolderSize
from automl.show.lines import one_line
from automl.streams import is_terminal
from automl.studies.on_disk.removal import check_no_link, remove
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
    check_no_link(path)
    if not (yes or is_terminal(sys.stdin)):
        raise click.UsageError("--yes is needed where nobody can be asked, as stdin is no terminal")

    def ask() -> None:
        click.confirm(f"remove {_what(study)}?", abort=True, err=True)

    trials = remove(study) if yes else remove(study, ask)
    if as_json:
        print_document(study=path.name, folder=str(path), trials=trials)
    else:
        click.echo(f"removed {one_line(str(path))}")


def _what(study: Study) -> str:
    """Return what goes, in a few words."""
    size_bytes, whole = FolderSize(study.folder.path).known(_SIZE_S)
    size = f"{'' if whole else 'over '}{size_text(size_bytes)}"
    count = len(study.trials)
    return f"{study.folder.path} with {count} trial{'s' * (count != 1)}, {size}"
