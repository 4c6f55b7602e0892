"""What is typed while a picture is on the terminal: it is not shown, as Enter would move it."""

import contextlib
import signal
import termios
from collections.abc import Iterator
from typing import TextIO

from automl.streams import in_foreground

_LOCAL_FLAGS = 3


class Keyboard:
    """Turns the echo of a terminal off and on again; keys and Ctrl-C do what they did.

    What cannot be done is left: then what is typed is shown. A shell puts the echo back of a
    program that was killed.

    Args:
        terminal: any stream on it.
    """

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._before: int | None = None

    @property
    def quiet(self) -> bool:
        """Whether the echo was turned off here."""
        return self._before is not None

    def hush(self) -> None:
        """Turn the echo off, unless it is off, or another program has the terminal."""
        with contextlib.suppress(Exception):
            if not self.quiet and in_foreground(self._terminal):
                flags = termios.tcgetattr(self._terminal.fileno())[_LOCAL_FLAGS]
                if flags & termios.ECHO:
                    self._set(echo=False)
                    self._before = flags

    def restore(self) -> None:
        """Turn the echo on again if it was turned off here."""
        if not self.quiet:
            return
        self._before = None
        with contextlib.suppress(Exception):
            if in_foreground(self._terminal):
                self._set(echo=True)

    def _set(self, *, echo: bool) -> None:
        file = self._terminal.fileno()
        attributes = termios.tcgetattr(file)
        if echo:
            attributes[_LOCAL_FLAGS] |= termios.ECHO
        else:
            attributes[_LOCAL_FLAGS] &= ~termios.ECHO
        with _not_stopped():
            termios.tcsetattr(file, termios.TCSANOW, attributes)


@contextlib.contextmanager
def _not_stopped() -> Iterator[None]:
    """Change a terminal without being stopped for that, should it have been taken just now."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
