"""`automl ls`: the studies below a folder, those that run first."""

import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import click

from automl.cli.completion.paths import folders
from automl.cli.documents import json_option, print_document, trial_fields
from automl.cli.exits import NoStudyError
from automl.errors import AutomlError
from automl.journal.disk.size import FolderSize
from automl.journal.excerpts.one_trial import trial_in
from automl.journal.folder import place_of
from automl.show.layout import Column, layout
from automl.show.lines import duration_text, one_line
from automl.studies.on_disk.nearby import MOST_FOLDERS, NEAR, studies_below
from automl.studies.on_disk.quickly_told import standing_of
from automl.studies.on_disk.standing import Standing
from automl.study.resources import size_text
from automl.study.trial import Trial

DEEPEST = 6
"""So deep is looked below a folder that is named."""

_SIZES_S = 0.1
"""Seconds in which the sizes of all studies are added up; then the rest is not waited for."""

_UNKNOWN = "?"

_Size = tuple[int, bool]


@click.command()
@click.argument("folder", required=False, type=click.Path(), shell_complete=folders)
@click.option("--sizes", is_flag=True, help="Add up all sizes, however long that takes.")
@json_option
def command(*, folder: str | None, sizes: bool, as_json: bool) -> None:
    """List the studies below FOLDER, or near here without one; those that run first.

    Example: automl ls
    """
    place = place_of(folder or os.curdir)
    near = studies_below(place, DEEPEST) if folder else studies_below(place, NEAR, MOST_FOLDERS)
    standings = map(standing_of, near.studies)
    found = sorted(standings, key=lambda one: (one.state != "running", -one.written_at))
    if not found:
        raise NoStudyError(f"there is no study below {place}; `automl ls FOLDER` looks elsewhere")
    taken = _sizes(found, None if sizes else _SIZES_S)
    if as_json:
        print_document(
            folder=str(place),
            studies=[
                _fields(*_with_best(one), size) for one, size in zip(found, taken, strict=True)
            ],
        )
        return
    for line in _table(found, taken, place):
        click.echo(line)
    if not near.whole:
        click.echo("(there are more folders below; `automl ls FOLDER` looks into all of one)")
    if not all(whole for _, whole in taken):
        click.echo(f"({_UNKNOWN}: takes longer to add up; --sizes waits for it)")


def _sizes(found: Sequence[Standing], limit_s: float | None) -> list[_Size]:
    """Return what each study takes of the disk, and whether that is all of it."""
    until_s = None if limit_s is None else time.monotonic() + limit_s
    sizes: list[_Size] = []
    for one in found:
        left_s = None if until_s is None else max(until_s - time.monotonic(), 0.0)
        sizes.append((0, False) if left_s == 0 else FolderSize(one.folder.path).known(left_s))
    return sizes


def _fields(one: Standing, best: Trial | None, size: _Size) -> dict[str, object]:
    told = one.totals
    return {
        "name": one.folder.path.name,
        "folder": str(one.folder.path),
        "state": one.state,
        "problem": one.problem,
        "trials": told.trials if told else 0,
        "ended": told.ended if told else 0,
        "failed": told.failed if told else 0,
        "metric": told.metric if told else "",
        "best": trial_fields(best) if best else None,
        "age_s": _age_s(one),
        "size_bytes": size[0] if size[1] else None,
    }


def _with_best(one: Standing) -> tuple[Standing, Trial | None]:
    """Return how a study stands with its best trial; told anew where that cannot be read."""
    if one.totals is None or one.totals.best is None:
        return one, None
    try:
        return one, trial_in(one.folder.journal, one.totals.best.trial)
    except (AutomlError, OSError):
        return standing_of(one.folder, whole=True), None


def _age_s(one: Standing) -> float:
    return max(time.time() - one.written_at, 0.0)


def _table(found: Sequence[Standing], sizes: Sequence[_Size], place: Path) -> list[str]:
    """Return a line for each study below a line of headings."""
    columns = [
        ("study", [_name(one, place) for one in found], True),
        ("state", [one.state for one in found], True),
        ("trials", [str(one.totals.ended if one.totals else 0) for one in found], False),
        ("failed", [str((one.totals and one.totals.failed) or "-") for one in found], False),
        ("best", [_best(one) for one in found], True),
        ("age", [duration_text(_age_s(one)) for one in found], True),
        ("size", [_size(size) for size in sizes], True),
    ]
    shown = [
        Column(group="", name=name, cells=cells, left=left, may_cut=name == "best")
        for name, cells, left in columns
    ]
    width = shutil.get_terminal_size().columns
    return [line.removeprefix("  ") for line in layout([""] * len(found), shown, width)[1:]]


def _name(one: Standing, place: Path) -> str:
    path = one.folder.path
    inside = path.is_relative_to(place) and path != place
    # Those of the usual place are called by their names alone.
    usual = path.parent == place_of(None)
    return one_line(str(path.relative_to(place)) if inside and not usual else path.name)


def _best(one: Standing) -> str:
    if one.totals is None:
        return one_line(one.problem)
    return f"{one.totals.metric} {one.totals.best}" if one.totals.best else "-"


def _size(size: _Size) -> str:
    size_bytes, whole = size
    return size_text(size_bytes) if whole else _UNKNOWN
