"""`automl check`: whether a study would get numbers, before hours are spent on it."""

from typing import Any

import click

from automl import logs
from automl.cli.checking.asked import asked_report
from automl.cli.checking.reported import reported
from automl.cli.completion.paths import files
from automl.cli.run.foreign_words import FOREIGN
from automl.cli.run.keyword_options import keyword_options
from automl.cli.run.study_command import DESCRIBING, StudyCommand
from automl.cli.run.typed import typed_of


@click.pass_context
def _check(ctx: click.Context, /, **values: Any) -> int:  # noqa: ANN401 - as click read them
    r"""Run one trial in a temporary folder, and tell whether a study would get numbers.

    \b
    Examples:
      automl check --maximize val_acc -p --lr=1e-5..1e-1:log -- python train.py
      automl check study.yaml --for 5m
      automl check script.py
      automl check --maximize val_acc --log train.log
      automl check study.yaml --trial digits 7

    No study is made, and all that runs is ended. The exit code is 0 if a study would get numbers, 1
    if not, 4 if there was none yet in the time.
    """
    logs.ensure_handler()
    typed = typed_of(ctx.meta.get("words", []), values)
    return reported(asked_report(typed, values), as_json=values["as_json"])


_OWN: list[click.Parameter] = [
    click.Option(
        ["--for", "limit"], metavar="TIME", help="How long the trial may run; 60s if not given."
    ),
    click.Option(
        ["--log"],
        metavar="FILE",
        shell_complete=files,
        help="Run nothing: read FILE in place of a trial's output.",
    ),
    click.Option(
        ["--trial"],
        nargs=2,
        type=(str, int),
        metavar="NAME ID",
        help="Run nothing: read what a trial of a study left.",
    ),
    click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON document."),
]

command = StudyCommand(
    "check",
    callback=_check,
    params=[*DESCRIBING, *FOREIGN, *_OWN, *keyword_options()],
    help=_check.__doc__,
)
