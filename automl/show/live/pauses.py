"""Ctrl-Z while pictures are on the terminal: they are taken off before the shell has it."""

import signal
import threading
from types import FrameType
from typing import Protocol


class Paused(Protocol):
    """What is told before the process is stopped, and once it goes on."""

    def pause(self) -> None:
        """Leave the terminal to the shell."""
        ...

    def go_on(self) -> None:
        """Take the terminal again, if it is given back."""
        ...


class Pauses:
    """Tells all who want to know when the process is stopped from the terminal.

    The program's own handler of SIGTSTP stays where it has one.
    """

    def __init__(self) -> None:
        # In this order, as what came last lies on top.
        self._told: dict[Paused, None] = {}

    def watch(self) -> None:
        """Listen to Ctrl-Z from now on; only the main thread can."""
        if threading.current_thread() is not threading.main_thread():
            return
        if signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL:
            signal.signal(signal.SIGTSTP, self._handle)

    def unwatch(self) -> None:
        """Let Ctrl-Z do what it does, once nobody wants to know; only the main thread can."""
        if self._told or threading.current_thread() is not threading.main_thread():
            return
        if signal.getsignal(signal.SIGTSTP) == self._handle:
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)

    def add(self, one: Paused) -> None:
        """Tell one more; from any thread."""
        self._told[one] = None

    def remove(self, one: Paused) -> None:
        """Tell it no more; from any thread, and again without harm."""
        self._told.pop(one, None)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del frame
        told = list(self._told)
        for one in reversed(told):
            one.pause()
        signal.signal(number, signal.SIG_DFL)
        # To this thread, so that the process is stopped within this call, and not a little later.
        signal.pthread_kill(threading.get_ident(), number)
        signal.signal(number, self._handle)
        for one in told:
            one.go_on()


PAUSES = Pauses()
"""Those of this process."""
