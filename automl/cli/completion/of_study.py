"""What a study offers at TAB: ids of its trials, its parameters, its columns, its limits."""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeAlias

import click
from click.shell_completion import CompletionItem

from automl.cli.study_names import chosen, complete_study
from automl.errors import AutomlError
from automl.journal.folder import place_of
from automl.journal.tail import Tail
from automl.search.learnt.names import space_of
from automl.show.lines import short, value_text, with_params
from automl.space.parameter import Parameter
from automl.studies.on_disk.several import studies_in
from automl.studies.study import Study
from automl.study.description import space_from
from automl.study.objective import Objectives
from automl.study.trial import Trial, TrialState

Offered: TypeAlias = list[CompletionItem[str]]

Completer: TypeAlias = Callable[[click.Context, click.Parameter, str], Offered]
"""From what is typed to what is offered for the last word."""

_MOST_VALUES = 50
"""Of a parameter with more of them, none is offered."""


def trials_in(states: Collection[TrialState] = frozenset(TrialState)) -> Completer:
    """Return what offers the ids of trials in some states, behind a NAME or in its place."""

    def complete(ctx: click.Context, param: click.Parameter, begun: str) -> Offered:
        words = _words(ctx)
        named = words[:1] if words and not words[0].isdecimal() else []
        found = [
            CompletionItem(str(one.id), help=_told(one, study.objectives))
            for study in _studies(ctx, named)
            for one in study.trials
            if one.state in states and str(one.id) not in words[len(named) :]
        ]
        names = [] if words else complete_study(ctx, param, begun)
        return [*names, *_beginning(found, begun)]

    return complete


def parameters(ctx: click.Context, param: click.Parameter, begun: str) -> Offered:
    """Offer `lr=` for each parameter that has no value yet, and behind it the values."""
    words = _words(ctx)
    named = words[:1] if words and "=" not in words[0] else []
    given = {word.partition("=")[0] for word in words[len(named) :]}
    found = [
        CompletionItem(text, help=one.allowed)
        for study in _studies(ctx, named)
        for one in _space(study)
        if not given & set(one.names)
        for text in _assignments(one, begun)
    ]
    names = [] if words else complete_study(ctx, param, begun)
    return [*names, *_beginning(found, begun)]


def columns(ctx: click.Context, param: click.Parameter, begun: str) -> Offered:
    """Offer the names of columns of the table, also behind a comma."""
    del param
    before, comma, last = begun.rpartition(",")
    taken = before.split(",")
    known = studies_in(place_of(ctx.params.get("study_dir")))
    named = [word for word in ctx.obj[1:] if word in known or os.sep in word]
    found = [
        CompletionItem(f"{before}{comma}{column}", help=group)
        for study in _studies(ctx, named)
        for group, column in study.columns(full=True)
        if column not in taken and column.startswith(last)
    ]
    return _beginning(found, begun)


def settings_of(names: Sequence[str]) -> Completer:
    """Return what offers `name=` for some names behind a NAME."""

    def complete(ctx: click.Context, param: click.Parameter, begun: str) -> Offered:
        words = _words(ctx)
        given = {word.partition("=")[0] for word in words}
        found = [CompletionItem(f"{name}=") for name in names if name not in given]
        return [*([] if words else complete_study(ctx, param, begun)), *_beginning(found, begun)]

    return complete


def _words(ctx: click.Context) -> list[str]:
    return list(ctx.params.get("words") or ())


def _studies(ctx: click.Context, named: Sequence[str]) -> Iterator[Study]:
    """Give the study that is meant, if there is one that can be read."""
    try:
        study = chosen(named[0] if named else None, ctx.params.get("study_dir"))
        study.trials  # noqa: B018 - reads the journal
    except (AutomlError, click.UsageError):
        return
    yield study


def _space(study: Study) -> Sequence[Parameter]:
    now = Tail(study.folder.journal).look()
    if now.latest is None:
        return ()
    return space_of(space_from(now.latest.study), now.trials.values()).parameters


def _assignments(parameter: Parameter, begun: str) -> Iterator[str]:
    """Give `opt=` until it is typed, then `opt=adam` for each value that can be listed."""
    for name in parameter.names:
        if not begun.startswith(f"{name}="):
            yield f"{name}="
        elif len(parameter.names) == 1 and (parameter.count or _MOST_VALUES + 1) <= _MOST_VALUES:
            for place in range(parameter.count or 0):
                yield f"{name}={value_text(parameter.value_at(place))}"


def _told(trial: Trial, objectives: Objectives) -> str:
    value = "" if trial.value is None else f", {objectives.name} {trial.value:.6g}"
    return with_params(f"{trial.state}{value}", ": ", short(trial.params))


def _beginning(found: Sequence[CompletionItem[str]], begun: str) -> Offered:
    return [one for one in found if one.value.startswith(begun)]
