"""Ctrl-C and other signals, taken as requests instead of exceptions while a study runs."""

import signal
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from automl.loop.machine.signals import HANDLERS
from automl.notebook.words import interrupt_word
from automl.waker import Waker


@dataclass(frozen=True, slots=True)
class Interrupt:
    """One of the user's interrupts.

    Attributes:
        name: what asked, such as `SIGINT`.
        count: how many there were with it.
        hung_up: the terminal went away (SIGHUP) with it or before: trials are to run on.
    """

    name: str
    count: int
    hung_up: bool

    @property
    def cause(self) -> str:
        """What asked, in the user's words."""
        return interrupt_word() if self.name == "SIGINT" else self.name


class Interrupts:
    """Counts the interrupts while it is entered, and wakes the loop at each.

    Outside the main thread, where Python allows no signal handlers, it counts only `ask`, unless
    the main thread called `listen` for it before.

    Args:
        waker: woken at each.

    Attributes:
        waker: as above.
        drains: why nothing more is to be started, in the program's words; empty while it may be.
    """

    def __init__(self, waker: Waker) -> None:
        # Only ever appended to, as that loses nothing where a signal comes within another's, or
        # several threads ask at once.
        self._names: list[str] = []
        self.waker = waker
        self.drains = ""

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
    def count(self) -> int:
        """How often the user asked to stop."""
        return len(self._names)

    @property
    def name(self) -> str:
        """What asked last, such as `SIGINT`; empty before."""
        return self._names[-1] if self._names else ""

    @property
    def hung_up(self) -> bool:
        """Whether the terminal went away (SIGHUP)."""
        return "SIGHUP" in self._names

    def after(self, count: int) -> list[Interrupt]:
        """Return those that came after the first `count`, in their order."""
        names = list(self._names)
        return [
            Interrupt(name, place + 1, "SIGHUP" in names[: place + 1])
            for place, name in enumerate(names)
            if place >= count
        ]

    def ask(self) -> None:
        """Ask to stop, from any thread."""
        self.take(signal.SIGINT)

    def drain(self, reason: str) -> None:
        """Ask to start nothing more, from any thread; what runs goes on to its end."""
        self.drains = reason
        self.waker.wake()

    def take(self, number: int) -> None:
        """Take in a signal."""
        self._names.append(signal.Signals(number).name)
        self.waker.wake()
