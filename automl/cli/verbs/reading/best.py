"""`automl best`: the best trial of a study, its parameters and the command to paste."""

import json
import shlex

import click

from automl.cli.applying import apply_to, difference
from automl.cli.completion.paths import files
from automl.cli.documents import json_option, objective_fields, print_document, trial_fields
from automl.cli.study_names import chosen, study_argument
from automl.errors import AutomlError
from automl.show.fitting import FURTHER_SHOWN
from automl.show.lines import one_line, ranked, value_text
from automl.studies.study import Study
from automl.studies.telling.best import BY_CALLER
from automl.study.objective import Objectives
from automl.study.trial import Trial


@click.command()
@study_argument
@click.option(
    "--apply",
    "file",
    metavar="FILE",
    shell_complete=files,
    help="Write its values into a config file, at the paths that the study has for them; the "
    "difference is shown before.",
)
@click.option("--yes", is_flag=True, help="With --apply: do not ask.")
@json_option
def command(
    *, name: str | None, study_dir: str | None, file: str | None, yes: bool, as_json: bool
) -> None:
    r"""Show the best trial of a study: its value, its parameters and the command to paste.

    \b
    Examples:
      automl best digits
      automl best digits --apply conf.yaml
    """
    study = chosen(name, study_dir)
    trial, objectives = study.best_trial, study.objectives
    if file is not None:
        _apply(study, trial, file, yes=yes, as_json=as_json)
        return
    line, script = command_of(study, trial), script_of(study, trial)
    if as_json:
        print_document(
            study=study.folder.path.name,
            **objective_fields(objectives),
            trial=trial_fields(trial),
            command=line,
            script=script,
        )
        return
    click.echo(f"trial {trial.id}, {objectives.name} {value_text(ranked(trial, objectives))}")
    width = max(map(len, map(one_line, trial.params)), default=0)
    for param, value in trial.params.items():
        click.echo(f"  {one_line(param):{width}}  {value_text(value)}")
    if beside := further_text(trial, objectives):
        click.echo(f"metrics: {beside}")
    # Of a function, the command is what its script does, and no more.
    if line and line.partition(" ")[2] != script.partition(" ")[2]:
        click.echo(f"again: {line}")
    click.echo(f"as it ran, environment included: {script}" if script else BY_CALLER)


def _apply(study: Study, trial: Trial, file: str, *, yes: bool, as_json: bool) -> None:
    found = apply_to(study, trial, file, yes=yes, shown=not as_json)
    if as_json:
        print_document(
            study=study.folder.path.name,
            trial=trial_fields(trial),
            file=str(found.path),
            changed=found.before != found.after,
            difference=difference(found, file),
            left=list(found.left),
        )


def further_text(trial: Trial, objectives: Objectives) -> str:
    """Return the other metrics of a trial than the one that ranks it, few of many."""
    names = [name for name in trial.metrics if name != objectives.name]
    told = [f"{one_line(name)} {value_text(trial.metrics[name])}" for name in names]
    more = [f"{len(told) - FURTHER_SHOWN} more (automl results --csv)"] * (
        len(told) > FURTHER_SHOWN
    )
    return ", ".join([*told[:FURTHER_SHOWN], *more])


def command_of(study: Study, trial: Trial) -> str:
    """Return the line that runs the best trial again; empty where the study did not leave it."""
    try:
        told = json.loads(study.folder.best.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError | ValueError):
            return ""
        raise AutomlError(f"{study.folder.best} cannot be read: {error}") from error
    # The file is written a moment after the trial has ended.
    if not isinstance(told, dict) or told.get("trial") != trial.id:
        return ""
    return str(told.get("command", ""))


def script_of(study: Study, trial: Trial) -> str:
    """Return the line that runs the script of a trial by hand; empty where it has none."""
    if trial.asked:
        return ""
    return f"sh {shlex.quote(study.folder.trial(trial.id).script)}"
