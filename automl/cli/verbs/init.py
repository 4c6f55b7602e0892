"""`automl init`: a commented study file for a command that nobody has described."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from automl.cli.exits import WELL
from automl.cli.run.study_command import StudyCommand
from automl.errors import SpecError
from automl.studies.draft.asked_help import Place
from automl.studies.draft.draft import Draft, Metric
from automl.studies.draft.drafting import draft_of
from automl.studies.draft.finding import find_options
from automl.studies.draft.text.draft_text import draft_text

_EXAMPLE = "automl init --maximize val_acc -o study.yaml -- python train.py"


class InitCommand(StudyCommand):
    """A command whose words after `--` are the command that is looked at."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what follows the verb in the line on how it is used."""
        del ctx
        return ["[OPTIONS] -- COMMAND ..."]


@click.pass_context
def _init(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    maximize: tuple[str, ...],
    minimize: tuple[str, ...],
    output: str | None,
    *,
    force: bool,
) -> int:
    r"""Write a commented study file for a command: what to tune, and between what.

    The program's options are read from its source, which is not run; else from what it tells for
    --help, or from config files in the command.

    \b
    Examples:
      automl init -- python train.py
      automl init --try --maximize val_acc -o study.yaml -- python train.py --data mnist
    """
    command = _command(ctx.meta.get("words", []), words)
    _check_output(output, force=force)
    place = Place(os.path.abspath("."), os.environ)  # noqa: PTH100 - keeps links
    found = find_options(command, place, _say)
    metrics = [Metric(name=name, direction="maximize") for name in maximize]
    metrics += [Metric(name=name, direction="minimize") for name in minimize]
    draft = draft_of(command, place, found, metrics, output or "")
    _write(draft, output)
    return WELL


def _say(text: str) -> None:
    click.echo(f"automl init: {text}", err=True)


def _command(behind: Sequence[str], before: Sequence[str]) -> list[str]:
    if before:
        line = " ".join(before)
        raise SpecError(f"put -- before the command: automl init ... -- {line} ...")
    if not behind:
        raise SpecError(f"there is no command; write: {_EXAMPLE}")
    return list(behind)


def _check_output(output: str | None, *, force: bool) -> None:
    """Raise SpecError where a file would be lost; before anything is looked at."""
    if not output:
        return
    if not output.endswith((".yaml", ".yml")):
        raise SpecError(f"-o: {output} must end with .yaml, as it is written as YAML")
    if os.path.lexists(output) and not force:
        raise SpecError(f"-o: {output} is there already; --force replaces it, or give another name")


def _write(draft: Draft, output: str | None) -> None:
    text = draft_text(draft)
    for doubt in draft.found.doubts:
        _say(doubt)
    if not output:
        click.echo(text, nl=False)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise SpecError(f"-o: {output} cannot be written: {error.strerror}") from error
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
            ["--maximize"], multiple=True, metavar="NAME", help="A metric as the program prints it."
        ),
        click.Option(
            ["--minimize"], multiple=True, metavar="NAME", help="The same; small is good."
        ),
        click.Option(
            ["-o", "--output"], metavar="FILE", help="The file to write; the screen if not given."
        ),
        click.Option(["--force"], is_flag=True, help="Replace the file if it is there."),
    ],
    help=_init.__doc__,
)
