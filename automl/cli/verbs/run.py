"""`automl run`: a study from a command line, a study file, or both."""

import logging
import os
from collections.abc import Sequence
from typing import Any

import click

from automl import logs
from automl.cli.completion.paths import files
from automl.cli.exits import WELL
from automl.cli.run.checked import checked, file_of, spelled_for
from automl.cli.run.described import Typed
from automl.cli.run.keyword_options import given_keywords, keyword_options
from automl.cli.run.metrics import Asked
from automl.cli.run.preview import preview_lines
from automl.cli.run.running import ran
from automl.cli.run.script import run_script
from automl.errors import SpecError
from automl.studies.from_terminal import FROM_TERMINAL
from automl.studies.keywords import BY_NAME

logger = logging.getLogger("automl")


class RunCommand(click.Command):
    """A command whose words after `--` are another command, whatever they look like."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words after `--` aside, and read the others."""
        before = args
        if "--" in args:
            at = args.index("--")
            before, ctx.meta["words"] = args[:at], args[at + 1 :]
        return super().parse_args(ctx, before)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what follows the verb in the line on how it is used."""
        del ctx
        return ["[OPTIONS] [FILE]", "[-- COMMAND ...]"]


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
    """
    logs.ensure_handler()
    typed = _typed(ctx.meta.get("words", []), values)
    if len(values["files"]) == 1 and values["files"][0].endswith(".py"):
        return _script(values["files"][0], typed, values)
    file = file_of(values["files"])
    with spelled_for(file):
        study = checked(typed, file, values["save_as"])
        for warning in study.warnings:
            logger.warning("%s", warning)
        if values["dry_run"]:
            for line in preview_lines(study):
                click.echo(line)
            return WELL
        FROM_TERMINAL.begin({}, quiet=values["quiet"])
        return ran(study)


def _typed(words: Sequence[str], values: dict[str, Any]) -> Typed:
    asked = Asked(
        maximize=values["maximize"],
        minimize=values["minimize"],
        patterns=values["pattern"],
        metric_file=values["metric_file"] or "",
        constraints=values["constraints"],
    )
    given = given_keywords({name: values[name] for name in BY_NAME if name in values})
    for name in ("cwd", "study_dir"):
        if name in given:
            # What is typed counts from here, what a file says from the file.
            given[name] = os.path.abspath(os.path.expanduser(given[name]))  # noqa: PTH100, PTH111
    return Typed(
        words=words,
        parameters=values["param"],
        asked=asked,
        keywords=given,
        settings=values["settings"],
    )


def _script(path: str, typed: Typed, values: dict[str, Any]) -> int:
    """Run a script, with keywords that were typed in place of its own."""
    if not os.path.isfile(path):  # noqa: PTH113 - as typed
        raise SpecError(f"there is no file {path}")
    own = ("maximize", "minimize", "param", "pattern", "metric_file", "settings")
    not_for_it = [name for name in (*own, "dry_run", "save_as") if values[name]]
    if not_for_it or typed.words:
        raise SpecError(
            f"{path} is a script, which says itself what is tuned, by which command and metric; "
            "only keywords of AutoTuner can be typed, such as --max-parallel"
        )
    return run_script(path, typed.keywords, quiet=values["quiet"])


_OWN: list[click.Parameter] = [
    click.Argument(["files"], nargs=-1, metavar="[STUDY_FILE]", shell_complete=files),
    click.Option(
        ["--maximize"], multiple=True, metavar="NAME", help="A metric as the program prints it."
    ),
    click.Option(["--minimize"], multiple=True, metavar="NAME", help="The same; small is good."),
    click.Option(
        ["-p", "--param"],
        multiple=True,
        metavar="NAME=RANGE",
        help="lr=1e-5..1e-1:log, layers=1..4, p=0.0..1.0:step=0.1, opt=adam,sgd, amp=flag, "
        "'lr=loguniform(1e-5, 1e-1)', 'momentum=0.0..0.9 if opt == \"sgd\"'. {NAME} in the "
        "command is its value; --NAME=RANGE adds the option to the command.",
    ),
    click.Option(
        ["--pattern"],
        multiple=True,
        metavar="REGEX",
        help="Finds a metric; its group is the number.",
    ),
    click.Option(
        ["--metric-file"],
        metavar="FILE",
        shell_complete=files,
        help="Where metrics are, if not in the output.",
    ),
    click.Option(
        ["--set", "settings"],
        multiple=True,
        metavar="KEY=VALUE",
        help="Any value of the study, as in algorithm.initial_trials_num=5.",
    ),
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

command = RunCommand("run", callback=_run, params=[*_OWN, *keyword_options()], help=_run.__doc__)
