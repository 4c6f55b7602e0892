"""`automl set`: change a limit of a running study."""

from functools import partial

import click

from automl.cli.answers import answer_options, ask
from automl.cli.completion.of_study import settings_of
from automl.cli.study_names import chosen, settings, words_argument
from automl.registry import did_you_mean

_KNOWN = ("max_parallel", "max_trial_num")


@click.command()
@words_argument("[NAME] LIMIT=NUMBER...", complete=settings_of(_KNOWN))
@answer_options
def command(
    *, words: tuple[str, ...], study_dir: str | None, timeout_s: float, as_json: bool
) -> int:
    """Change max_parallel, how many trials run at once, or max_trial_num, how many there are.

    Example: automl set digits max_parallel=8
    """
    name, given = settings(words)
    limits = {key: _number(key, text) for key, text in given.items()}
    if not limits:
        raise click.UsageError(f"give LIMIT=NUMBER; limits: {', '.join(_KNOWN)}")
    study = chosen(name, study_dir)
    setters = {"max_parallel": study.set_max_parallel, "max_trial_num": study.set_max_trial_num}
    requests = [partial(setters[key], number) for key, number in limits.items()]
    return ask(study, requests, timeout_s=timeout_s, as_json=as_json)


def _number(limit: str, text: str) -> int:
    if limit not in _KNOWN:
        near = did_you_mean(limit, _KNOWN)
        raise click.UsageError(f"there is no limit {limit!r}{near}; limits: {', '.join(_KNOWN)}")
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise click.UsageError(f"{limit} must be a whole number from 1, got {text!r}")
    return int(text)
