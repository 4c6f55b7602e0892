"""What is kept of a metric file that lies outside its trial's folder, once the trial has ended."""

import os
import shutil
import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from automl.readers.follower import Follower, Look

COPY_BYTES = 10_000_000
"""Up to this size a file is copied; a larger one gets a second name on the same disk."""

_ABOVE = "_"
"""Stands for `..` in a kept file's place."""


def kept_place(path: str, cwd: str) -> str:
    """Return where a metric file is kept, from the folder of kept files.

    It is named by its way from the working directory, so that it is found again after both have
    been moved together.

    >>> kept_place("/work/out/3/metric.log", "/work"), kept_place("/data/3.log", "/work/a")
    ('out/3/metric.log', '_/_/data/3.log')
    """
    parts = Path(os.path.relpath(path, cwd)).parts
    return str(Path(*(_ABOVE if part == os.pardir else part for part in parts)))


class Keeping:
    """A follower that keeps its files once they have been read to their end.

    Args:
        follower: reads the files.
        files: tells where each of them is kept, once all are read.
    """

    def __init__(self, follower: Follower, files: Callable[[], Mapping[str, str]]) -> None:
        self._follower = follower
        self._files = files
        self._kept = False
        self.quick = getattr(follower, "quick", False)
        self.patience_s = getattr(follower, "patience_s", 0.0)

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return what is new; with the last of it, the files are kept."""
        look = self._follower.read(ended=ended, limit_bytes=limit_bytes)
        if not ended or look.more or look.pending or self._kept:
            return look
        self._kept = True
        told = [keep(path, target) for path, target in self._files().items()]
        problem = next(filter(None, told), "")
        if not problem:
            return look
        return replace(look, warnings={**look.warnings, "not kept": problem})

    def problem(self) -> str:
        """Return why there is no usable number."""
        return self._follower.problem()

    def close(self) -> None:
        """Free what the follower holds."""
        self._follower.close()


def keep(path: str, target: str) -> str:
    """Keep a file, if there is one; return why that was not possible, empty if it was.

    A copy, as whoever runs the trial's script by hand writes into the very file that a second name
    would show. Only a large one gets a second name; its time then tells that it was written since.
    """
    try:
        status = Path(path).stat()
    except OSError:
        # What cannot be looked at was not read either, which is told elsewhere.
        return ""
    if not stat.S_ISREG(status.st_mode):
        return ""
    try:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        if status.st_size <= COPY_BYTES:
            _copy(path, target)
        else:
            _link(path, target)
    except OSError as error:
        return (
            f"the metric file {path} cannot be kept in {Path(target).parent}: {error.strerror}. If "
            "its reader is changed later, the trial may have to run again"
        )
    return ""


def _copy(path: str, target: str) -> None:
    part = f"{target}.part"
    shutil.copy2(path, part)
    Path(part).replace(target)


def _link(path: str, target: str) -> None:
    Path(target).unlink(missing_ok=True)
    # To the file itself: a symbolic link could lead elsewhere later.
    Path(target).hardlink_to(os.path.realpath(path))
