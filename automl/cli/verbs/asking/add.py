"""`automl add`: try a combination of one's own, or more trials."""

import json
from collections.abc import Mapping
from typing import Any

import click

from automl.cli.answers import answer_options, ask
from automl.cli.completion.of_study import parameters
from automl.cli.study_names import chosen, settings, words_argument
from automl.errors import SpecError
from automl.journal.tail import Tail
from automl.search.learnt.names import space_of
from automl.space.cells import read_back
from automl.space.parameter import named
from automl.studies.study import Study
from automl.study.description import space_from


@click.command()
@words_argument("[NAME] [PARAMETER=VALUE]...", complete=parameters)
@click.option(
    "-n",
    "count",
    metavar="N",
    type=click.IntRange(min=1),
    help="Raise the limit by so many trials.",
)
@click.option("--note", default="", help="Why, in a line that the table shows.")
@answer_options
def command(
    *,
    words: tuple[str, ...],
    study_dir: str | None,
    count: int | None,
    note: str,
    timeout_s: float,
    as_json: bool,
) -> int:
    """Try the combination of these values, one for each parameter; or, with -n, more trials.

    Example: automl add digits lr=0.1 opt=adam --note 'larger batch'
    """
    name, given = settings(words)
    if bool(given) == (count is not None):
        raise click.UsageError("give PARAMETER=VALUE for each parameter, or -n COUNT")
    study = chosen(name, study_dir)
    if count is not None:
        request = lambda: study.add_trials(count)  # noqa: E731 - asks later
    else:
        request = lambda: study.add_trial(values_of(study, given), note=note)  # noqa: E731 - asks later
    return ask(study, [request], timeout_s=timeout_s, as_json=as_json)


def values_of(study: Study, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the values that texts stand for: what a parameter allows decides.

    Raises:
        SpecError: a parameter allows none of what a text may mean.
    """
    state = Tail(study.folder.journal).look()
    if state.latest is None:
        return dict(given)
    described = space_from(state.latest.study)
    space = space_of(described, state.trials.values())
    values: dict[str, Any] = dict(map(_plain, given.items()) if space.learnt else given)
    for parameter in space.parameters:
        if all(name in given for name in parameter.names):
            try:
                value = read_back(parameter, [given[name] for name in parameter.names])
            except ValueError as error:
                if space.learnt:
                    continue
                raise SpecError(str(error)) from error
            values |= named(parameter, value)
    return values


def _plain(given: tuple[str, str]) -> tuple[str, Any]:
    """Return a value that no trial has asked for: a number, true, false or null, else a text."""
    name, text = given
    try:
        value = json.loads(text)
    except ValueError:
        return name, text
    return name, text if isinstance(value, dict | list) else value
