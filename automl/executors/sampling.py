"""What running launches use of the memory, looked at now and then."""

import contextlib
import os
import sys
from collections.abc import Iterable

from automl.executors.identity import Process

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def resident_bytes(processes: Iterable[Process]) -> int:
    """Return the resident memory of processes together.

    Pages that several of them share count once for each, as finding out who shares what takes the
    kernel long; so the sum is never too small.
    """
    return sum(_resident_bytes(process.pid) for process in processes)


def _resident_bytes(pid: int) -> int:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/statm", "rb") as file:  # noqa: PTH123 - each second
                return int(file.read().split()[1]) * _PAGE_BYTES
        return 0
    import psutil  # noqa: PLC0415 - 40 ms, and only for systems without /proc

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


class OomKills:
    """Notices when the kernel killed some process of this machine for want of memory.

    Args:
        path: the file with the kernel's counter.
    """

    def __init__(self, path: str = "/proc/vmstat") -> None:
        self._path = path
        self._count = self._read()
        self._rose_at: float | None = None

    def look(self, now: float) -> None:
        """Read the counter; `now` is the monotonic second."""
        count = self._read()
        if count > self._count:
            self._rose_at = now
        self._count = count

    def since(self, moment: float) -> bool:
        """Tell whether a look after `moment` found that the counter rose."""
        return self._rose_at is not None and self._rose_at >= moment

    def _read(self) -> int:
        with contextlib.suppress(OSError, ValueError, IndexError):
            with open(self._path, "rb") as file:  # noqa: PTH123 - each second
                words = file.read().split()
            return int(words[words.index(b"oom_kill") + 1])
        return 0
