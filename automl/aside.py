"""Log lines and pictures, carried to the screen by a thread that may be held up."""

import contextlib
import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

from automl.patience import start_thread
from automl.streams import wait_for_room

MAX_RECORDS = 10_000
"""How many log records wait at the most; what comes then is dropped and counted."""

SHARED_S = 0.02
"""How long the thread lets lines gather: each time that it wakes, the loop has to wait for it."""

FLUSH_S = 2.0
"""How long the end of a study waits until all is shown."""


class Aside:
    """Takes a logger's records away from the threads that make them, while it is entered.

    A terminal that was stopped (Ctrl-S) or a pipe that nobody reads holds up this thread and
    nothing else. What is shown, and in what order, is as without it: each record goes to the
    handlers that the logger had, and to those above it. Several studies may enter it at once; to
    enter raises OSError where no thread can be started now.

    Args:
        name: the logger, with all below it.
    """

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)
        self._lock = threading.Lock()
        self._users = 0
        self._carrier: _Carrier | None = None

    def __enter__(self) -> Self:
        with self._lock:
            if self._carrier is None:
                self._carrier = _Carrier(self._logger)
            self._users += 1
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._lock:
            self._users -= 1
            carrier = self._carrier
            if self._users or carrier is None:
                return
            self._carrier = None
        carrier.close()

    def draw(self, owner: object, picture: Callable[[], None]) -> None:
        """Draw once all records are shown, in place of what the owner wanted to draw before."""
        carrier = self._carrier
        if carrier is None:
            picture()
        else:
            carrier.draw(owner, picture)

    def finish(self, owner: object, picture: Callable[[], None]) -> bool:
        """Draw for the last time; return whether that was done within `FLUSH_S` seconds."""
        done = threading.Event()

        def last() -> None:
            picture()
            done.set()

        self.draw(owner, last)
        return done.wait(FLUSH_S)


class _Carrier(logging.Handler):
    """Stands in for a logger's handlers; its thread gives them what was logged."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._handlers = list(logger.handlers)
        self._propagate = logger.propagate
        self._waiting: deque[logging.LogRecord] = deque()
        self._pictures: dict[object, Callable[[], None]] = {}
        self._dropped = 0
        self._closing = False
        self._awake = threading.Event()
        self._hurry = threading.Event()
        self._pid = os.getpid()
        self._thread = threading.Thread(target=self._run, name="automl-log", daemon=True)
        start_thread(self._thread)
        # Python closes every handler at its end, also one that was made in part.
        super().__init__()
        logger.handlers = [self]
        logger.propagate = False

    def createLock(self) -> None:  # noqa: N802 - logging's name
        """Have none: it would be held while a record is made, by whoever makes it."""
        self.lock = None

    def handle(self, record: logging.LogRecord) -> bool:
        """Keep a record for the thread; in a forked child, which has no thread, show it."""
        if self._pid != os.getpid():
            self._show(record)
        elif len(self._waiting) >= MAX_RECORDS:
            self._dropped += 1
        else:
            self._waiting.append(record)
            self._awake.set()
        return True

    def draw(self, owner: object, picture: Callable[[], None]) -> None:
        """Keep a picture for the thread."""
        self._pictures[owner] = picture
        self._awake.set()

    def close(self) -> None:
        """Give the logger its handlers back, once all is shown or `FLUSH_S` seconds are over."""
        if self._closing:
            return
        self._closing = True
        self._hurry.set()
        self._awake.set()
        if self._pid == os.getpid():
            self._thread.join(FLUSH_S)
        if self._logger.handlers == [self]:
            self._logger.handlers = self._handlers
            self._logger.propagate = self._propagate
        # Another thread may have logged in between.
        while self._waiting and not self._thread.is_alive():
            self._show(self._waiting.popleft())
        super().close()

    def _run(self) -> None:
        while True:
            self._awake.wait()
            self._hurry.wait(SHARED_S)
            self._awake.clear()
            while self._waiting:
                self._show(self._waiting.popleft())
                if not self._waiting and self._dropped:
                    self._tell_dropped()
            self._draw()
            if self._closing and not self._waiting and not self._pictures:
                return

    def _tell_dropped(self) -> None:
        count, self._dropped = self._dropped, 0
        text = "%d log lines were left out, as nobody read what was written"
        fields = (self._logger.name, logging.WARNING, __file__, 0, text, (count,), None)
        self._show(self._logger.makeRecord(*fields))

    def _show(self, record: logging.LogRecord) -> None:
        """Give a record to all who would have got it."""
        handlers = list(self._handlers)
        above = self._logger.parent if self._propagate else None
        while above is not None:
            handlers += above.handlers
            above = above.parent if above.propagate else None
        if not handlers and logging.lastResort is not None:
            handlers = [logging.lastResort]
        for handler in handlers:
            if record.levelno >= handler.level:
                # Before it takes its lock, for which the end of the process would wait.
                wait_for_room(getattr(handler, "stream", None))
                try:
                    handler.handle(record)
                except Exception:  # noqa: BLE001 - a handler of the program's; others go on
                    handler.handleError(record)

    def _draw(self) -> None:
        for owner in list(self._pictures):
            with contextlib.suppress(OSError, ValueError):
                self._pictures.pop(owner)()


ASIDE = Aside("automl")
"""That of automl's own logger."""
