"""File descriptors that are held ready, so that a stop works while no file can be opened."""

import contextlib
import os
from collections.abc import Iterator

_COUNT = 4
"""Enough to list a folder, read a file of it, and hold a process, with one to spare."""


class Spare:
    """Holds some open files whose place others may have for a moment.

    Each is a file of its own rather than a duplicate: so its place in the table of the whole
    machine becomes free too.
    """

    def __init__(self) -> None:
        self._files: list[int] = []
        self._depth = 0
        self._fill()

    @contextlib.contextmanager
    def lent(self) -> Iterator[None]:
        """Return a context in which a few files can be opened, to be closed within it."""
        self._depth += 1
        self._empty()
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth:
                self._fill()

    def close(self) -> None:
        """Free all of them; from then on there is nothing to lend."""
        self._empty()
        # As if lent for ever: a late look must not fill it again.
        self._depth += 1

    def _fill(self) -> None:
        # What cannot be had back now is had back after the next loan.
        with contextlib.suppress(OSError):
            while len(self._files) < _COUNT:
                self._files.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))

    def _empty(self) -> None:
        while self._files:
            os.close(self._files.pop())
