"""`automl diff`: in what two trials differ."""

import click

from automl.cli.completion.of_study import trials_in
from automl.cli.documents import json_option, print_document, trial_fields
from automl.cli.study_names import chosen, known_trial, trial_ids, words_argument
from automl.show.fitting import FURTHER_SHOWN
from automl.show.layout import Column, layout
from automl.show.lines import duration_text, one_line, value_text
from automl.study.trial import Trial

_MISSING = "-"


@click.command()
@words_argument("[NAME] ID ID", complete=trials_in())
@json_option
def command(*, words: tuple[str, ...], study_dir: str | None, as_json: bool) -> None:
    """Show in what two trials differ: their parameters, what they reached, how they ended.

    Example: automl diff digits 3 7
    """
    name, ids = trial_ids(words, 2)
    study = chosen(name, study_dir)
    left, right = (known_trial(study, one) for one in ids)
    params = differing(left, right)
    if as_json:
        print_document(
            study=study.folder.path.name,
            trials=[trial_fields(left), trial_fields(right)],
            params=params,
        )
        return
    rows = [(name, _text(left, name), _text(right, name)) for name in params]
    rows += _facts(left, right, study.objectives.name)
    columns = [
        Column(group="", name="", cells=[one_line(row[0]) for row in rows], left=True),
        Column(group="", name=f"trial {left.id}", cells=[row[1] for row in rows], left=True),
        Column(group="", name=f"trial {right.id}", cells=[row[2] for row in rows], left=True),
    ]
    for line in layout([""] * len(rows), columns, 0)[1:]:
        click.echo(line.removeprefix("  "))
    same = len({**left.params, **right.params}) - len(params)
    if same:
        click.echo(f"({same} parameter{'s have' if same > 1 else ' has'} the same value in both)")


def differing(left: Trial, right: Trial) -> list[str]:
    """Return the names of the parameters whose values differ, types included."""
    return [
        name for name in {**left.params, **right.params} if _text(left, name) != _text(right, name)
    ]


def _text(trial: Trial, name: str) -> str:
    return value_text(trial.params[name]) if name in trial.params else _MISSING


def _facts(left: Trial, right: Trial, metric: str) -> list[tuple[str, str, str]]:
    """Return what became of both: what they are ranked by, their metrics, state and time."""
    pair = (left, right)
    facts = [(metric, [one.value for one in pair])]
    others = [name for name in {**left.metrics, **right.metrics} if name != metric]
    facts += [(one_line(name), [one.metrics.get(name) for one in pair]) for name in others]
    left_out = len(facts) - 1 - FURTHER_SHOWN
    rows = [
        (name, *(_MISSING if one is None else value_text(one) for one in values))
        for name, values in facts[: FURTHER_SHOWN + 1]
    ]
    if left_out > 0:
        rows.append((f"({left_out} more metrics)", "", ""))
    rows.append(("state", *(str(one.state) for one in pair)))
    rows.append(
        (
            "took",
            *(
                _MISSING if one.duration_s is None else duration_text(one.duration_s)
                for one in pair
            ),
        )
    )
    if any(one.reason for one in pair):
        rows.append(("reason", *(one_line(one.reason) or _MISSING for one in pair)))
    return [(row[0], row[1], row[2]) for row in rows]
