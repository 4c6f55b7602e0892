"""Open files that a child forked by the user's script does not keep.

A lock (`flock`) belongs to all processes that have inherited its descriptor. A child that a script
forks, such as a worker of `multiprocessing`, would hold a study long after its controller died.
"""

import contextlib
import fcntl
import functools
import os
from pathlib import Path

from automl.forks import held_off, in_each_child
from automl.journal.disk.files import open_regular

_OPEN: set["Descriptor"] = set()


class Descriptor:
    """One open file, closed by `close`, and in a forked child at once.

    Raises:
        OSError: as `open_regular`.

    Attributes:
        number: the file descriptor; -1 once it is closed.
    """

    def __init__(self, path: Path, flags: int) -> None:
        _let_go_in_children()
        # No fork may happen between the two, or the child would not know of it.
        with held_off():
            self.number = open_regular(path, flags)
            _OPEN.add(self)

    def close(self) -> None:
        """Give up the lock and close the file; closing it again changes nothing."""
        with held_off():
            _OPEN.discard(self)
            number, self.number = self.number, -1
        if number < 0:
            return
        with contextlib.suppress(OSError):
            # For all who have it at once: a child between fork and exec still has a copy.
            fcntl.flock(number, fcntl.LOCK_UN)
        with contextlib.suppress(OSError):
            os.close(number)


@functools.cache
def _let_go_in_children() -> None:
    in_each_child(_let_go)


def _let_go() -> None:
    """Close all of them in a forked child, without giving up the locks, which are the parent's."""
    for one in _OPEN:
        with contextlib.suppress(OSError):
            os.close(one.number)
        one.number = -1
    _OPEN.clear()
