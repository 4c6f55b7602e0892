"""What running launches use of the memory, looked at now and then."""

import contextlib
import logging
import os
import sys
from collections.abc import Collection, Iterable

from automl.executors.local.running import Running
from automl.executors.machine.memory import memory_is_short
from automl.executors.processes.proctree import ProcessTable

logger = logging.getLogger(__name__)

SAMPLE_S = 1.0
"""Seconds between two looks at the memory of running launches."""

WALK_SAMPLE_S = 5.0
"""The same where it takes a walk of the process table and no limit depends on it."""

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def resident_bytes(pids: Iterable[int]) -> int:
    """Return the resident memory of processes together.

    Pages that several of them share count once for each, as finding out who shares what takes the
    kernel long; so the sum is never too small.
    """
    return sum(map(_resident_bytes, pids))


def _resident_bytes(pid: int) -> int:
    if sys.platform == "linux":
        try:
            with open(f"/proc/{pid}/statm", "rb") as file:  # noqa: PTH123 - each second
                return int(file.read().split()[1]) * _PAGE_BYTES
        except OSError:
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
        # A counter that cannot be read at the moment has not fallen to nothing.
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


class MemorySampler:
    """Looks at the memory of running launches now and then, and notes the most that was seen.

    Args:
        now: this monotonic second.
        oom: looks along.

    Attributes:
        next_s: the monotonic second of the next look.
    """

    def __init__(self, now: float, oom: OomKills) -> None:
        self._oom = oom
        self.next_s = now + SAMPLE_S

    def over_limit(self, launches: Collection[Running], now: float) -> list[Running]:
        """Return the launches that use more than they may; none if it is not time to look."""
        if now < self.next_s or not launches:
            return []
        self._oom.look(now)
        walked = [running for running in launches if not running.in_group]
        limited = any(running.limit_bytes is not None for running in walked)
        self.next_s = now + (WALK_SAMPLE_S if walked and not limited else SAMPLE_S)
        table = ProcessTable() if walked else None
        return [running for running in launches if self._passes_limit(running, table)]

    def _passes_limit(self, running: Running, table: ProcessTable | None) -> bool:
        found: Iterable[int] = ()
        if running.in_group and running.group:
            found = running.group.pids()
        elif table:
            own = table.of(running.leader, running.mark, marks=False)
            found = [process.pid for process in own]
        used, limit = resident_bytes(found), running.limit_bytes
        running.peak_bytes = max(running.peak_bytes, used)
        if limit is None or used <= limit:
            return False
        if not running.over_limit:
            running.over_limit = True
            running.was_short = memory_is_short()
            logger.warning(
                "trial %d: killed, as it uses %d MB of the %d MB that it may",
                running.trial_id,
                used >> 20,
                limit >> 20,
            )
        return True
