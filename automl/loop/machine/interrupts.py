"""Ctrl-C and other signals, taken as requests instead of exceptions while a study runs."""

import signal
import threading
from types import TracebackType
from typing import Self

from automl.loop.machine.signals import HANDLERS
from automl.waker import Waker


class Interrupts:
    """Counts the interrupts while it is entered, and wakes the loop at each.

    Outside the main thread, where Python allows no signal handlers, it counts only `ask`, unless
    the main thread called `listen` for it before.

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

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            HANDLERS.add(self, aside=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if threading.current_thread() is threading.main_thread():
            HANDLERS.remove(self)

    def listen(self, *, aside: bool) -> None:
        """Count signals for a study that runs in another thread; only the main thread can.

        Args:
            aside: this thread goes on with something else, which a signal interrupts as it would
                without a study; else it waits for the study, and signals only reach the study.
        """
        if threading.current_thread() is threading.main_thread():
            HANDLERS.add(self, aside=aside)

    def unlisten(self) -> None:
        """Count signals no longer: the study ended; any thread may call it, and call it again."""
        HANDLERS.remove(self)

    @property
    def cause(self) -> str:
        """What asked last, in the user's words."""
        return "Ctrl-C" if self.name == "SIGINT" else self.name

    def ask(self) -> None:
        """Ask to stop, from any thread."""
        self.take(signal.SIGINT)

    def take(self, number: int) -> None:
        """Take in a signal."""
        self.count += 1
        self.name = signal.Signals(number).name
        self.hung_up = self.hung_up or number == signal.SIGHUP
        self._waker.wake()
