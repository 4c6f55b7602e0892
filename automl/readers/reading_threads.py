"""Followers that are read by a thread beside the loop, which goes on whatever holds them up."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from automl.errors import ReadError
from automl.patience import start_thread
from automl.readers.follower import Follower, Look
from automl.readers.matching.matcher import MATCHER

logger = logging.getLogger(__name__)

MOST_THREADS = 4
"""So many looks may be held up before the others wait for them."""

AT_ONCE_S = 0.05
"""Seconds that the loop waits for a look itself: nearly all are done by then."""

CLOSE_S = 1.0
"""Seconds that the end of a study waits for a look that goes on; a hung disk has no end."""

PENDING = Look(pending=True)


class ReadingThreads:
    """Threads that read, started when they are needed, and the processes that match for them.

    Args:
        wake: called from a thread when a look is done that the loop does not wait for any more.

    Attributes:
        wake: as above.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.wake = wake
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._waiting: set[_Job] = set()
        self._beside: set[_Beside] = set()
        self._closed = False

    def beside(self, follower: Follower) -> Follower:
        """Return a follower that never takes long to read, in place of one that may."""
        made = _Beside(follower, self)
        self._beside.add(made)
        return made

    def forget(self, beside: "_Beside") -> None:
        """Take in that a follower was freed."""
        self._beside.discard(beside)

    def submit(self, read: Callable[[], Look]) -> "_Job":
        """Let a thread read.

        Raises:
            ReadError: no thread can be started now, and there is none.
        """
        job = _Job(read, self.wake)
        self._waiting = {one for one in self._waiting if not one.done.is_set()}
        if len(self._waiting) >= len(self._threads) < MOST_THREADS:
            self._start()
        self._waiting.add(job)
        self._jobs.put(job)
        return job

    @property
    def closed(self) -> bool:
        """Whether no thread makes a look any more that has not begun."""
        return self._closed

    @property
    def held_up(self) -> bool:
        """Whether an earlier look goes on, for which the loop has waited."""
        return any(job.left and not job.done.is_set() for job in self._waiting)

    def close(self) -> None:
        """End all threads and processes, and free all followers.

        What is held up by the system is left to it.
        """
        if self._closed:
            return
        self._closed = True
        if self._threads:
            MATCHER.leave()
        for _ in self._threads:
            self._jobs.put(None)
        deadline = time.monotonic() + CLOSE_S
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        for one in list(self._beside):
            one.close()

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name="automl-reader", daemon=True)
        try:
            start_thread(thread)
        except OSError as error:
            if self._threads:
                return
            refused = ReadError(f"metrics cannot be read now: {error.strerror}")
            refused.errno = error.errno
            raise refused from error
        if not self._threads:
            MATCHER.enter()
        self._threads.append(thread)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not self._closed:
                job.run()


class _Job:
    """One look that a thread is to make.

    Attributes:
        done: set once it was made.
        begun: whether a thread has begun to make it.
        left: whether the loop has stopped waiting for it.
    """

    def __init__(self, read: Callable[[], Look], wake: Callable[[], None]) -> None:
        self.done = threading.Event()
        self.begun = False
        self.left = False
        self._read = read
        self._wake = wake
        self._look: Look | None = None
        self._error: ReadError | None = None
        self._lock = threading.Lock()
        self._last: Callable[[], None] = lambda: None

    def run(self) -> None:
        """Make the look."""
        self.begun = True
        try:
            look = self._read()
            if not isinstance(look, Look):
                raise TypeError(f"read returned {look!r}, not a Look")  # noqa: TRY301 - told alike
            self._look = look
        except ReadError as error:
            self._error = error
        except Exception as error:  # noqa: BLE001 - a reader of a package's; the study goes on
            self._error = failed(error)
        with self._lock:
            self.done.set()
            last = self._last
        last()
        if self.left:
            self._wake()

    def then(self, last: Callable[[], None]) -> None:
        """Have something done once the look was made, by whoever is there by then."""
        with self._lock:
            if not self.done.is_set():
                self._last = last
                return
        last()

    def wait(self, timeout_s: float) -> bool:
        """Return whether it is done, at the latest after so long; else it wakes the loop later."""
        if self.done.is_set() or (timeout_s > 0 and self.done.wait(timeout_s)):
            return True
        self.left = True
        return self.done.is_set()

    def result(self) -> Look:
        """Return what it found, or raise what it raised."""
        if self._error is not None:
            raise self._error
        return cast("Look", self._look)


class _Beside:
    """A follower whose looks are made by threads."""

    def __init__(self, follower: Follower, threads: ReadingThreads) -> None:
        self._follower = follower
        self._threads = threads
        self.patience_s = getattr(follower, "patience_s", 0.0)
        self._job: _Job | None = None
        self._of_ended = False

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return what a look found, or that it still goes on."""
        # Who waits for a slow one must not wait for each that stands behind it.
        patience_s = 0.0 if self._job or self._threads.held_up else AT_ONCE_S
        if self._job is None:
            follower, self._of_ended = self._follower, ended
            self._job = self._threads.submit(
                lambda: follower.read(ended=ended, limit_bytes=limit_bytes)
            )
        if not self._job.wait(patience_s):
            return PENDING
        job, self._job = self._job, None
        look = job.result()
        if ended and not self._of_ended:
            # It was begun before the end, after which there may be more.
            return replace(look, more=True)
        return look

    def problem(self) -> str:
        """Return why there is no number."""
        if self._job:
            return "its metric is still being read"
        try:
            return self._follower.problem()
        except Exception as error:  # noqa: BLE001 - as above
            return str(failed(error))

    def close(self) -> None:
        """Free the follower, once a thread is done with it."""
        if self._job is None or (self._threads.closed and not self._job.begun):
            self._close()
        else:
            self._job.then(self._close)

    def _close(self) -> None:
        self._threads.forget(self)
        try:
            self._follower.close()
        except Exception as error:  # noqa: BLE001 - as above
            failed(error)


def failed(error: Exception) -> ReadError:
    """Log that a reader, of whatever package, broke; return what to tell of it."""
    logger.error("a reader failed", exc_info=error)
    return ReadError(f"its reader failed: {type(error).__name__}: {error}")
