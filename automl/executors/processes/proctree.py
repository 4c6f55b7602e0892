"""All processes of a trial, however far they went; the only module that walks the process table.

A process belongs to a trial when it is in the session that the trial's script leads, when it
carries the trial's brand, or the trial's mark in its environment, when its parent belongs, when it
is in a session that a process that belongs has begun, or when it was seen to belong before.
"""

import contextlib
import errno
import functools
import os
import signal
import sys
from collections.abc import Collection, Iterable

from automl.errors import StorageError
from automl.executors.processes.brand import brand_of, read_brand
from automl.executors.processes.identity import Process, Stat, is_running, read_stat, start_time
from automl.executors.processes.kinship import Kinship
from automl.executors.processes.origin import Origin, read_origin

_LACKING = frozenset({errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""What the system answers when it lacks the means to tell, rather than when a process is gone."""

_ROUNDS = 8
"""How often a table is refreshed at most: on a busy machine something is always new."""


class ProcessTable:
    """The living processes of this machine at one moment, this one left out.

    Making one costs some 15 microseconds a process, and the first question about marks as much
    again; so one table serves all stops that are under way.

    Attributes:
        whole: whether everything could be looked at; False when files could not be opened, and then
            a process that is not in the table may be there all the same.
    """

    def __init__(self) -> None:
        self.whole = True
        self._seen = {os.getpid()}
        self._kinship = Kinship()
        self._ended_groups: set[int] = set()
        self.refresh()

    def refresh(self) -> bool:
        """Add the processes that are new since; return whether there were any.

        This takes far less than a new table, so it can follow one that forks on and ends.
        """
        try:
            fresh = [pid for pid in _pids() if pid not in self._seen]
        except OSError:
            self.whole = False
            return False
        added = [pid for pid in fresh if self._add(pid)]
        if "_origins" in self.__dict__:
            origins = self._origins_of(added)
            self._origins.update(origins)
            if "_marked" in self.__dict__:
                for pid, origin in origins.items():
                    self._marked.setdefault(origin.mark, []).append(pid)
        return bool(fresh)

    def settle(self) -> None:
        """Refresh until nothing is new, so that what forks during a walk does not escape it."""
        for _ in range(_ROUNDS):
            if not self.refresh():
                return

    def must_be_whole(self) -> None:
        """Do nothing if the table is whole.

        Raises:
            StorageError: it is not, so what it does not hold is not known to be gone.
        """
        if not self.whole:
            raise StorageError(
                "the processes of this machine cannot be looked at now: too many open files, or no "
                "memory; raise the limit (ulimit -n), or end other programs"
            )

    def has_group(self, group: int) -> bool:
        """Tell whether any process, also one that ended and was not reaped, is in a group."""
        return group in self._ended_groups or bool(self._kinship.in_group(group))

    def of(
        self,
        leader: Process,
        mark: str,
        known: Iterable[Process] = (),
        *,
        members: Iterable[int] = (),
        marks: bool = True,
    ) -> list[Process]:
        """Return the processes of the trial whose script is, or was, `leader`.

        Args:
            leader: leader of the trial's session.
            mark: the trial's mark.
            known: processes that belong in any case, as far as they are alive.
            members: the pids in its control group, of which those that are not in the table are
                left to the next one.
            marks: look for the mark in every environment too, which costs most.
        """
        kinship = self._kinship
        own = {*kinship.branded(brand_of(mark)), *kinship.alive(known), *kinship.among(members)}
        if marks:
            own.update(self._marked.get(mark, ()))
        namesake = kinship.stats.get(leader.pid)
        # A stranger with the leader's pid means that nothing of the leader's session is left.
        is_leaders = namesake is None or namesake.start == leader.start
        return kinship.with_offspring(own, {leader.pid} if is_leaders else set(), leader.start)

    def leader_of(self, mark: str) -> Process | None:
        """Return the leader of the trial that carries `mark`; None if it is not there any more.

        It is told from a daemon that leads a session too by the name of its exit file, which the
        script alone began with, or by its parent, a starter. The oldest of several.
        """
        leaders = [
            Process(pid, self._kinship.stats[pid].start)
            for pid in self._marked.get(mark, ())
            if self._kinship.stats[pid].session == pid
            and (self._origins[pid].exit_path or self._started(pid))
        ]
        return min(leaders, key=lambda leader: (leader.start, leader.pid), default=None)

    def starter_of(self, leader: Process) -> Process | None:
        """Return the starter that started a leader, and waits for it; None without one."""
        stat = self._kinship.stats.get(leader.pid)
        if stat is None or stat.start != leader.start or not self._started(leader.pid):
            return None
        return Process(stat.parent, self._kinship.stats[stat.parent].start)

    def idle_starters(self) -> list[tuple[Process, Origin]]:
        """Return the starters of any study of which nothing runs that they started."""
        stats = self._kinship.stats
        starters = {pid: origin for pid, origin in self._origins.items() if origin.is_starter}
        # What forks starters is idle with all of them.
        parents = {stat.parent for pid, stat in stats.items() if pid not in starters}
        busy = parents if starters else set()
        return [
            (Process(pid, stats[pid].start), origin)
            for pid, origin in starters.items()
            if pid not in busy
        ]

    def _started(self, pid: int) -> bool:
        """Tell whether a starter has started that process."""
        origin = self._origins.get(self._kinship.stats[pid].parent)
        return origin is not None and origin.is_starter

    def marks(self) -> list[str]:
        """Return the marks that processes carry in their environments, as far as we may look."""
        return list(self._marked)

    def whole_groups(self, processes: Collection[Process]) -> dict[int, list[Process]]:
        """Return the process groups that consist of `processes` alone, each with its members."""
        members: dict[int, list[Process]] = {}
        for one in processes:
            members.setdefault(self._kinship.stats[one.pid].group, []).append(one)
        return {
            group: whole
            for group, whole in members.items()
            if len(whole) == len(self._kinship.in_group(group)) and group != os.getpgrp()
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
        return self._origins_of(self._kinship.stats)

    def _origins_of(self, pids: Iterable[int]) -> dict[int, Origin]:
        found = {}
        for pid in pids:
            try:
                origin = read_origin(pid)
            except OSError as error:
                self._note(error)
                continue
            if origin is not None:
                found[pid] = origin
        return found

    def _add(self, pid: int) -> bool:
        """Add a process; False if it is none that lives."""
        try:
            stat = _stat(pid)
        except OSError as error:
            self._note(error)
            return False
        self._seen.add(pid)
        if stat is None:
            return False
        if stat.dead:
            self._ended_groups.add(stat.group)
            return False
        self._kinship.add(pid, stat, read_brand(pid))
        return True

    def _note(self, error: OSError) -> None:
        """Take note that a process could not be looked at; one of another user is not ours."""
        if error.errno in _LACKING:
            self.whole = False


def signal_all(
    table: ProcessTable, processes: Collection[Process], *numbers: signal.Signals
) -> None:
    """Send signals, in their order, to each process that still is the one that was found.

    Those whose whole group is among them get them by the group: the kernel does that in one step,
    so that a process that forks all the time cannot slip through.
    """
    reached = set()
    for group, members in table.whole_groups(processes).items():
        if any(is_running(member) for member in members):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                for number in numbers:
                    os.killpg(group, number)
                    reached.update(members)
    for process in processes:
        if process not in reached:
            send(process, *numbers)


def send(process: Process, *numbers: signal.Signals) -> None:
    """Send signals to exactly that process, if it is alive and we may."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform != "linux":
            _send_by_pid(process, numbers)
            return
        try:
            file = os.pidfd_open(process.pid)
        except OSError:
            # Out of file descriptors, or an old kernel; the moment between is short.
            _send_by_pid(process, numbers)
            return
        try:
            # The descriptor stays with this process, whatever becomes of the pid.
            if is_running(process):
                for number in numbers:
                    signal.pidfd_send_signal(file, number)
        finally:
            os.close(file)


def _send_by_pid(process: Process, numbers: Iterable[signal.Signals]) -> None:
    if is_running(process):
        for number in numbers:
            os.kill(process.pid, number)


def ended_children() -> list[tuple[int, Stat]]:
    """Return the children of this process that ended and were not reaped; what can be seen."""
    found = []
    with contextlib.suppress(OSError):
        for pid in _pids():
            with contextlib.suppress(OSError):
                stat = _stat(pid)
                if stat and stat.dead and stat.parent == os.getpid():
                    found.append((pid, stat))
    return found


def _pids() -> list[int]:
    """Return the pids of all processes.

    Raises:
        OSError: they cannot be listed.
    """
    if sys.platform == "linux":
        names = os.listdir("/proc")  # noqa: PTH208 - thousands of entries
        return [int(name) for name in names if name.isdigit()]
    import psutil  # noqa: PLC0415 - 40 ms, and only for systems without /proc

    return list(psutil.pids())


def _stat(pid: int) -> Stat | None:
    """Return what the system says about a process, None if there is none.

    Raises:
        OSError: it could not be asked.
    """
    return read_stat(pid) if sys.platform == "linux" else _other_stat(pid)


def _other_stat(pid: int) -> Stat | None:
    import psutil  # noqa: PLC0415 - 40 ms, and only for systems without /proc

    try:
        start = start_time(pid)
        if start is None:
            return None
        group, session = os.getpgid(pid), os.getsid(pid)
        return Stat(False, psutil.Process(pid).ppid(), group, session, start)  # noqa: FBT003
    except (psutil.Error, ProcessLookupError):
        return None
