"""`automl logs`: what a trial printed, and what it goes on to print."""

import sys
import time
from pathlib import Path

import click

from automl.cli.completion.of_study import trials_in
from automl.cli.documents import json_option, print_document
from automl.cli.printed import Printed
from automl.cli.study_names import chosen, known_trial, trial_ids, words_argument
from automl.errors import AutomlError
from automl.studies.study import Study

_PAUSE_S = 0.2


@click.command()
@words_argument("[NAME] ID", complete=trials_in())
@click.option("-f", "--follow", is_flag=True, help="Go on until the trial has ended.")
@click.option("--stderr", is_flag=True, help="Show its standard error instead.")
@json_option
def command(
    *, words: tuple[str, ...], study_dir: str | None, follow: bool, stderr: bool, as_json: bool
) -> None:
    """Show what a trial printed to its standard output.

    Example: automl logs digits 7 -f

    With -f and --json, the document comes when the trial has ended.
    """
    name, (trial_id,) = trial_ids(words, 1)
    study = chosen(name, study_dir)
    known_trial(study, trial_id)
    paths = study.folder.trial(trial_id)
    path = Path(paths.stderr if stderr else paths.stdout)
    if not follow and not path.exists():
        raise AutomlError(f"trial {trial_id} has printed nothing: there is no {path}")
    text = bytearray()
    printed = Printed(path, text.extend if as_json else sys.stdout.buffer.write)
    while printed.more() or (follow and not _has_ended(study, trial_id)):
        sys.stdout.flush()
        time.sleep(_PAUSE_S * follow)
    printed.more()
    if as_json:
        print_document(
            study=study.folder.path.name,
            trial=trial_id,
            state=str(known_trial(study, trial_id).state),
            file=str(path),
            text=text.decode("utf-8", "replace"),
        )


def _has_ended(study: Study, trial_id: int) -> bool:
    """Tell whether a trial prints no more, also where nothing runs its study."""
    trials = {one.id: one for one in study.trials}
    return trials[trial_id].state.finished or study.state != "running"
