"""Waiting for processes to end, children and others."""

import contextlib
import os
import selectors
import sys
import time
from collections.abc import Callable
from typing import Protocol

from automl.errors import may_pass
from automl.executors.processes.identity import has_ended
from automl.waker import Waker

POLL_S = 0.01
"""Seconds between two looks at a process whose end the kernel does not tell."""


class Watch(Protocol):
    """Tells which of the watched processes ended."""

    def add(self, pid: int) -> None:
        """Watch a process, which need not be a child."""
        ...

    def remove(self, pid: int) -> None:
        """Watch it no longer."""
        ...

    def wait(self, timeout_s: float | None) -> list[int] | None:
        """Return the pids that ended, none after `timeout_s`; None when woken and none ended."""
        ...

    def close(self) -> None:
        """Free everything; the processes go on."""
        ...


class PidfdWatch:
    """Sleeps in the kernel until a process ends (Linux 5.3 or newer).

    A process for which there is no file descriptor is looked at now and then until there is one.
    """

    def __init__(self, waker: Waker) -> None:
        self._waker = waker
        self._selector = selectors.DefaultSelector()
        self._selector.register(waker.fileno(), selectors.EVENT_READ, None)
        self._files: dict[int, int] = {}
        self._told: dict[int, int] = {}
        self._polled: set[int] = set()

    def add(self, pid: int) -> None:
        """Watch a process; one that is gone already is reported by the next `wait`.

        Raises:
            ProcessLookupError: there is no such process.
        """
        try:
            self._open(pid)
        except OSError as error:
            # ENOSPC: the kernel keeps no more such watches for this user.
            if not may_pass(error.errno):
                raise
            self._polled.add(pid)

    def _open(self, pid: int) -> None:
        file = os.pidfd_open(pid)
        try:
            self._selector.register(file, selectors.EVENT_READ, pid)
        except BaseException:
            os.close(file)
            raise
        self._files[pid] = file

    def add_file(self, file: int, pid: int) -> None:
        """Tell of a process whenever there is something to read from it; the file stays its own.

        Raises:
            OSError: the kernel keeps no more such watches for this user.
        """
        self._selector.register(file, selectors.EVENT_READ, pid)
        self._told[pid] = file

    def remove(self, pid: int) -> None:
        """Watch it no longer."""
        self._polled.discard(pid)
        told = self._told.pop(pid, None)
        if told is not None:
            self._selector.unregister(told)
        file = self._files.pop(pid, None)
        if file is not None:
            self._selector.unregister(file)
            os.close(file)

    def wait(self, timeout_s: float | None) -> list[int] | None:
        """Return the pids that ended; None when woken and none ended."""
        if not self._polled:
            return self._select(timeout_s)
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            self._open_polled()
            gone = [pid for pid in self._polled if has_ended(pid)]
            left = POLL_S if deadline is None else max(0.0, deadline - time.monotonic())
            ended = self._select(0.0 if gone else min(POLL_S, left))
            if gone or ended or ended is None or left <= 0:
                return gone + (ended or []) or ended

    def _open_polled(self) -> None:
        """Have the kernel tell the ends of processes that are looked at, as far as it can now."""
        for pid in list(self._polled):
            # One that is gone is noticed by looking.
            with contextlib.suppress(OSError):
                self._open(pid)
                self._polled.discard(pid)

    def _select(self, timeout_s: float | None) -> list[int] | None:
        ended: list[int] = []
        woken = False
        for key, _ in self._selector.select(timeout_s):
            if key.data is None:
                self._waker.clear()
                woken = True
            else:
                ended.append(key.data)
        return None if woken and not ended else ended

    def close(self) -> None:
        """Free everything; the processes go on."""
        for pid in list(self._files):
            self.remove(pid)
        self._polled.clear()
        self._selector.close()


class PollWatch:
    """Looks at every process now and then, where the kernel cannot be asked to tell."""

    def __init__(self, waker: Waker) -> None:
        self._waker = waker
        self._selector = selectors.DefaultSelector()
        self._selector.register(waker.fileno(), selectors.EVENT_READ, None)
        self._pids: set[int] = set()

    def add(self, pid: int) -> None:
        """Watch a process."""
        self._pids.add(pid)

    def remove(self, pid: int) -> None:
        """Watch it no longer."""
        self._pids.discard(pid)

    def wait(self, timeout_s: float | None) -> list[int] | None:
        """Return the pids that ended; None when woken and none ended."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            ended = [pid for pid in self._pids if has_ended(pid)]
            left = POLL_S if deadline is None else deadline - time.monotonic()
            if ended or left <= 0:
                return ended
            if self._selector.select(min(POLL_S, left)):
                self._waker.clear()
                return None

    def close(self) -> None:
        """Free everything; the processes go on."""
        self._pids.clear()
        self._selector.close()


def best_watch() -> Callable[[Waker], Watch]:
    """Return the kind of watch that this system can do.

    Raises:
        OSError: it cannot be tried now.
    """
    if sys.platform == "linux":
        try:
            os.close(os.pidfd_open(os.getpid()))
        except (OSError, AttributeError) as error:
            if isinstance(error, OSError) and may_pass(error.errno):
                raise
        else:
            return PidfdWatch
    return PollWatch
