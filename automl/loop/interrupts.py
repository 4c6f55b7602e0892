"""Ctrl-C and SIGTERM, taken as requests instead of exceptions while a study runs."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self

from automl.waker import Waker


class Interrupts:
    """Counts the interrupts while it is entered, and wakes the loop at each.

    Outside the main thread, where Python allows no signal handlers, it counts only `ask`.

    Attributes:
        count: how often the user asked to stop.
        name: what asked last, `SIGINT` or `SIGTERM`.
    """

    def __init__(self, waker: Waker) -> None:
        self.count = 0
        self.name = ""
        self._waker = waker
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def ask(self) -> None:
        """Ask to stop, from any thread."""
        self._take(signal.SIGINT, None)

    def _take(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.count += 1
        self.name = signal.Signals(number).name
        self._waker.wake()
