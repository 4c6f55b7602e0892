"""`--apply FILE`: the values of the best trial in a config file, shown before they are written."""

import difflib
import sys

import click

from automl.streams import is_terminal
from automl.studies.applied import Applied, applied
from automl.studies.on_disk.progress import spec_on_disk
from automl.studies.study import Study
from automl.study.trial import Trial

_CONTEXT = 1
"""So many lines are shown around a change."""


def apply_to(study: Study, trial: Trial, file: str, *, yes: bool, shown: bool) -> Applied:
    """Write a trial's values into a config file, after showing the difference and asking.

    Args:
        study: the trial's.
        trial: which.
        file: the file.
        yes: whether nobody is asked.
        shown: whether the difference is printed.

    Raises:
        SpecError: they cannot be put there.
        AutomlError: the file cannot be written.
    """
    found = applied(spec_on_disk(study.folder), trial.params, file)
    if shown:
        _show(found, file, trial)
    if found.before != found.after:
        if not yes and not is_terminal(sys.stdin):
            why = "nobody can be asked, as stdin is no terminal"
            raise click.UsageError(f"--yes is needed where {why}; nothing was written")
        if not yes:
            click.confirm(f"write this into {file}?", abort=True, err=True)
        found.write()
        if shown:
            click.echo(f"{file} is written")
    return found


def _show(found: Applied, file: str, trial: Trial) -> None:
    click.echo(difference(found, file), nl=False)
    if found.before == found.after:
        click.echo(f"{file} has the values of trial {trial.id} already")
    if found.left:
        click.echo(f"left as it is, as it is no parameter's value: {', '.join(found.left)}")
    if found.is_base and found.before != found.after:
        click.echo(
            f"the study's trials are made from {file}: with another content of it, no trial can "
            "be added or run again (automl run --name NAME begins another study)"
        )


def difference(found: Applied, file: str) -> str:
    """Return what changes of a file, line by line, as `diff -u` tells it."""
    before, after = (text.splitlines(keepends=True) for text in (found.before, found.after))
    made = difflib.unified_diff(before, after, file, f"{file} (with the values)", n=_CONTEXT)
    return "".join(one if one.endswith("\n") else f"{one}\n" for one in made)
