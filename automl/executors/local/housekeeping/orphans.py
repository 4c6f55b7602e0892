"""The processes of trials that became children of this process, as of process 1.

A process whose parent ended becomes a child of process 1, or of the nearest one above it that asked
for such children. When that is this process it has to take note of their ends, or each keeps its
pid for ever. The children of the user's own script are left to the script.
"""

import contextlib
import ctypes
import os
import sys
from collections.abc import Container

from automl.executors.cgroups.groups import group_of
from automl.executors.processes.brand import read_brand
from automl.executors.processes.proctree import ended_children

EVERY_S = 1.0
"""Seconds between two looks."""

_PR_GET_CHILD_SUBREAPER = 37

_started: set[int] = set()
"""The pids of the children that executors of this process started, whose ends they are told."""


def note_started(pid: int) -> None:
    """Leave the end of a process to the executor that started it."""
    _started.add(pid)


def note_ended(pid: int) -> None:
    """Take note that the end of a process was seen."""
    _started.discard(pid)


class Orphans:
    """Takes note of the ends of processes that trials left to this process.

    Attributes:
        next_s: the monotonic second of the next look; None where nothing is left to this process.
    """

    def __init__(self, now: float) -> None:
        self.next_s = now + EVERY_S if _is_given_orphans() else None

    def is_due(self, now: float) -> bool:
        """Tell whether `look` has something to do at this monotonic second."""
        return self.next_s is not None and now >= self.next_s

    def look(self, now: float, sessions: Container[int]) -> None:
        """Reap if it is time for it.

        Args:
            now: this monotonic second.
            sessions: the sessions of running launches.
        """
        if self.is_due(now):
            self.next_s = now + EVERY_S
            self.reap(sessions)

    def reap(self, sessions: Container[int]) -> None:
        """Reap what trials left and what ended, if it is left to this process."""
        if self.next_s is None or not _any_ended():
            return
        own = _signs(os.getpid())
        for pid, stat in ended_children():
            if pid in _started:
                continue
            # This process may run in a trial itself, and then all its children have its signs.
            if stat.session in sessions or _signs(pid) - own:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)


def _signs(pid: int) -> set[int | str]:
    """Return what tells that a process is, or was, of a trial: its brand and its control group.

    In a control group a program can start others before it is branded.
    """
    return {sign for sign in (read_brand(pid), group_of(pid)) if sign is not None}


def _any_ended() -> bool:
    """Tell whether any child ended and was not reaped, without reaping it."""
    with contextlib.suppress(ChildProcessError):
        return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    return False


def _is_given_orphans() -> bool:
    """Tell whether processes whose parent ended become children of this process."""
    if sys.platform != "linux":
        return False
    if os.getpid() == 1:
        return True
    answer = ctypes.c_int(0)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(answer), 0, 0, 0)
    return bool(answer.value)
