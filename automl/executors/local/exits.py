"""How a process ended: what the kernel says, and what a script left in its exit file."""

import os
import resource
import sys
from typing import NamedTuple

from automl.errors import may_pass
from automl.inside.files import OUTCOME
from automl.inside.outcome import outcome_in

_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Reaped(NamedTuple):
    """The end of a child in the kernel's own figures.

    Attributes:
        code: its exit code, negative for a signal.
        peak_memory_bytes: largest resident size of it or a child that it waited for; None where
            the figure may be that of this process.
        cpu_s: CPU seconds of it and of the children that it waited for.
    """

    code: int
    peak_memory_bytes: int | None
    cpu_s: float


def reap(pid: int) -> Reaped | None:
    """Return how a child ended, and free its pid; None if it is not our child or was reaped."""
    try:
        # Never blocks: should the pid be another child's by now, that one may run for hours.
        reaped, status, usage = os.wait4(pid, os.WNOHANG)
    except ChildProcessError:
        return None
    if not reaped:
        return None
    # A child starts with a view of its parent's memory and is counted with that size, whatever it
    # becomes. So only a larger figure is certain to be its own.
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = usage.ru_maxrss * _RSS_UNIT if usage.ru_maxrss > ours else None
    return Reaped(os.waitstatus_to_exitcode(status), peak, usage.ru_utime + usage.ru_stime)


def exit_code_in(path: str) -> int | None:
    """Return the code that a script left in its exit file; None if it left none.

    A script that was killed leaves none; one that was interrupted while writing leaves a text
    without a newline, which is none either. Where there is no such file, the call of a function
    that was forked has told the code itself, if it came to its end.
    """
    try:
        return read_exit_code(path)
    except OSError:
        return None


def read_exit_code(path: str) -> int | None:
    """Return what `exit_code_in` does, but tell when the file cannot be read at the moment.

    Raises:
        OSError: the machine is at fault, as when too many files are open.
    """
    try:
        with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123 - hot path
            text = file.read()
    except FileNotFoundError:
        return _told_by_call(path)
    except OSError as error:
        if may_pass(error.errno):
            raise
        return None
    return int(text) if text.endswith("\n") and text.strip().isdigit() else None


def left_at_ns(path: str) -> int:
    """Return when the code that `read_exit_code` reads was left, in nanoseconds since 1970.

    Raises:
        OSError: it cannot be told at the moment.
    """
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - as above
    except FileNotFoundError:
        return os.stat(f"{_folder_of(path)}/{OUTCOME}").st_mtime_ns  # noqa: PTH116


def _told_by_call(path: str) -> int | None:
    """Return the exit code that the call of a function told itself; None if it told none.

    Raises:
        OSError: it cannot be read at the moment.
    """
    try:
        outcome = outcome_in(_folder_of(path))
    except OSError as error:
        if may_pass(error.errno):
            raise
        return None
    return outcome.code if outcome else None


def _folder_of(path: str) -> str:
    return os.path.dirname(path)  # noqa: PTH120 - as above
