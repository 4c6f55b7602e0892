"""How much of the disk a folder takes, found out beside whatever else is done."""

import os
import threading

from automl.patience import start_thread

_BLOCK_BYTES = 512

_LEAVE_S = 0.05
"""Seconds that the thread gets to end once it was told to."""


class FolderSize:
    """Adds up what the files below a folder take of the disk, in a thread, from now on.

    Each file counts once, however many names it has; what a link leads to does not count.

    Args:
        path: the folder.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._folders = [os.fspath(path)]
        self._seen: set[tuple[int, int]] = set()
        self._size_bytes = 0
        self._stopped = False
        self._thread: threading.Thread | None = None
        thread = threading.Thread(target=self._run, name="automl-size", daemon=True)
        try:
            start_thread(thread)
        except OSError:
            # The machine has other worries; nobody needs this number.
            return
        self._thread = thread

    def known(self, limit_s: float | None) -> tuple[int, bool]:
        """Return the bytes that were found, and whether that is all; nothing is added later.

        Args:
            limit_s: the seconds to wait for the rest, None for as long as it takes.
        """
        if self._thread is None:
            return 0, False
        self._thread.join(limit_s)
        whole = not self._thread.is_alive()
        self._stopped = True
        if not whole:
            self._thread.join(_LEAVE_S)
        return self._size_bytes, whole

    def _run(self) -> None:
        while self._folders and not self._stopped:
            try:
                with os.scandir(self._folders.pop()) as entries:
                    for entry in entries:
                        self._add(entry)
                        if self._stopped:
                            return
            except OSError:
                # It went away meanwhile, or is not to be read: all else counts.
                continue

    def _add(self, entry: os.DirEntry[str]) -> None:
        found = entry.stat(follow_symlinks=False)
        if entry.is_dir(follow_symlinks=False):
            self._folders.append(entry.path)
        elif found.st_nlink > 1:
            name = found.st_dev, found.st_ino
            if name in self._seen:
                return
            self._seen.add(name)
        self._size_bytes += found.st_blocks * _BLOCK_BYTES
