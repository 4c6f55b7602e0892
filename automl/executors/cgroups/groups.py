"""The control groups of one controller: found, made, lent to launches, removed."""

import contextlib
import itertools
import logging
import os
import re
from pathlib import Path

from automl.executors.cgroups.group import Group, remove_tree, subfolders
from automl.executors.processes.identity import Process, is_running, pid_namespace, start_time

logger = logging.getLogger(__name__)

_numbers = itertools.count()
"""Shared by all pools of this process, so that none takes another's group."""

_NAME = re.compile(r"automl-(?:(\d+)n)?(\d+)-(\d+)-\d+")
"""Of a controller: its pid namespace (earlier releases left that out), its pid and its start.

Containers may share one tree of groups, and a pid means another process in each of them.
"""


class Groups:
    """A pool of groups below one that is ours; a launch borrows one, so few are ever made.

    Args:
        base: folder of the group below which they are made.

    Raises:
        OSError: no group can be made there.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._namespace = pid_namespace()
        own = f"{os.getpid()}-{start_time(os.getpid()) or 0}"
        self._own = f"automl-{self._namespace}n{own}"
        self._free: list[Group] = []
        self._has_memory: bool | None = None
        self._remove_orphans()
        first = self._make()
        if not os.access(f"{first.path}/cgroup.kill", os.W_OK):
            first.remove()
            raise OSError(f"{base} has no cgroup.kill")
        self._free.append(first)

    def take(self, memory_bytes: int | None) -> Group | None:
        """Return an empty group with that limit, as far as it can keep one; None if there is none.

        Whether it keeps the limit says its `limited`.
        """
        while self._free:
            group = self._free.pop()
            if group.begin():
                break
            group.remove()
        else:
            try:
                group = self._make()
            except OSError:
                return None
        if memory_bytes is not None and self._has_memory is None:
            self._has_memory = self._ask_for_memory()
        group.limit_memory(memory_bytes)
        return group

    def give_back(self, group: Group) -> None:
        """Take back the group of a launch that is over."""
        if os.path.dirname(group.path) == self._base and self._own in group.path:  # noqa: PTH120
            self._free.append(group)
        else:
            # One of an earlier controller, whose trial was adopted.
            group.remove()

    def adopt(self, path: str, base_usec: int | None) -> Group | None:
        """Return the group in which a launch of an earlier controller runs; None if it is gone.

        Args:
            path: its folder, or its name alone if it is below the same group as ours.
            base_usec: CPU time in it before that launch; unknown if None.
        """
        path = os.path.join(self._base, path)  # noqa: PTH118
        if not _NAME.fullmatch(os.path.basename(path)):  # noqa: PTH119
            return None
        try:
            group = Group(path, base_usec)
        except OSError:
            return None
        group.keep_limit()
        return group

    def close(self) -> None:
        """Remove the groups that are not lent; those lent stay with their launches."""
        while self._free:
            self._free.pop().remove()

    def _make(self) -> Group:
        while True:
            path = f"{self._base}/{self._own}-{next(_numbers)}"
            # One may be there from before this process became another program by `exec`.
            with contextlib.suppress(FileExistsError):
                os.mkdir(path)  # noqa: PTH102
                break
        try:
            return Group(path)
        except OSError:
            remove_tree(path)
            raise

    def _ask_for_memory(self) -> bool:
        """Try to have memory counted and limited in the groups below the base."""
        with contextlib.suppress(OSError):
            # Refused where the base holds processes itself, unless it is the topmost group.
            Path(self._base, "cgroup.subtree_control").write_text("+memory")
            return True
        logger.debug("%s: no memory limits by control groups; memory is sampled", self._base)
        return False

    def _remove_orphans(self) -> None:
        for folder in subfolders(self._base):
            match = _NAME.fullmatch(os.path.basename(folder))  # noqa: PTH119
            if match is None or (match[1] or self._namespace) != self._namespace:
                continue
            if not is_running(Process(int(match[2]), int(match[3]))):
                # One that still holds a trial refuses, and stays for whoever adopts that.
                remove_tree(folder)


def open_groups(root: str = "/") -> Groups | None:
    """Return the pool of groups below this process's own group; None where none can be made.

    Args:
        root: where `proc` and the mounts are; another folder in tests.
    """
    try:
        base = own_group(root)
        if base is None or not os.access(f"{base}/cgroup.procs", os.W_OK):
            return None
        return Groups(base)
    except OSError:
        return None


def own_group(root: str = "/") -> str | None:
    """Return the folder of this process's group of version 2; None if it cannot be seen."""
    memberships = Path(root, "proc/self/cgroup").read_text().splitlines()
    own = next((line[3:] for line in memberships if line.startswith("0::")), None)
    for mount in Path(root, "proc/self/mountinfo").read_text().splitlines():
        before, _, after = mount.partition(" - ")
        if own is None or not after.startswith("cgroup2 "):
            continue
        top, point = (_unescaped(field) for field in before.split()[3:5])
        # Only what lies below the mounted part can be seen, as in a container.
        inside = own if top == "/" else own.removeprefix(top)
        if top != "/" and not f"{own}/".startswith(f"{top}/"):
            continue
        path = os.path.normpath(f"{root}/{point}/{inside}")
        if os.path.isdir(path):  # noqa: PTH112
            return path
    return None


def group_of(pid: int, root: str = "/") -> str | None:
    """Return the name of the group of a process if it is one that a controller made."""
    try:
        text = Path(root, f"proc/{pid}/cgroup").read_text()
    except OSError:
        return None
    own = next((line[3:] for line in text.splitlines() if line.startswith("0::")), "")
    name = os.path.basename(own)  # noqa: PTH119
    return name if _NAME.fullmatch(name) else None


def _unescaped(field: str) -> str:
    """Return a field of mountinfo, in which space and the like are octal."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), field)
