"""Which process is which: a pid alone names another process once it was reused."""

import functools
import os
import socket
import sys
from pathlib import Path


@functools.cache
def host() -> str:
    """Return this machine's name."""
    return socket.gethostname()


@functools.cache
def boot_id() -> str:
    """Return a text that changes with every start of the machine."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        import psutil  # noqa: PLC0415 - slow, and only for systems without /proc

        return str(int(psutil.boot_time()))


def start_time(pid: int) -> int | None:
    """Return when a process started, in the kernel's own ticks; None if there is none.

    A zombie counts as none. On Linux the figure comes from the time since boot, so a clock that
    jumps does not change it.
    """
    if sys.platform == "linux":
        try:
            with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - the hot path of a launch
                # The name in brackets may hold anything, so count from its last bracket.
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            return None
        return None if fields[0] in b"ZX" else int(fields[19])
    import psutil  # noqa: PLC0415

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return int(process.create_time() * 1000)
    except psutil.Error:
        return None


def is_running(pid: int, started: int) -> bool:
    """Tell whether the process `pid` that started at `started` is alive."""
    return start_time(pid) == started


def group_exists(group: int) -> bool:
    """Tell whether any process is in a process group."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
