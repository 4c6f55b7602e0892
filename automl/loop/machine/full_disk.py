"""Whether a disk is full, and whether it was when a trial failed."""

import os
from collections.abc import Iterable

from automl.errors import StorageError

_LEAST_BYTES = 16 << 10
"""A file system with less room is full: a write that fails leaves a few blocks at the most."""


class Disks:
    """Remembers that a disk was full when a trial failed.

    Args:
        folders: where trials and the controller write.
    """

    def __init__(self, *folders: str) -> None:
        self._folders = folders
        self._waits = False

    def full_for(self, folder: str) -> bool:
        """Tell whether a disk is full that a trial with this folder writes to, and remember it."""
        full = bool(full_disk((folder, *self._folders)))
        self._waits = self._waits or full
        return full

    def check(self) -> None:
        """Raise StorageError as long as a disk is full that was full when a trial failed."""
        if self._waits:
            full = full_disk(self._folders)
            if full:
                raise StorageError(f"the disk of {full} is full")
            self._waits = False


def full_disk(folders: Iterable[str]) -> str:
    """Return the first folder whose file system has no room for data or files; empty for none.

    A file system that does not tell, and a folder that cannot be asked, count as having room.
    """
    return next((folder for folder in folders if _is_full(folder)), "")


def _is_full(folder: str) -> bool:
    try:
        room = os.statvfs(folder)
    except OSError:
        return False
    # What is kept for root counts as room for root alone.
    root = os.geteuid() == 0
    blocks, files = (room.f_bfree, room.f_ffree) if root else (room.f_bavail, room.f_favail)
    return (room.f_blocks > 0 and blocks * room.f_frsize < _LEAST_BYTES) or (
        room.f_files > 0 and files == 0
    )
