"""`automl ls`: the studies below a folder, those that run first."""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from automl.cli.documents import json_option, print_document, trial_fields
from automl.cli.exits import NoStudyError
from automl.journal.disk.size import FolderSize
from automl.journal.folder import StudyFolder, holds_study
from automl.show.layout import Column, layout
from automl.show.lines import duration_text, one_line
from automl.studies.on_disk.standing import Standing, standing_of
from automl.studies.study import Study, place_of
from automl.study.resources import size_text

_DEEPEST = 6
_SIZES_S = 0.1
"""Seconds in which the sizes of all studies are added up; then the rest is not waited for."""

_UNKNOWN = "?"

_Size = tuple[int, bool]


@click.command()
@click.argument("folder", required=False, type=click.Path())
@click.option("--sizes", is_flag=True, help="Add up all sizes, however long that takes.")
@json_option
def command(*, folder: str | None, sizes: bool, as_json: bool) -> None:
    """List the studies below FOLDER, those that run first; automl_studies if not given.

    Example: automl ls
    """
    place = place_of(folder)
    found = sorted(_standings(place), key=lambda one: (one.state != "running", -one.written_at))
    if not found:
        raise NoStudyError(f"there is no study below {place}; `automl ls FOLDER` looks elsewhere")
    taken = _sizes(found, None if sizes else _SIZES_S)
    if as_json:
        print_document(
            folder=str(place),
            studies=[_fields(one, size) for one, size in zip(found, taken, strict=True)],
        )
        return
    for line in _table(found, taken, place):
        click.echo(line)
    if not all(whole for _, whole in taken):
        click.echo(f"({_UNKNOWN}: takes longer to add up; --sizes waits for it)")


def studies_below(place: Path, deepest: int = _DEEPEST) -> Iterator[StudyFolder]:
    """Return the studies in a folder and in those below it; none is inside of another."""
    if holds_study(str(place)):
        yield StudyFolder(place.parent, place.name)
        return
    try:
        with os.scandir(place) as entries:
            folders = [
                entry.path
                for entry in entries
                if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
            ]
    except OSError:
        return
    for path in folders if deepest else ():
        yield from studies_below(Path(path), deepest - 1)


def _standings(place: Path) -> list[Standing]:
    return [standing_of(Study(folder)) for folder in studies_below(place)]


def _sizes(found: Sequence[Standing], limit_s: float | None) -> list[_Size]:
    """Return what each study takes of the disk, and whether that is all of it."""
    until_s = None if limit_s is None else time.monotonic() + limit_s
    sizes: list[_Size] = []
    for one in found:
        left_s = None if until_s is None else max(until_s - time.monotonic(), 0.0)
        sizes.append((0, False) if left_s == 0 else FolderSize(one.path).known(left_s))
    return sizes


def _fields(one: Standing, size: _Size) -> dict[str, object]:
    return {
        "name": one.name,
        "folder": str(one.path),
        "state": one.state,
        "problem": one.problem,
        "trials": one.trials,
        "ended": one.ended,
        "failed": one.failed,
        "metric": one.metric,
        "best": trial_fields(one.best) if one.best else None,
        "age_s": _age_s(one),
        "size_bytes": size[0] if size[1] else None,
    }


def _age_s(one: Standing) -> float:
    return max(time.time() - one.written_at, 0.0)


def _table(found: Sequence[Standing], sizes: Sequence[_Size], place: Path) -> list[str]:
    """Return a line for each study below a line of headings."""
    columns = [
        ("study", [_name(one, place) for one in found], True),
        ("state", [one.state for one in found], True),
        ("trials", [str(one.ended) for one in found], False),
        ("failed", [str(one.failed or "-") for one in found], False),
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
    inside = one.path.is_relative_to(place) and one.path != place
    return one_line(str(one.path.relative_to(place)) if inside else one.name)


def _best(one: Standing) -> str:
    if one.problem:
        return one_line(one.problem)
    if one.best is None or one.best.value is None:
        return "-"
    return f"{one.metric} {one.best.value:.6g} (trial {one.best.id})"


def _size(size: _Size) -> str:
    size_bytes, whole = size
    return size_text(size_bytes) if whole else _UNKNOWN
