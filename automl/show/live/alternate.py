"""The alternate screen of a terminal: what stood there before is there again afterwards."""

from contextlib import suppress
from types import TracebackType
from typing import Self, TextIO

from automl.show.live.pauses import PAUSES
from automl.streams import in_foreground

_ENTER, _LEAVE = "\x1b[?1049h\x1b[H\x1b[?25l", "\x1b[?25h\x1b[?1049l"


class AlternateScreen:
    """Shows what is written to a terminal on its other screen, without a cursor, within `with`.

    While the process is stopped (Ctrl-Z), the shell has the usual one.

    Args:
        terminal: the terminal.
    """

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal

    def __enter__(self) -> Self:
        """Show the other screen."""
        PAUSES.watch()
        PAUSES.add(self)
        self._write(_ENTER)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Show the usual one again; a terminal that is gone has none."""
        PAUSES.remove(self)
        PAUSES.unwatch()
        with suppress(OSError, ValueError):
            self._write(_LEAVE)

    def pause(self) -> None:
        """Leave the terminal to the shell."""
        with suppress(OSError, ValueError):
            self._write(_LEAVE)

    def go_on(self) -> None:
        """Take the terminal again, if the shell gave it back."""
        with suppress(OSError, ValueError):
            if in_foreground(self._terminal):
                self._write(_ENTER)

    def _write(self, text: str) -> None:
        self._terminal.write(text)
        self._terminal.flush()
