"""`automl convert`: the study file that the file of another tool becomes."""

import os
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from automl.cli.completion.paths import files
from automl.cli.exits import WELL
from automl.cli.output_file import check_output, write_output
from automl.cli.run.described import AT_ONCE, TRIALS
from automl.cli.run.saved import counted_from
from automl.render.config import yaml_text
from automl.studies.foreign.reading import ReadSpace, read_space, with_readers
from automl.studies.keywords import NAMES

_WIDTH = 98


@click.command("convert")
@click.argument("file", metavar="FILE", shell_complete=files)
@click.option("-o", "--output", metavar="FILE", help="Where to write it; printed if not given.")
@click.option("--from", "kind", metavar="KIND", help="Whose FILE is, if that is in doubt.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
def command(file: str, output: str | None, kind: str | None, *, force: bool) -> int:
    r"""Write the study file that a space or experiment of another tool becomes.

    It is told what has no counterpart, or another meaning. LibCity, Ray Tune, RecBole, NNI,
    EasyRec, W&B, Katib, Optuna, Hydra and Orion are known, each by what FILE holds.

    \b
    Examples:
      automl convert sweep.yaml -o study.yaml
      automl convert space.json --from ray
    """
    check_output(output, force=force)
    read = read_space(file, kind)
    text = _text(read, Path(output).parent if output else Path())
    if output:
        write_output(output, text, force=force)
    else:
        click.echo(text, nl=False)
    for note in _told(read):
        click.echo(f"automl convert: {note}", err=True)
    click.echo(f"automl convert: {_next(read, output)}", err=True)
    return WELL


def _text(read: ReadSpace, folder: Path) -> str:
    """Return a study's file, with what is to be known of it at its head."""
    study = {"max_trial_num": TRIALS, "max_parallel": AT_ONCE, **read.converted.study}
    here = os.path.abspath(".")  # noqa: PTH100 - keeps links
    whole = _in_order(counted_from(folder, with_readers(study), here))
    comments = [f"What {read.path} ({read.title}) becomes.", *map(_item, _told(read))]
    return "".join([*(f"{line}\n" for line in _comments(comments)), yaml_text(whole)])


def _in_order(study: dict[str, Any]) -> dict[str, Any]:
    """Return keywords as the reference orders them, those of study files alone at the end."""
    order = ["name", *(name for name in NAMES if name != "name"), *study]
    return dict(sorted(study.items(), key=lambda item: order.index(item[0])))


def _told(read: ReadSpace) -> Iterator[str]:
    """Yield what is different, and what is missing."""
    yield from read.converted.notes
    yield from read.converted.ranked_notes
    for keyword in ("max_trial_num", "max_parallel"):
        if keyword not in read.converted.study:
            default = TRIALS if keyword == "max_trial_num" else AT_ONCE
            yield f"{keyword}: it says none, so it is {default}"


def _item(note: str) -> str:
    return f"- {note}"


def _comments(texts: list[str]) -> Iterator[str]:
    for text in texts:
        yield from textwrap.wrap(
            text,
            _WIDTH,
            initial_indent="# ",
            subsequent_indent="#   ",
            break_on_hyphens=False,
            break_long_words=False,
        )


def _next(read: ReadSpace, output: str | None) -> str:
    """Return what to do with the file."""
    study = read.converted.study
    if "task_list" in study and study.get("objectives"):
        if output:
            return f"next: automl check {output} && automl run {output}"
        return f"next: automl run --space-file {shlex.quote(str(read.path))}"
    metric = "" if study.get("objectives") else "--maximize NAME "
    behind = "" if "task_list" in study else "-- COMMAND"
    missing = " and ".join(
        [*(["its metric"] if metric else []), *(["its command"] if behind else [])]
    )
    space = shlex.quote(str(read.path))
    line = f"automl run --space-file {space} {metric}{behind}".rstrip()
    return f"{missing} must be given beside it: {line}; --save FILE writes the whole"
