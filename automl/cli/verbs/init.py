"""`automl init`: a commented study file for a command that nobody has described."""

import os
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from automl.cli.completion.paths import files
from automl.cli.exits import WELL
from automl.cli.output_file import check_output, write_output
from automl.cli.run.study_command import StudyCommand
from automl.discovery.help_text.asking.program import program_in
from automl.errors import SpecError
from automl.studies.draft.asked_help import Place
from automl.studies.draft.draft import Draft, Metric
from automl.studies.draft.drafting import draft_of
from automl.studies.draft.finding import find_options
from automl.studies.draft.text.draft_text import draft_text
from automl.studies.draft.trying.trying import LIMIT_S, try_command
from automl.studies.ranges.part import number_of
from automl.study.durations import parse_duration

_OF_SHELLS = frozenset("|&;<>()$`")
_EXAMPLE = "automl init --maximize val_acc -o study.yaml -- python train.py"


class InitCommand(StudyCommand):
    """A command whose words after `--` are the command that is looked at."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what follows the verb in the line on how it is used."""
        del ctx
        return ["[OPTIONS] -- COMMAND ..."]


@click.pass_context
def _init(ctx: click.Context, /, **values: Any) -> int:  # noqa: ANN401 - as click read them
    r"""Write a commented study file for a command: what to tune, and between what.

    The program's options are read from its source, which is not run; else from what it tells for
    --help, or from config files in the command.

    \b
    Examples:
      automl init -- python train.py
      automl init --try --maximize val_acc -o study.yaml \
                  -- python train.py --data mnist
    """
    output, force = values["output"], values["force"]
    if values["limit"] and not values["tries"]:
        raise SpecError("--for says how long --try runs the command; give --try as well")
    command = _command(ctx.meta.get("words", []), values["words"])
    check_output(output, force=force)
    place = Place(os.path.abspath("."), os.environ)  # noqa: PTH100 - keeps links
    _check_program(command, place)
    found = find_options(command, place, _say)
    metrics = [Metric(name=name, direction="maximize") for name in values["maximize"]]
    metrics += [Metric(name=name, direction="minimize") for name in values["minimize"]]
    if values["tries"]:
        tried = try_command(command, place, metrics, _say, _limit_s(values["limit"]))
        metrics = list(tried.metrics)
        found = replace(found, doubts=(*found.doubts, *tried.doubts))
    draft = draft_of(command, place, found, metrics, output or "")
    _write(draft, output)
    return WELL


def _limit_s(given: str | None) -> float:
    if given is None:
        return LIMIT_S
    number = number_of(given)
    return parse_duration("--for", given if number is None else number)


def _say(text: str) -> None:
    click.echo(f"automl init: {text}", err=True)


def _command(behind: Sequence[str], before: Sequence[str]) -> list[str]:
    if before:
        line = " ".join(before)
        raise SpecError(f"put -- before the command: automl init ... -- {line} ...")
    if not behind:
        raise SpecError(f"there is no command; write: {_EXAMPLE}")
    return _words_of(behind[0]) if len(behind) == 1 else list(behind)


def _words_of(line: str) -> list[str]:
    """Return the words of a command that was typed in quotes, as one.

    Raises:
        SpecError: it is a line for a shell.
    """
    if len(line.split()) < 2 or os.path.lexists(line):  # noqa: PLR2004 - a word
        return [line]
    if set(line) & _OF_SHELLS:
        raise SpecError(
            f"{line!r} is a line for a shell; give the program's own words: automl init -- "
            "./train --lr 0.1"
        )
    try:
        return shlex.split(line)
    except ValueError as error:
        raise SpecError(f"{line!r} is no command: {error}") from error


def _check_program(command: Sequence[str], place: Place) -> None:
    """Raise SpecError where the command could not run, as its program is not there."""
    program = program_in(command, Path(place.cwd), place.environ)
    if program.missing:
        raise SpecError(f"{program.why_not}; check the command behind --")


def _write(draft: Draft, output: str | None) -> None:
    text = draft_text(draft)
    for doubt in draft.found.doubts:
        _say(doubt)
    if not output:
        click.echo(text, nl=False)
        return
    write_output(output, text, force=True)
    _say(_summary(draft, output))


def _summary(draft: Draft, output: str) -> str:
    """Return what became of the options, and what to do next."""
    count = f"{len(draft.tuned)} of {len(draft.judged)} options are searched"
    if not draft.tuned:
        return f"{output} is written, but no option was found to search; describe one in it"
    if not all(one.name and one.direction for one in draft.metrics):
        return f"{output} is written: {count}; choose the metric and its direction in it"
    return f"{output} is written: {count}; next: automl check {output} && automl run {output}"


command = InitCommand(
    "init",
    callback=_init,
    params=[
        click.Argument(["words"], nargs=-1, metavar=""),
        click.Option(
            ["--maximize"],
            multiple=True,
            metavar="NAME",
            help="A metric as the program prints or reports it.",
        ),
        click.Option(
            ["--minimize"], multiple=True, metavar="NAME", help="The same; small is good."
        ),
        click.Option(
            ["--try", "tries"],
            is_flag=True,
            help="Run the command for some seconds, to see its metric.",
        ),
        click.Option(
            ["--for", "limit"],
            metavar="TIME",
            help=f"How long --try runs it, at most; {LIMIT_S:g}s if not given.",
        ),
        click.Option(
            ["-o", "--output"],
            metavar="FILE",
            shell_complete=files,
            help="The file to write; the screen if not given.",
        ),
        click.Option(["--force"], is_flag=True, help="Replace the file if it is there."),
    ],
    help=_init.__doc__,
)
