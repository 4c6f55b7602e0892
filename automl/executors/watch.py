"""Waiting for processes to end, children and others."""

import contextlib
import os
import selectors
import sys
import time
from collections.abc import Callable
from typing import Protocol

from automl.executors.identity import start_time
from automl.waker import Waker


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
    """Sleeps in the kernel until a process ends (Linux 5.3 or newer)."""

    def __init__(self, waker: Waker) -> None:
        self._waker = waker
        self._selector = selectors.DefaultSelector()
        self._selector.register(waker.fileno(), selectors.EVENT_READ, None)
        self._files: dict[int, int] = {}

    def add(self, pid: int) -> None:
        """Watch a process; one that is gone already is reported by the next `wait`.

        Raises:
            ProcessLookupError: there is no such process.
            OSError: it cannot be watched, for want of file descriptors.
        """
        file = os.pidfd_open(pid)
        try:
            self._selector.register(file, selectors.EVENT_READ, pid)
        except BaseException:
            os.close(file)
            raise
        self._files[pid] = file

    def remove(self, pid: int) -> None:
        """Watch it no longer."""
        file = self._files.pop(pid)
        self._selector.unregister(file)
        os.close(file)

    def wait(self, timeout_s: float | None) -> list[int] | None:
        """Return the pids that ended; None when woken and none ended."""
        ended, woken = [], False
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
        self._selector.close()


class PollWatch:
    """Looks at every process now and then, where the kernel cannot be asked to tell."""

    INTERVAL_S = 0.01

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
            # A child that ended is a zombie until it is waited for: its start time reads as None.
            ended = [pid for pid in self._pids if start_time(pid) is None]
            left = self.INTERVAL_S if deadline is None else deadline - time.monotonic()
            if ended or left <= 0:
                return ended
            if self._selector.select(min(self.INTERVAL_S, left)):
                self._waker.clear()
                return None

    def close(self) -> None:
        """Free everything; the processes go on."""
        self._pids.clear()
        self._selector.close()


def best_watch() -> Callable[[Waker], Watch]:
    """Return the kind of watch that this system can do."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            os.close(os.pidfd_open(os.getpid()))
            return PidfdWatch
    return PollWatch
