"""The lower lines of a terminal: a picture that is replaced while text goes by above it."""

import os
import threading
from collections.abc import Sequence
from typing import TextIO

from automl.streams import in_foreground, patient

_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
"""Between them, a terminal that knows of synchronized updates shows nothing half drawn; others pass
over them."""

_TO_END_OF_LINE, _TO_END_OF_SCREEN = "\x1b[K", "\x1b[J"
_UP, _DOWN = "\x1b[A", "\x1b[B"


class Screen:
    """Keeps a picture below the text of a terminal.

    Between two changes the cursor rests on the first letter of the picture. Wherever the picture
    is moved or wrapped to when the window changes, the cursor goes with it, so everything from
    there on is the picture: nobody needs to know how the terminal wrapped it.

    Text and pictures may come from several threads.

    Args:
        stream: the terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = patient(stream)
        self._terminal = stream
        self._lock = threading.RLock()
        self._lines: tuple[str, ...] = ()
        self._size = self.size()

    def size(self) -> tuple[int, int]:
        """Return columns and lines, as they are now."""
        try:
            size = os.get_terminal_size(self._terminal.fileno())
        except (AttributeError, OSError, ValueError):
            return 80, 24
        return size.columns or 80, size.lines or 24

    def show(self, lines: Sequence[str], size: tuple[int, int]) -> None:
        """Replace the picture; on a terminal that another program has now, show none.

        Args:
            lines: the picture, with fewer letters than the window has columns.
            size: of the window for which it was made; one for another window is not shown.

        Raises:
            OSError: the terminal takes nothing.
        """
        with self._lock:
            if not in_foreground(self._terminal):
                self._lines = ()
                return
            if size != self.size():
                return
            # What was wrapped when the window became narrower takes more lines than it had.
            moved = bool(self._lines) and size != self._size
            if tuple(lines) != self._lines or moved:
                first = _erased(len(self._lines)) if moved else ""
                self._size, self._lines = size, tuple(lines)
                self._write(f"{_BEGIN}\r{first}{self._picture()}{_END}")

    def above(self, text: str) -> None:
        """Write whole lines of text above the picture.

        Raises:
            OSError: the terminal takes nothing.
        """
        with self._lock:
            if self._lines and in_foreground(self._terminal):
                erased = _erased(len(self._lines))
                if self.size() != self._size:
                    # The picture does not fit the window any more; another is shown soon.
                    self._lines = ()
                text = f"{_BEGIN}\r{erased}{text}{self._picture()}{_END}"
            self._write(text)

    def clear(self, limit_s: float = -1) -> None:
        """Take the picture off, and leave the cursor where it began.

        Args:
            limit_s: for how long another thread is waited for that writes just now; below zero for
                any time.

        Raises:
            OSError: the terminal takes nothing.
        """
        taken = self._lock.acquire(timeout=limit_s)
        try:
            if self._lines and in_foreground(self._terminal):
                self._write(f"\r{_erased(len(self._lines))}")
            self._lines = ()
        finally:
            if taken:
                self._lock.release()

    def _picture(self) -> str:
        if not self._lines:
            return ""
        lines = f"{_TO_END_OF_LINE}\r\n".join(self._lines)
        back = f"\x1b[{len(self._lines) - 1}A" if len(self._lines) > 1 else ""
        return f"{lines}{_TO_END_OF_LINE}{_TO_END_OF_SCREEN}\r{back}"

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _erased(lines: int) -> str:
    """Return what erases a picture of so many lines from its first letter on.

    Not at once, as tmux keeps in its history what is erased from the first letter of the window on.
    """
    if lines == 1:
        return _TO_END_OF_SCREEN
    return f"{_TO_END_OF_LINE}{_DOWN}{_TO_END_OF_SCREEN}{_UP}"
