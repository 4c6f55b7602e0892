"""`automl show`: how a study stands, what went wrong, and what to do next."""

import shlex
from collections import Counter
from pathlib import Path

import click

from automl.cli.documents import json_option, objective_fields, print_document, trial_fields
from automl.cli.study_names import chosen, study_argument
from automl.journal.folder import holds_study, place_of
from automl.journal.tail import Tail
from automl.loop.opening.same_study import is_asked_for
from automl.studies.on_disk.quickly_told import standing_of
from automl.studies.on_disk.standing import Standing
from automl.studies.study import Study
from automl.study.trial import TrialState


@click.command()
@study_argument
@json_option
def command(*, name: str | None, study_dir: str | None, as_json: bool) -> None:
    """Show how a study stands: its state, its trials, the best one, and what to do next.

    Example: automl show digits
    """
    study = chosen(name, study_dir)
    if not as_json:
        click.echo(study.summary)
    now = standing_of(study.folder)
    problem, following = went_wrong(study), next_command(now, study)
    if as_json:
        _print_document(study, now, problem, following)
        return
    if problem:
        click.echo(f"went wrong: {problem}")
    click.echo(f"next: {following}")


def went_wrong(study: Study) -> str:
    """Return what went wrong with the trial that failed last, empty where none did."""
    failed = [one for one in study.trials if one.state is TrialState.FAILED]
    if not failed:
        return ""
    last = failed[-1]
    count = f"{len(failed)} trials failed, the last one was" if len(failed) > 1 else "failed:"
    return f"{count} trial {last.id}: {last.reason or last.failure}"


def next_command(now: Standing, study: Study) -> str:
    """Return the command that a user of this study most likely wants next, or what to do."""
    word = shlex.quote(_word(study))
    if now.state == "running":
        return f"automl watch {word}"
    if now.state in {"died", "paused"} and _is_asked_for(study):
        return "start the program that asks for its trials"
    if now.state in {"died", "paused"}:
        return f"automl run {shlex.quote(_near(study.folder.spec))}"
    if now.totals and now.totals.best:
        return f"automl best {word}"
    failed = [one for one in study.trials if one.state is TrialState.FAILED]
    if failed:
        return f"automl logs {word} {failed[-1].id} --stderr"
    return f"automl results {word}"


def _is_asked_for(study: Study) -> bool:
    """Tell whether nothing but a program that asks for them begins trials."""
    latest = Tail(study.folder.journal).look().latest
    return latest is not None and is_asked_for(latest.study)


def _word(study: Study) -> str:
    """Return what names a study for a verb, here."""
    path = study.folder.path
    here = place_of(None) / path.name
    return path.name if here == path and holds_study(str(here)) else str(path)


def _near(path: Path) -> str:
    """Return a path from here, where it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _print_document(study: Study, now: Standing, problem: str, following: str) -> None:
    trials = study.trials
    print_document(
        study=now.folder.path.name,
        folder=str(now.folder.path),
        state=now.state,
        **objective_fields(study.objectives),
        trials=Counter(str(one.state) for one in trials),
        running=[trial_fields(one) for one in trials if one.state is TrialState.RUNNING],
        best=trial_fields(study.best_trial) if now.totals and now.totals.best else None,
        problem=problem,
        next=following,
    )
