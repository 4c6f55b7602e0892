"""Metric files outside the trial's folder: what lies there is left as it was."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from automl.study.trial import Trial

_MOST_IDS = 1000
_ASIDE = ".before-check"


def undisturbing(
    trials: Iterable[Trial], paths: Callable[[Trial], Mapping[str, str]]
) -> tuple[Trial, dict[str, float]]:
    """Return a trial whose metric files are not there yet, and the files of the first that are.

    A study moves such files aside. A check makes no study, so it takes another number for its
    trial, or other values where files are named by these.

    Args:
        trials: what the study would run, at least one.
        paths: returns the metric files of a trial.

    Returns:
        The first trial with files of its own, else the first one; and the files that are there of
        the first one, with the second since 1970 in which each was written.
    """
    proposals = iter(trials)
    first = next(proposals)
    there = {path: Path(path).stat().st_mtime for path in paths(first).values() if _is_there(path)}
    if not there:
        return first, {}
    others = (replace(first, id=number) for number in range(_MOST_IDS))
    for one in (*others, *islice(proposals, _MOST_IDS)):
        if not any(map(_is_there, paths(one).values())):
            return one, there
    return first, there


@contextmanager
def left_as_it_was(paths: Iterable[str]) -> Iterator[None]:
    """Put back what lies at some paths, and remove what was not there, with folders made for it.

    Args:
        paths: files that are about to be written.
    """
    files = [Path(path) for path in dict.fromkeys(paths)]
    made = [folder for file in files for folder in file.parents if not folder.exists()]
    aside = {file: _free(file) for file in files if file.exists()}
    for file, other in aside.items():
        file.rename(other)
    try:
        yield
    finally:
        for file in files:
            with suppress(OSError):
                file.unlink()
        for file, other in aside.items():
            other.rename(file)
        for folder in sorted(made, key=lambda one: -len(one.parts)):
            with suppress(OSError):
                folder.rmdir()


def _is_there(path: str) -> bool:
    return Path(path).exists()


def _free(file: Path) -> Path:
    other = file.with_name(f"{file.name}{_ASIDE}")
    while other.exists():
        other = other.with_name(f"{other.name}+")
    return other
