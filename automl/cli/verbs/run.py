"""`automl run`: a study from a command line, a study file, or both."""

import logging
from typing import Any

import click

from automl import logs
from automl.cli.completion.paths import files
from automl.cli.exits import WELL
from automl.cli.run.checked import checked, described_file, spelled_for
from automl.cli.run.foreign_words import FOREIGN
from automl.cli.run.keyword_options import keyword_options
from automl.cli.run.preview import preview_lines
from automl.cli.run.running import ran
from automl.cli.run.script import run_script
from automl.cli.run.study_command import DESCRIBING, StudyCommand
from automl.cli.run.typed import check_script, typed_of
from automl.studies.from_terminal import FROM_TERMINAL

logger = logging.getLogger("automl")


@click.pass_context
def _run(ctx: click.Context, /, **values: Any) -> int:  # noqa: ANN401 - as click read them
    r"""Tune a command, or run the study of a file, and go on with it the next time.

    \b
    Examples:
      automl run --maximize val_acc -n 40 -j 4 -p --lr=1e-5..1e-1:log \
                 -p --opt=adam,sgd -- python train.py --epochs 10
      automl run --minimize loss -p lr=0.01..1.0 -- ./train --rate {lr}
      automl run study.yaml --max-parallel 8
      automl run script.py
      automl run --space-file sweep.yaml
      automl run --space-file space.json --maximize acc -- python train.py
    """
    logs.ensure_handler()
    typed = typed_of(ctx.meta.get("words", []), values)
    if len(values["files"]) == 1 and values["files"][0].endswith(".py"):
        path = values["files"][0]
        check_script(path, typed, values, ("dry_run", "save_as"))
        return run_script(path, typed.keywords, quiet=values["quiet"])
    file, typed = described_file(values, typed)
    with spelled_for(file):
        study = checked(typed, file, values["save_as"])
        for warning in study.warnings:
            logger.warning("%s", warning)
        if values["dry_run"]:
            for line in preview_lines(study):
                click.echo(line)
            return WELL
        FROM_TERMINAL.begin({}, quiet=values["quiet"])
        try:
            return ran(study)
        finally:
            FROM_TERMINAL.quiet = False


_OWN: list[click.Parameter] = [
    click.Option(
        ["--dry-run"], is_flag=True, help="Show the first trials' commands; start nothing."
    ),
    click.Option(
        ["--save", "save_as"],
        metavar="FILE",
        shell_complete=files,
        help="Also write the study file that does the same.",
    ),
    click.Option(["--quiet"], is_flag=True, help="A line for each trial, as in CI and cron."),
]

command = StudyCommand(
    "run",
    callback=_run,
    params=[*DESCRIBING, *FOREIGN, *_OWN, *keyword_options()],
    help=_run.__doc__,
)
