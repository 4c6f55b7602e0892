"""The signal handlers of this process while studies run: one a signal, for all studies."""

import os
import signal
import threading
from types import FrameType
from typing import Any, Protocol

from automl import forks


class Taker(Protocol):
    """Takes signals in for one study."""

    def take(self, number: int) -> None:
        """Take in a signal."""
        ...


class Handlers:
    """Hands each signal to every study that listens, and then to the program, if that goes on.

    While the main thread runs a study or waits for one, that study is what the program does, and it
    answers a signal. Where all studies run aside, a handler that the program had (Ctrl-C has one:
    it raises KeyboardInterrupt) is called after the studies were told; where it had none, the
    signal is due, and ends the process as it would have, once the last of the studies ended.
    """

    def __init__(self) -> None:
        self._before: dict[signal.Signals, Any] = {}
        self._listening: dict[Taker, bool] = {}
        self._due: int | None = None
        self._pid = os.getpid()

    def add(self, taker: Taker, *, aside: bool) -> None:
        """Let a study hear signals; to be called in the main thread."""
        forks.watch()
        if self._pid != os.getpid():
            # A child of a process that ran a study: nothing of that runs here.
            self._listening.clear()
            self._before.clear()
            self._pid = os.getpid()
        if not self._listening:
            self._due = None
        self._listening[taker] = aside
        for number in forks.ASKING:
            # Under nohup, SIGHUP is ignored, and stays so.
            if number not in self._before and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._handle)

    def remove(self, taker: Taker) -> None:
        """Let a study hear no more, as it ended; from any thread, and again without harm."""
        aside = self._listening.pop(taker, False)
        if self._listening:
            return
        if threading.current_thread() is threading.main_thread():
            self._restore()
        elif aside and self._due is not None:
            # Only the main thread can restore handlers; it does so when this signal comes.
            os.kill(os.getpid(), self._due)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._pid != os.getpid() or not self._listening:
            self._pass_on(number, frame)
            return
        for taker in list(self._listening):
            taker.take(number)
        before = self._before.get(signal.Signals(number))
        if not all(self._listening.values()):
            return
        # Once the main thread is done, it only waits for threads, which nothing may break off.
        if callable(before) and threading.main_thread().is_alive():
            before(number, frame)
        else:
            self._due = number

    def _pass_on(self, number: int, frame: FrameType | None) -> None:
        """Do what the signal does where no study runs."""
        before = self._before.get(signal.Signals(number))
        self._restore()
        if callable(before) and threading.main_thread().is_alive():
            before(number, frame)
            return
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def _restore(self) -> None:
        for number, handler in self._before.items():
            # A program may have set another one meanwhile, which then stays.
            if signal.getsignal(number) == self._handle:
                signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._before.clear()


HANDLERS = Handlers()
