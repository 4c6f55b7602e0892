"""All processes of a trial, however far they went; the only module that walks the process table.

A process belongs to a trial when it is in the session that the trial's script leads, when it
carries the trial's brand, or the trial's mark in its environment, when its parent belongs, when it
is in a session that a process that belongs has begun, or when it was seen to belong before.
"""

import contextlib
import functools
import os
import signal
import sys
from collections.abc import Collection, Iterable, Iterator

from automl.executors.brand import brand_of, read_brand
from automl.executors.identity import Process, Stat, is_running, read_stat, start_time
from automl.executors.origin import Origin, read_origin


class ProcessTable:
    """The living processes of this machine at one moment, this one left out.

    Making one costs some 15 microseconds a process, and the first question about marks as much
    again; so one table serves all stops that are under way.
    """

    def __init__(self) -> None:
        walk = _linux_processes if sys.platform == "linux" else _other_processes
        self._stats = dict(walk())
        self._stats.pop(os.getpid(), None)
        self._brands = {pid: read_brand(pid) for pid in self._stats}

    def of(
        self, leader: Process, mark: str, known: Iterable[Process] = (), *, marks: bool = True
    ) -> list[Process]:
        """Return the processes of the trial whose script is, or was, `leader`.

        Args:
            leader: leader of the trial's session.
            mark: the trial's mark.
            known: processes that belong in any case, as far as they are alive.
            marks: look for the mark in every environment too, which costs most.
        """
        stats, brand = self._stats, brand_of(mark)
        own = {pid for pid, its in self._brands.items() if its == brand}
        own |= {one.pid for one in known if one.pid in stats and stats[one.pid].start == one.start}
        if marks:
            own |= set(self._marked.get(mark, ()))
        begun = set()
        namesake = stats.get(leader.pid)
        # A stranger with the leader's pid means that nothing of the leader's session is left.
        if namesake is None or namesake.start == leader.start:
            begun.add(leader.pid)
        return self._with_offspring(own, begun, leader.start)

    def _with_offspring(self, own: set[int], begun: set[int], since: int) -> list[Process]:
        """Return the processes `own`, with all that they, or the sessions `begun`, have started.

        Nothing that is older than `since` is taken for theirs.
        """
        stats = self._stats
        while True:
            begun |= {pid for pid in own if stats[pid].session == pid}
            more = {
                pid
                for pid, stat in stats.items()
                if pid not in own
                and stat.start >= since
                and (stat.session in begun or stat.parent in own)
            }
            if not more:
                return [Process(pid, stats[pid].start) for pid in sorted(own)]
            own |= more

    def leader_of(self, mark: str) -> Process | None:
        """Return the leader of the trial that carries `mark`; None if it is not there any more.

        It is told from a daemon that leads a session too by the name of its exit file, which the
        script alone began with. The oldest of several.
        """
        leaders = [
            Process(pid, self._stats[pid].start)
            for pid in self._marked.get(mark, ())
            if self._stats[pid].session == pid and self._origins[pid].exit_path
        ]
        return min(leaders, key=lambda leader: (leader.start, leader.pid), default=None)

    def whole_groups(self, processes: Collection[Process]) -> dict[int, list[Process]]:
        """Return the process groups that consist of `processes` alone, each with its members."""
        members: dict[int, list[Process]] = {}
        for one in processes:
            members.setdefault(self._stats[one.pid].group, []).append(one)
        own = {one.pid for one in processes}
        strange = {stat.group for pid, stat in self._stats.items() if pid not in own}
        return {
            group: members[group]
            for group in members
            if group not in strange and group != os.getpgrp()
        }

    @functools.cached_property
    def _marked(self) -> dict[str, list[int]]:
        marked: dict[str, list[int]] = {}
        for pid, origin in self._origins.items():
            marked.setdefault(origin.mark, []).append(pid)
        return marked

    @functools.cached_property
    def _origins(self) -> dict[int, Origin]:
        """What the environments tell that processes began with, of those that have a mark."""
        told = {pid: read_origin(pid) for pid in self._stats}
        return {pid: origin for pid, origin in told.items() if origin is not None}


def signal_all(table: ProcessTable, processes: Collection[Process], number: signal.Signals) -> None:
    """Send a signal once to each process that still is the one that was found.

    Those whose whole group is among them get it by the group: the kernel does that in one step, so
    that a process that forks all the time cannot slip through.
    """
    reached = set()
    for group, members in table.whole_groups(processes).items():
        if any(is_running(member) for member in members):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, number)
                reached.update(members)
    for process in processes:
        if process not in reached:
            send(process, number)


def send(process: Process, number: signal.Signals) -> None:
    """Send a signal to exactly that process, if it is alive and we may."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform != "linux":
            if is_running(process):
                os.kill(process.pid, number)
            return
        try:
            file = os.pidfd_open(process.pid)
        except OSError:
            # Out of file descriptors, or an old kernel; the moment between is short.
            if is_running(process):
                os.kill(process.pid, number)
            return
        try:
            # The descriptor stays with this process, whatever becomes of the pid.
            if is_running(process):
                signal.pidfd_send_signal(file, number)
        finally:
            os.close(file)


def _linux_processes() -> Iterator[tuple[int, Stat]]:
    for name in os.listdir("/proc"):  # noqa: PTH208 - thousands of entries
        if name.isdigit():
            with contextlib.suppress(OSError):
                stat = read_stat(int(name))
                if stat and not stat.dead:
                    yield int(name), stat


def _other_processes() -> Iterator[tuple[int, Stat]]:
    import psutil  # noqa: PLC0415 - 40 ms, and only for systems without /proc

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            start = start_time(process.pid)
            if start is not None:
                group, session = os.getpgid(process.pid), os.getsid(process.pid)
                yield process.pid, Stat(False, process.ppid(), group, session, start)  # noqa: FBT003
