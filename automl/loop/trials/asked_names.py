"""The names that the process of a trial asks for, read while it runs."""

import os
from collections.abc import Iterator

from automl.inside.drawn import Drawn, drawn_of
from automl.inside.files import record_of


class AskedNames:
    """Reads on in the file to which a trial's process writes what it asks for.

    Args:
        path: the file.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._read = 0
        self._rest = b""

    def read(self) -> list[Drawn]:
        """Return what was written since the last call, without a line that is not finished.

        Raises:
            OSError: it is there and cannot be read; nothing is lost, read again.
        """
        try:
            if os.stat(self._path).st_size <= self._read:  # noqa: PTH116 - for every running trial
                return []
            with open(self._path, "rb") as file:  # noqa: PTH123 - the same
                file.seek(self._read)
                content = file.read()
        except FileNotFoundError:
            return []
        self._read += len(content)
        *lines, self._rest = (self._rest + content).split(b"\n")
        return list(_told(lines))


def _told(lines: list[bytes]) -> Iterator[Drawn]:
    for line in lines:
        record = record_of(line.decode(errors="replace"))
        if record and (drawn := drawn_of(record)):
            yield drawn
