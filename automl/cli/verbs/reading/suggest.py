"""`automl suggest`: what the search would try next."""

import logging

import click

from automl.cli.documents import json_option, print_document
from automl.cli.exits import WELL, WITHOUT_VALUE
from automl.cli.study_names import chosen, study_argument
from automl.clock import SystemClock
from automl.logs import LOGGER_NAME
from automl.show.lines import with_params
from automl.studies.next_trials.suggestions import Suggestion, Suggestions, suggestions
from automl.studies.study import Study


@click.command()
@study_argument
@click.option(
    "-n",
    "--count",
    metavar="N",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How many trials to show, as if so many could start now.",
)
@json_option
def command(*, name: str | None, study_dir: str | None, count: int, as_json: bool) -> int:
    """Show what the search would try next, and the command of each trial; nothing is started.

    Example: automl suggest digits -n 3

    The journal is read and nothing is changed: the study itself will try the same values, unless
    more results are in by then.
    """
    study = chosen(name, study_dir)
    # What lines of the log would say of requests that wait, the answer does.
    logging.getLogger(LOGGER_NAME).addHandler(logging.NullHandler())
    found = suggestions(study, count, SystemClock())
    if as_json:
        _print_document(study, found)
    else:
        _print(found)
    return WELL if found.new else WITHOUT_VALUE


def _print(found: Suggestions) -> None:
    for one in found.earlier:
        told = f"first: trial {one.trial.id} ({one.why})"
        click.echo(with_params(told, ": ", one.trial.planned))
    for new in found.new:
        told = with_params(f"trial {new.trial.id}", ": ", new.trial.planned)
        click.echo(f"{told}{_stage(new)}")
        if new.command:
            click.echo(f"  {new.command}")
    if found.reason:
        click.echo(f"{'no more' if found.new else 'no new trial'}: {found.reason}")
    for note in found.notes:
        click.echo(f"note: {note}")


def _stage(new: Suggestion) -> str:
    """Return how far a trial trains first, and from what it goes on, where that is limited."""
    stage, source = new.trial.stage, new.trial.source
    budget = "" if stage.budget is None else f"budget {stage.budget:g}"
    origin = f"from the checkpoint of trial {source}" if source >= 0 else ""
    facts = ", ".join(filter(None, (budget, origin)))
    return f" ({facts})" if facts else ""


def _print_document(study: Study, found: Suggestions) -> None:
    print_document(
        study=study.folder.path.name,
        state=study.state,
        algorithm=found.algorithm,
        suggestions=[
            {
                "trial": new.trial.id,
                "params": new.trial.planned,
                "budget": new.trial.stage.budget,
                "source": new.trial.source if new.trial.source >= 0 else None,
                "command": new.command,
            }
            for new in found.new
        ],
        earlier=[
            {"trial": one.trial.id, "params": one.trial.planned, "why": one.why}
            for one in found.earlier
        ],
        reason=found.reason,
        notes=found.notes,
    )
