"""What a program printed into a file, passed on as the file grows."""

import os
from collections.abc import Callable
from pathlib import Path

_BLOCK_BYTES = 1 << 16


class Printed:
    """Passes on what a file gains, from its beginning; a file that is new is begun anew.

    Args:
        path: the file, which need not be there yet.
        write: takes each piece.
    """

    def __init__(self, path: Path, write: Callable[[bytes], object]) -> None:
        self._path = path
        self._write = write
        self._offset = 0
        self._file_id = 0

    def more(self) -> bool:
        """Pass on what the file has gained; return whether that was anything."""
        try:
            with self._path.open("rb") as file:
                self._begin_anew_if_another(file.fileno())
                file.seek(self._offset)
                before = self._offset
                while piece := file.read(_BLOCK_BYTES):
                    self._write(piece)
                    self._offset += len(piece)
        except FileNotFoundError:
            return False
        return self._offset > before

    def _begin_anew_if_another(self, file: int) -> None:
        """Go back to the beginning where another attempt's file is there, or it was cut."""
        status = os.fstat(file)
        if status.st_ino != self._file_id or status.st_size < self._offset:
            self._offset = 0
        self._file_id = status.st_ino
