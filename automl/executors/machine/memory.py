"""How much memory this machine has, and how much a new trial could get of it now.

The only module that reads `/proc/meminfo` and the memory figures of control groups.
"""

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from automl.clock import Clock, SystemClock
from automl.errors import may_pass

CACHE_S = 0.05
"""Seconds for which a figure is kept: a scheduler asks in bursts, memory moves slower."""


SHORT_SHARE = 0.05
"""The machine is short of memory while less than this share of it could be had."""


class MachineMemory(Protocol):
    """The memory that trials share."""

    @property
    def total_bytes(self) -> int:
        """All of it."""
        ...

    def available_bytes(self) -> int:
        """Return what could be had now without swapping; cheap enough to ask before each start."""
        ...


class SystemMemory:
    """The memory of this machine, or of the container if that allows less.

    The limits of the own control group and of those above it are read once; what is available is
    read when asked, at most every `CACHE_S` seconds. File pages that the kernel would drop count as
    available.

    Args:
        clock: tells how old the last figure is.
        root: where `proc` and `sys` are; another folder in tests.
    """

    def __init__(self, clock: Clock, root: Path = Path("/")) -> None:
        self._clock = clock
        self._meminfo = root / "proc/meminfo"
        figures = self._read()
        self._groups = [
            group for group in _memory_groups(root) if group.limit_bytes < figures["MemTotal"]
        ]
        self.total_bytes = min(
            [figures["MemTotal"], *(group.limit_bytes for group in self._groups)]
        )
        self._available = self._measured(figures)
        self._read_at = clock.monotonic()

    def available_bytes(self) -> int:
        """Return what could be had now; the last figure if it is fresh or cannot be read anew."""
        now = self._clock.monotonic()
        if now - self._read_at >= CACHE_S:
            self._read_at = now
            # When no file can be opened at the moment, the last figure is the best one.
            with contextlib.suppress(OSError):
                self._available = self._measured(self._read())
        return self._available

    def _measured(self, figures: dict[str, int]) -> int:
        left = [group.available_bytes() for group in self._groups]
        return int(max(0, min([figures["MemAvailable"], *left])))

    def _read(self) -> dict[str, int]:
        """Return at least MemTotal and MemAvailable in bytes.

        Raises:
            OSError: the file is there but cannot be opened.
        """
        try:
            with open(self._meminfo, "rb") as file:  # noqa: PTH123 - before every start of a trial
                figures = _meminfo_figures(file.read(512))
        except FileNotFoundError:
            figures = {}
        if "MemTotal" in figures and "MemAvailable" in figures:
            return figures
        import psutil  # noqa: PLC0415 - slow, and only for systems without /proc/meminfo

        memory = psutil.virtual_memory()
        return {"MemTotal": memory.total, "MemAvailable": memory.available}


def memory_is_short() -> bool:
    """Tell whether this machine has no memory to spare now; False if it cannot be asked."""
    try:
        memory = SystemMemory(SystemClock())
    except OSError:
        return False
    return memory.available_bytes() < SHORT_SHARE * memory.total_bytes


def _meminfo_figures(head: bytes) -> dict[str, int]:
    """Return the figures of `/proc/meminfo` in bytes by name; the wanted ones come first in it."""
    figures = {}
    for line in head[: head.rfind(b"\n") + 1].splitlines():
        name, _, rest = line.partition(b":")
        words = rest.split()
        if len(words) == 2 and words[1] == b"kB":  # noqa: PLR2004 - a number and its unit
            figures[name.decode()] = int(words[0]) * 1024
    return figures


@dataclass(frozen=True, slots=True)
class _Group:
    """A control group with a memory limit.

    Attributes:
        limit_bytes: what all processes in it may use together.
        usage: the file with what they use, file pages included.
        stat: the file with what that is made of.
        dropped: the line of `stat` with the file pages that the kernel drops first.
    """

    limit_bytes: int
    usage: Path
    stat: Path
    dropped: bytes

    def available_bytes(self) -> float:
        """Return what is left of the limit; infinity if the group cannot be read any more.

        Raises:
            OSError: it cannot be read at the moment.
        """
        try:
            used = int(self.usage.read_bytes())
            for line in self.stat.read_bytes().splitlines():
                name, _, value = line.partition(b" ")
                if name == self.dropped:
                    used -= int(value)
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and may_pass(error.errno):
                raise
            return math.inf
        return self.limit_bytes - max(0, used)


def _memory_groups(root: Path) -> Iterator[_Group]:
    """Yield the own control group and those above it, as far as they are limited and readable."""
    try:
        memberships = (root / "proc/self/cgroup").read_text().splitlines()
        mounts = (root / "proc/self/mountinfo").read_text().splitlines()
    except OSError:
        return
    for membership in memberships:
        _, controllers, group = membership.split(":", 2)
        is_v2 = not controllers
        if is_v2 or "memory" in controllers.split(","):
            for mount in mounts:
                if found := _folder(mount, group, is_v2=is_v2):
                    yield from _limited(root, *found, is_v2=is_v2)


def _folder(mount: str, group: str, *, is_v2: bool) -> tuple[PurePosixPath, PurePosixPath] | None:
    """Return where a line of mountinfo mounts the controller, and the group's folder below it.

    In a container the group's name may lie outside of what is mounted: then the mount is the group.
    """
    before, _, after = mount.partition(" - ")
    fields, (kind, _, options, *_) = before.split(), [*after.split(), "", "", ""]
    if kind != ("cgroup2" if is_v2 else "cgroup"):
        return None
    if not is_v2 and "memory" not in options.split(","):
        return None
    top, point = PurePosixPath(fields[3]), PurePosixPath(fields[4])
    own = PurePosixPath(group)
    if ".." in own.parts or not own.is_relative_to(top):
        return point, point
    return point, point / own.relative_to(top)


def _limited(
    root: Path, point: PurePosixPath, own: PurePosixPath, *, is_v2: bool
) -> Iterator[_Group]:
    """Yield the groups with a limit from `own` up to the mount point, both included."""
    limit, usage, dropped = (
        ("memory.max", "memory.current", b"inactive_file")
        if is_v2
        else ("memory.limit_in_bytes", "memory.usage_in_bytes", b"total_inactive_file")
    )
    for folder in (own, *own.parents):
        if not folder.is_relative_to(point):
            return
        path = root / folder.relative_to("/")
        try:
            # An unlimited group says `max` in version 2, and a huge number in version 1.
            limit_bytes = int((path / limit).read_bytes())
        except (OSError, ValueError):
            continue
        yield _Group(limit_bytes, path / usage, path / "memory.stat", dropped)
