"""One control group of Linux (version 2): who is in it, what it used, its limit and its end.

Every figure comes from a file that may be missing or refuse; then the answer is None or empty, and
whoever asked goes on without.
"""

import contextlib
import os
from collections.abc import Iterator

_PLAIN_LINKS = 2
"""Links of a group's folder without groups below it."""


class Group:
    """A control group that holds the processes of one launch after another.

    Args:
        path: its folder, which exists.
        base_usec: CPU time in it that is not the launch's; what was used so far if None.

    Raises:
        OSError: its files cannot be opened.
    """

    def __init__(self, path: str, base_usec: int | None = None) -> None:
        self.path = path
        self.path_bytes = os.fsencode(path)
        self.limited = False
        self._events = os.open(f"{path}/cgroup.events", os.O_RDONLY | os.O_CLOEXEC)
        try:
            self._cpu = os.open(f"{path}/cpu.stat", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            os.close(self._events)
            raise
        self._killed = 0
        self.base_usec = (self._used_usec() or 0) if base_usec is None else base_usec

    def begin(self) -> bool:
        """Count from now on for another launch; False if the group is gone or not empty."""
        used = self._used_usec()
        if used is None or self.populated:
            return False
        self.base_usec = used
        return True

    @property
    def populated(self) -> bool:
        """Whether any process is in it or below; True if it cannot be asked."""
        with contextlib.suppress(OSError):
            return b"populated 0" not in os.pread(self._events, 256, 0)
        return not self.gone

    @property
    def gone(self) -> bool:
        """Whether the group was removed."""
        return not os.path.isdir(self.path)  # noqa: PTH112 - asked in the hot path of a launch

    def cpu_s(self) -> float | None:
        """Return the CPU seconds that the launch used; None if it never entered the group."""
        used = self._used_usec()
        if used is None or used <= self.base_usec:
            return None
        return (used - self.base_usec) / 1e6

    def pids(self) -> list[int]:
        """Return the pids in it and below."""
        return list(self._pids(self.path))

    def kill(self) -> None:
        """Kill all in it and below in one step, which no process can outrun."""
        self._write("cgroup.kill", "1")

    def limit_memory(self, limit_bytes: int | None) -> bool:
        """Set what all in it may use together; return whether the kernel keeps that limit.

        Nothing is swapped under a limit, and one that needs more is killed whole.
        """
        if limit_bytes is None and not self.limited:
            return False
        self._killed = self._kills() or 0
        text = "max" if limit_bytes is None else str(limit_bytes)
        self.limited = self._write("memory.max", text) and limit_bytes is not None
        self._write("memory.swap.max", "0" if self.limited else "max")
        self._write("memory.oom.group", "1" if self.limited else "0")
        return self.limited

    def keep_limit(self) -> None:
        """Take note of the limit that it has already."""
        self.limited = limits_memory(self.path)
        if self.limited:
            self._killed = self._kills() or 0

    def ran_out_of_memory(self) -> bool:
        """Tell whether the kernel killed a process of this launch for want of memory."""
        return self.limited and (self._kills() or 0) > self._killed

    def passed_own_limit(self) -> bool:
        """Tell whether it ran out of its own limit, not of the machine's memory or an outer one."""
        return self.ran_out_of_memory() and self._counted(b"oom") != 0

    def remove(self) -> bool:
        """Free everything and remove the group and those below; False if it is not empty."""
        self.free()
        return remove_tree(self.path)

    def free(self) -> None:
        """Close the files; the group stays."""
        for file in (self._events, self._cpu):
            if file >= 0:
                os.close(file)
        self._events = self._cpu = -1

    def _used_usec(self) -> int | None:
        try:
            head = os.pread(self._cpu, 64, 0)
        except OSError:
            return None
        words = head.split(None, 2)
        return int(words[1]) if len(words) > 1 and words[0] == b"usage_usec" else None

    def _kills(self) -> int | None:
        return self._counted(b"oom_kill")

    def _counted(self, what: bytes) -> int | None:
        try:
            with open(f"{self.path}/memory.events", "rb") as file:  # noqa: PTH123
                words = file.read().split()
            return int(words[words.index(what) + 1])
        except (OSError, ValueError, IndexError):
            return None

    def _pids(self, folder: str) -> Iterator[int]:
        with contextlib.suppress(OSError):
            with open(f"{folder}/cgroup.procs", "rb") as file:  # noqa: PTH123 - each second
                yield from map(int, file.read().split())
            if os.stat(folder).st_nlink != _PLAIN_LINKS:  # noqa: PTH116
                for below in subfolders(folder):
                    yield from self._pids(below)

    def _write(self, name: str, text: str) -> bool:
        # Never made if missing: in a real group it cannot be, and it would stay in a false one.
        try:
            file = os.open(f"{self.path}/{name}", os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            os.write(file, text.encode())
        except OSError:
            return False
        finally:
            os.close(file)
        return True


def limits_memory(folder: str) -> bool:
    """Tell whether a group has a memory limit, by whomever it was set."""
    try:
        with open(f"{folder}/memory.max", "rb") as file:  # noqa: PTH123 - for each adopted launch
            return file.read().strip() != b"max"
    except OSError:
        return False


def subfolders(folder: str) -> list[str]:
    """Return the folders in a folder."""
    with os.scandir(folder) as entries:
        return [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]


def remove_tree(path: str) -> bool:
    """Remove a group and those below it; False if a process is in one of them."""
    # Most have none below them; that takes no file descriptor, of which none may be left.
    with contextlib.suppress(OSError):
        os.rmdir(path)  # noqa: PTH106
        return True
    try:
        for below in subfolders(path):
            remove_tree(below)
        os.rmdir(path)  # noqa: PTH106
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
