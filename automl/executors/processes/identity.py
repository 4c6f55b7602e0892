"""Which process is which: a pid alone names another process once it was reused."""

import contextlib
import functools
import os
import socket
import sys
from pathlib import Path
from typing import NamedTuple

from automl.errors import may_pass


class Process(NamedTuple):
    """One process and no other, however often its pid is used again.

    Attributes:
        pid: its number.
        start: when it started, as `start_time` tells it.
    """

    pid: int
    start: int


def pid_namespace() -> str:
    """Return what tells the pid namespace of this process from others; `0` where there are none."""
    try:
        return str(os.stat("/proc/self/ns/pid").st_ino)  # noqa: PTH116 - beside the other looks
    except OSError:
        return "0"


class Stat(NamedTuple):
    """What the kernel says about a process.

    Attributes:
        dead: whether it ended and only waits for its parent to take note.
        parent: pid of its parent.
        group: its process group.
        session: its session.
        start: when it started, in ticks since the machine did.
    """

    dead: bool
    parent: int
    group: int
    session: int
    start: int


@functools.cache
def host() -> str:
    """Return this machine's name."""
    return socket.gethostname()


@functools.cache
def boot_id() -> str:
    """Return a text that changes with every start of the machine.

    Raises:
        OSError: the machine cannot tell now.
    """
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError as error:
        if may_pass(error.errno):
            raise
        import psutil  # noqa: PLC0415 - slow, and only for systems without /proc

        return str(int(psutil.boot_time()))


def read_stat(pid: int) -> Stat | None:
    """Return what Linux says about a process, None if there is none.

    Raises:
        OSError: it could not be asked, as for want of file descriptors.
    """
    try:
        file = os.open(f"/proc/{pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        # The name in brackets may hold anything, so count from its last bracket.
        fields = os.read(file, 1024).rpartition(b")")[2].split(None, 20)
    except ProcessLookupError:
        return None
    finally:
        os.close(file)
    # A process whose first thread ended shows as a zombie too while other threads go on.
    dead = fields[0] in b"ZX" and int(fields[17]) <= 1
    return Stat(dead, int(fields[1]), int(fields[2]), int(fields[3]), int(fields[19]))


def start_time(pid: int) -> int | None:
    """Return when a process started, in the kernel's own ticks; None if there is none.

    A zombie counts as none. On Linux the figure comes from the time since boot, so a clock that
    jumps does not change it.
    """
    if sys.platform == "linux":
        try:
            stat = read_stat(pid)
        except OSError:
            return None
        return None if stat is None or stat.dead else stat.start
    import psutil  # noqa: PLC0415

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return int(process.create_time() * 1000)
    except psutil.Error:
        return None


def has_ended(pid: int) -> bool:
    """Tell whether a process ended, reaped or not; False if it cannot be told now."""
    try:
        # Of a child the kernel tells without a file descriptor.
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        pass
    if sys.platform != "linux":
        return start_time(pid) is None
    try:
        # That a pid is free can be told without a file descriptor too.
        with contextlib.suppress(PermissionError):
            os.kill(pid, 0)
        stat = read_stat(pid)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return stat is None or stat.dead


def read_birth(pid: int) -> int:
    """Return when a child of ours started, as `start_time` does, also if it ended since.

    Raises:
        OSError: the system could not be asked, as for want of file descriptors.
    """
    if sys.platform == "linux":
        stat = read_stat(pid)
        return stat.start if stat else 0
    import psutil  # noqa: PLC0415

    try:
        return int(psutil.Process(pid).create_time() * 1000)
    except psutil.Error:
        return 0


def is_running(process: Process) -> bool:
    """Tell whether that very process is alive."""
    return start_time(process.pid) == process.start


def group_exists(group: int) -> bool:
    """Tell whether any process is in a process group."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
