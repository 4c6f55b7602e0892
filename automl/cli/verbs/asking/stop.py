"""`automl stop`: stop trials of a running study, or all of it."""

from functools import partial

import click

from automl.cli.answers import answer_options, ask
from automl.cli.completion.of_study import trials_in
from automl.cli.study_names import chosen, trial_ids, words_argument
from automl.engine.requests import STOPPABLE


@click.command()
@words_argument("[NAME] [ID]...", complete=trials_in(STOPPABLE))
@click.option("--all", "everything", is_flag=True, help="Stop what runs, and end the study.")
@answer_options
def command(
    *,
    words: tuple[str, ...],
    study_dir: str | None,
    everything: bool,
    timeout_s: float,
    as_json: bool,
) -> int:
    """Stop trials by their ids; each ends as stopped, with the value it has.

    Example: automl stop digits 3 7

    With --all the study ends, too; the command that started it goes on with it.
    """
    if everything:
        if len(words) > 1:
            raise click.UsageError("with --all, give no ids of trials")
        study = chosen(words[0] if words else None, study_dir)
        return ask(study, [study.stop], timeout_s=timeout_s, as_json=as_json)
    name, ids = trial_ids(words)
    study = chosen(name, study_dir)
    requests = [partial(study.stop_trial, one) for one in ids]
    return ask(study, requests, timeout_s=timeout_s, as_json=as_json)
