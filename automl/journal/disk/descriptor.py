"""Open files that a child forked by the user's script does not keep.

A lock (`flock`) belongs to all processes that have inherited its descriptor. A child that a script
forks, such as a worker of `multiprocessing`, would hold a study long after its controller died.
"""

import contextlib
import fcntl
import os
import threading
from pathlib import Path

from automl.journal.disk.files import open_regular

# Reentrant, as a signal handler may fork while this very thread opens a file.
_FORKING = threading.RLock()
_OPEN: set["Descriptor"] = set()
_watched = threading.Event()


class Descriptor:
    """One open file, closed by `close`, and in a forked child at once.

    Raises:
        OSError: as `open_regular`.

    Attributes:
        number: the file descriptor; -1 once it is closed.
    """

    def __init__(self, path: Path, flags: int) -> None:
        _watch_forks()
        # No fork may happen between the two, or the child would not know of it.
        with _FORKING:
            self.number = open_regular(path, flags)
            _OPEN.add(self)

    def close(self) -> None:
        """Give up the lock and close the file; closing it again changes nothing."""
        with _FORKING:
            _OPEN.discard(self)
            number, self.number = self.number, -1
        if number < 0:
            return
        with contextlib.suppress(OSError):
            # For all who have it at once: a child between fork and exec still has a copy.
            fcntl.flock(number, fcntl.LOCK_UN)
        with contextlib.suppress(OSError):
            os.close(number)


def _watch_forks() -> None:
    with _FORKING:
        if not _watched.is_set():
            _watched.set()
            os.register_at_fork(
                before=_FORKING.acquire,
                after_in_parent=_FORKING.release,
                after_in_child=_let_go,
            )


def _let_go() -> None:
    """Close all of them in a forked child, without giving up the locks, which are the parent's."""
    for one in _OPEN:
        with contextlib.suppress(OSError):
            os.close(one.number)
        one.number = -1
    _OPEN.clear()
    _FORKING.release()
