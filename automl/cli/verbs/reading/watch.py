"""`automl watch`: the live view of a study that runs, from any terminal."""

import sys

import click

from automl.cli.changes import looks, tell_events, tell_lines
from automl.cli.documents import json_option
from automl.cli.ended import ending_well
from automl.cli.exits import WELL, WITHOUT_VALUE
from automl.cli.study_names import chosen, study_argument
from automl.clock import SystemClock
from automl.errors import AutomlError
from automl.journal.tail import Tail
from automl.show.live.alternate import AlternateScreen
from automl.show.live.view import LiveView
from automl.streams import is_terminal
from automl.studies.on_disk.progress import progress_of
from automl.studies.on_disk.recorded import recorded_spec
from automl.studies.study import Study

_HINT = "Ctrl-C ends this view; the study goes on"


@click.command()
@study_argument
@json_option
def command(*, name: str | None, study_dir: str | None, as_json: bool) -> int:
    """Watch a study until it ends; Ctrl-C ends the view, and the study goes on.

    Example: automl watch digits

    Where the output is no terminal, each change of a trial is a line; with --json, a document.
    """
    study = chosen(name, study_dir)
    if as_json:
        tell_events(study)
    elif is_terminal(sys.stdout):
        _view(study)
        click.echo(study.summary)
    else:
        tell_lines(study)
        click.echo(study.summary)
    return WELL if study.ok else WITHOUT_VALUE


def _view(study: Study) -> None:
    """Show the live view; a study that has ended is not shown."""
    if study.state != "running":
        return
    clock, terminal = SystemClock(), sys.stdout
    try:
        opening = Tail(study.folder.journal).look().latest
        spec = recorded_spec(study.folder.path.name, opening)
    except AutomlError as error:
        click.echo(f"there is no live view, so each change is a line: {error}", err=True)
        tell_lines(study)
        return
    view = LiveView(terminal)
    with ending_well(), AlternateScreen(terminal):
        view.start()
        try:
            for state in looks(study):
                view.show(progress_of(spec, state, clock.now(), _HINT))
        finally:
            view.stop()
