"""The alternate screen of a terminal: what stood there before is there again afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

_ENTER, _LEAVE = "\x1b[?1049h\x1b[H\x1b[?25l", "\x1b[?25h\x1b[?1049l"


@contextmanager
def alternate_screen(terminal: TextIO) -> Iterator[None]:
    """Show what is written to a terminal on its other screen, without a cursor."""
    terminal.write(_ENTER)
    terminal.flush()
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            terminal.write(_LEAVE)
            terminal.flush()
