"""Ctrl-C and other signals, taken as requests instead of exceptions while a study runs."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self

from automl.waker import Waker

TAKEN = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Counts the interrupts while it is entered, and wakes the loop at each.

    Outside the main thread, where Python allows no signal handlers, it counts only `ask`.

    Attributes:
        count: how often the user asked to stop.
        name: what asked last, such as `SIGINT`.
        hung_up: the terminal went away (SIGHUP): trials are to run on.
    """

    def __init__(self, waker: Waker) -> None:
        self.count = 0
        self.name = ""
        self.hung_up = False
        self._waker = waker
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in TAKEN:
                # Under nohup, SIGHUP is ignored, and stays so.
                if signal.getsignal(number) is not signal.SIG_IGN:
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

    @property
    def cause(self) -> str:
        """What asked last, in the user's words."""
        return "Ctrl-C" if self.name == "SIGINT" else self.name

    def ask(self) -> None:
        """Ask to stop, from any thread."""
        self._take(signal.SIGINT, None)

    def _take(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.count += 1
        self.name = signal.Signals(number).name
        self.hung_up = self.hung_up or number == signal.SIGHUP
        self._waker.wake()
