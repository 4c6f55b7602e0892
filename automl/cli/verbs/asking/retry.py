"""`automl retry`: launch trials that did not complete again."""

from functools import partial

import click

from automl.cli.answers import answer_options, ask
from automl.cli.completion.of_study import trials_in
from automl.cli.study_names import chosen, trial_ids, words_argument
from automl.engine.requests import RETRIABLE


@click.command()
@words_argument("[NAME] [ID]...", complete=trials_in(RETRIABLE))
@click.option("--failed", is_flag=True, help="Launch all that failed again.")
@answer_options
def command(
    *,
    words: tuple[str, ...],
    study_dir: str | None,
    failed: bool,
    timeout_s: float,
    as_json: bool,
) -> int:
    """Launch failed, stopped or pruned trials again, with their ids and values.

    Example: automl retry digits 3 7
    """
    if failed:
        if len(words) > 1:
            raise click.UsageError("with --failed, give no ids of trials")
        study = chosen(words[0] if words else None, study_dir)
        return ask(study, [study.retry_failed], timeout_s=timeout_s, as_json=as_json)
    name, ids = trial_ids(words)
    study = chosen(name, study_dir)
    requests = [partial(study.retry_trial, one) for one in ids]
    return ask(study, requests, timeout_s=timeout_s, as_json=as_json)
