"""Reads a file whole each time that it has changed, and tells what is new in it."""

import math
import os
import stat
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

from automl.errors import ReadError
from automl.readers.follow import unreadable
from automl.readers.follower import NO_NEWS, Look, Points
from automl.readers.tail import NotRegularError

Rows: TypeAlias = Sequence[tuple[float, float]]
"""Numbers with the step of each, NaN where none is known."""


class NotWholeError(Exception):
    """A file holds nothing to be read, as it is not whole yet, or damaged; the text says which."""


class Whole(NamedTuple):
    """What is read of a file.

    Attributes:
        rows: returns the numbers of a file, and raises `NotWholeError` or OSError.
        state: returns what another content changes, None without a file; it raises ValueError for
            what is no file, or OSError.
    """

    rows: Callable[[str], Rows]
    state: Callable[[str], object]


def whole_file(rows: Callable[[str], Rows], beside: Sequence[str] = ()) -> Whole:
    """Return what is read of one file.

    Args:
        rows: as above.
        beside: endings of files beside it whose change is one of it, too.
    """
    return Whole(rows, partial(_states, beside=beside))


def _states(path: str, *, beside: Sequence[str]) -> object:
    own = state_of(path)
    return own and (own, *(state_of(f"{path}{one}") for one in beside))


class WholeFollower:
    """Reads one file.

    Numbers that were read count until the file gives others. If these begin with all that were
    there before, they are told as new ones.

    Args:
        metric: what the numbers are called.
        sought: what is looked for, as messages call it.
        path: the file; it need not exist yet.
        whole: how it is read.
    """

    def __init__(self, metric: str, sought: str, path: str, whole: Whole) -> None:
        self._metric = metric
        self._sought = sought
        self._path = path
        self._whole = whole
        self._state: object = None
        self._rows: Rows = ()
        self._problem = ""
        self._read_at_end = False

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return the numbers that are new.

        Raises:
            ReadError: there is something at the path, but no readable file.
        """
        del limit_bytes
        try:
            state = self._whole.state(self._path)
            if state is None or (state == self._state and (self._read_at_end or not ended)):
                return NO_NEWS
            rows = self._whole.rows(self._path)
        except NotWholeError as error:
            # A program may be about to write it.
            self._problem = str(error)
            return Look(left_out=f"{self._path}: {error}") if ended else NO_NEWS
        except (OSError, ValueError) as error:
            raise unreadable(self._path, error) from error
        except MemoryError as error:
            raise ReadError(f"there is no memory to read {self._path}") from error
        self._state, self._read_at_end, self._problem = state, ended, ""
        return self._news(rows)

    def problem(self) -> str:
        """Return why there is no usable number."""
        if self._problem:
            return f"no {self._sought} in {self._path}: {self._problem}"
        odd = next((value for value, _ in self._rows if not math.isfinite(value)), None)
        if odd is not None:
            return f"{self._sought} is {odd} in {self._path}"
        if self._rows:
            return f"{self._sought} gave {len(self._rows)} numbers in {self._path}, all finite"
        if self._state is None:
            return f"no file {self._path} to read {self._sought}: the command did not write it"
        return f"{self._sought} gave no number in {self._path}"

    def close(self) -> None:
        """No file stays open between two looks."""

    def _news(self, rows: Rows) -> Look:
        before, self._rows = self._rows, rows or self._rows
        if not rows:
            return NO_NEWS
        goes_on = len(rows) >= len(before) and all(map(_same, before, rows))
        new = rows[len(before) :] if goes_on else rows
        if not new:
            return NO_NEWS
        counted = all(math.isnan(step) for _, step in rows)
        steps = None if counted else tuple(step for _, step in new)
        points = Points(tuple(value for value, _ in new), steps, restarted=not goes_on)
        return Look({self._metric: points})


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(one, other, strict=True))


def state_of(path: str) -> tuple[int, ...] | None:
    """Return what a write changes; None without a file.

    Raises:
        ValueError: it is no regular file.
    """
    try:
        found = os.stat(path)  # noqa: PTH116 - asked at each look
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise NotRegularError("it is no regular file")
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
