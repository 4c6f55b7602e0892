"""Metric files outside the trial's folder: what lies there is left as it was."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from automl.errors import AutomlError
from automl.study.trial import Trial

_MOST_IDS = 1000
_ASIDE = ".before-check"


def undisturbing(
    trials: Iterable[Trial], paths: Callable[[Trial], Sequence[str]], ids_from: int
) -> tuple[Trial, dict[str, float]]:
    """Return a trial that writes where no trial of the study writes, which may run just now.

    Where its metric files are named by its number, it gets one that no trial has; where they are
    named by its values, those of which there is no file yet. Other files are there to be put back.

    Args:
        trials: what the study would run.
        paths: returns the metric files of a trial that are not in its folder.
        ids_from: the first number that no trial of the study has.

    Returns:
        The trial; and the files that are there of the first one of the study, with the second since
        1970 in which each was written.

    Raises:
        AutomlError: the study would run no trial.
    """
    proposals = iter(trials)
    first = next(proposals, None)
    if first is None:
        raise AutomlError("there is no trial to be checked, as the search has none to propose")
    own = paths(first)
    there = {path: Path(path).stat().st_mtime for path in own if Path(path).exists()}
    if not own:
        return first, there
    others = [replace(first, id=number) for number in range(ids_from, ids_from + _MOST_IDS)]
    if paths(others[0]) == own:
        others = []
    for one in (*others, first, *proposals):
        if not any(Path(path).exists() for path in paths(one)):
            return one, there
    return first, there


@contextmanager
def left_as_it_was(paths: Iterable[str]) -> Iterator[None]:
    """Put back what lies at some paths, and remove what was not there, with folders made for it.

    What is no plain file, such as a pipe or a device, stays where it is.

    Args:
        paths: files that are about to be written.

    Raises:
        AutomlError: one cannot be put back; the message says where it is.
    """
    files = [Path(path) for path in dict.fromkeys(paths)]
    made = [folder for file in files for folder in file.parents if not folder.exists()]
    new = [file for file in files if not file.exists()]
    aside: dict[Path, Path] = {}
    try:
        for file in files:
            if file.is_file():
                other = _free(file)
                file.rename(other)
                aside[file] = other
        yield
    finally:
        for file in (*new, *aside):
            with suppress(OSError):
                file.unlink()
        left = [line for line in map(_put_back, aside, aside.values()) if line]
        for folder in sorted(made, key=lambda one: -len(one.parts)):
            with suppress(OSError):
                folder.rmdir()
        if left:
            raise AutomlError("; ".join(left))


def _put_back(file: Path, other: Path) -> str:
    """Put a file back; return what is to be told if that cannot be done."""
    try:
        other.rename(file)
    except OSError as error:
        return f"{file} cannot be put back: {error.strerror}; what was there before is {other}"
    return ""


def _free(file: Path) -> Path:
    other = file.with_name(f"{file.name}{_ASIDE}")
    while other.exists():
        other = other.with_name(f"{other.name}+")
    return other
