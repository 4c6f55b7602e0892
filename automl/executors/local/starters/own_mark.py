"""The mark that others read in the environment with which a process began, changed by a fork.

The kernel shows the memory that held the environment at the start, not what was set since. A fork
that runs no other program has that of its parent, so it writes its own mark over it, in place.
"""

import errno
import os
from typing import NamedTuple

_ENV_START, _ENV_END = 47, 48
"""The places of two addresses behind the name in `/proc/PID/stat`."""


class OwnMark(NamedTuple):
    """Where the memory of this process, and of its forks, holds the mark.

    Attributes:
        address: where its value begins.
        room: how many bytes it has.
    """

    address: int
    room: int

    def check(self, mark: bytes) -> None:
        """Raise OSError if another mark does not fit."""
        if len(mark) > self.room:
            raise OSError(errno.E2BIG, os.strerror(errno.E2BIG))

    def put(self, mark: bytes) -> None:
        """Put another mark in its place, which fits.

        Raises:
            OSError: the memory cannot be written to.
        """
        # Opened here, as it stands for the memory of the process that opens it.
        memory = os.open("/proc/self/mem", os.O_RDWR)
        try:
            os.pwrite(memory, mark.ljust(self.room, b"\0"), self.address)
        finally:
            os.close(memory)


def own_mark(name: bytes, mark: bytes) -> OwnMark | None:
    """Return where a mark is, None where the program has written something else over it.

    Args:
        name: what the variable is called.
        mark: the value that it began with.
    """
    with open("/proc/self/stat", "rb") as file:  # noqa: PTH123 - no pathlib here
        stat = file.read().rpartition(b")")[2].split()
    start, end = int(stat[_ENV_START]), int(stat[_ENV_END])
    memory = os.open("/proc/self/mem", os.O_RDONLY)
    try:
        # As if there was another variable before it.
        environ = b"\0" + os.pread(memory, end - start, start)
    finally:
        os.close(memory)
    place = environ.find(b"\0" + name + b"=" + mark + b"\0")
    return None if place < 0 else OwnMark(start + place + len(name) + 1, len(mark))
