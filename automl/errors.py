"""Every exception that automl raises on purpose.

    AutomlError                 catch this to catch them all
    +-- SpecError (ValueError)  the study was described wrongly; fix the script, then try again
    +-- RenderError             a template could not be filled in; fix the template
    +-- LaunchError             this trial's command could not be started; the study goes on
    +-- ReadError               a metric file could not be read; the study goes on
    +-- JournalError            the study's folder is unreadable, damaged or not ours to write
    |   +-- StudyBusyError      another controller has the study; end that one, or wait
    |   +-- StorageError        the folder cannot be written now (disk full); make room, go on

A failed trial is not an exception: it is a row of the table.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceback import FrameSummary

_PASSING = frozenset(
    {
        errno.EAGAIN,
        errno.EDQUOT,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.ENOSPC,
        errno.EROFS,
        errno.ESTALE,
    }
)


def may_pass(number: int | None) -> bool:
    """Tell whether what the system answered is the state of the machine, which may pass.

    A full or broken disk, too many open files or processes, no memory: no trial is to blame, and
    the same call can work a little later.

    Args:
        number: an `errno`, None where the system was not asked.

    >>> may_pass(errno.ENOSPC), may_pass(errno.EACCES), may_pass(None)
    (True, False, False)
    """
    return number in _PASSING


class AutomlError(Exception):
    """The base of all errors of automl."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows where a cell does not catch it."""
        return "".join(brief_lines(self) or traceback_of(self)).rstrip("\n").split("\n")


class SpecError(AutomlError, ValueError):
    """The study is described wrongly. Trying again without a change cannot help.

    Attributes:
        place: where in the description it is, such as `hyperparams[2].min_value`; empty where
            that is not known.
    """

    def __init__(self, message: str = "", *, place: str = "") -> None:
        super().__init__(message)
        self.place = place


class RenderError(AutomlError):
    """A template could not be filled in for a trial."""


class LaunchError(AutomlError):
    """A trial's command could not be started. Another trial may still start.

    Attributes:
        errno: what the operating system answered, None where it was not asked.
    """

    errno: int | None = None


class ReadError(AutomlError):
    """A file of a trial exists but could not be read.

    Attributes:
        errno: what the operating system answered, None where it was not asked.
    """

    errno: int | None = None


class JournalError(AutomlError):
    """The study's folder cannot be used as it is."""


class StudyBusyError(JournalError):
    """Another live controller holds the study's lock; it can be tried again once that one ends."""


class StorageError(JournalError):
    """The study's folder cannot be written now; nothing is lost, and it can be tried again."""


_OURS = os.path.dirname(__file__) + os.sep  # noqa: PTH120 - before pathlib is loaded
_SHELL = f"{os.sep}IPython{os.sep}core{os.sep}"
"""What runs the cells of a notebook; its frames are of no use to anybody."""


def brief_lines(error: AutomlError) -> list[str]:
    """Return the lines that show an uncaught error, without those of automl.

    They are none if no line of the user's is left, and under `python -X dev`.
    """
    import traceback  # noqa: PLC0415 - errors are rare

    frames: list[str] = []
    within = False
    for frame in traceback.extract_tb(error.__traceback__):
        # What Python makes for a class of values has no file.
        made = within and frame.filename == "<string>"
        within = made or frame.filename.startswith(_OURS)
        if not within and _SHELL not in frame.filename:
            frames.append(_shown_frame(frame))
    if not frames or sys.flags.dev_mode:
        return []
    return [
        "Traceback (most recent call last):\n",
        *frames,
        *traceback.format_exception_only(error),
    ]


def traceback_of(error: BaseException) -> list[str]:
    """Return the lines that show an error with all that led to it."""
    import traceback  # noqa: PLC0415 - as above

    return traceback.format_exception(error)


def _shown_frame(frame: FrameSummary) -> str:
    """Return the lines that show a frame; that of a cell, which has no file, by its number."""
    import traceback  # noqa: PLC0415 - as above

    (text,) = traceback.format_list([frame])
    in_file = f'File "{frame.filename}"'
    return text.replace(in_file, "In the cell", 1) if is_cell(frame.filename) else text


def is_cell(file: str) -> bool:
    """Tell whether what code has as its file stands for the cell of a notebook."""
    return "ipykernel" in file or file.startswith("<ipython")


_LONGEST = 200


def shown(value: object) -> str:
    """Return a value for a message, cut where it is long.

    >>> shown([1, "a"])
    "[1, 'a']"
    """
    try:
        text = repr(value)
    except (RecursionError, ValueError):
        # Lists too deep in each other, or a number too long to be written.
        text = f"a {type(value).__name__} that is too large to be shown"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
