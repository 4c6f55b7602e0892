"""All processes of a trial, however far they went; the only module that walks the process table.

A process belongs to a trial when it is in the session that the trial's script leads, when it
carries the trial's mark in its environment, when its parent belongs, or when it is in a session
that a process that belongs has begun.
"""

import contextlib
import os
import signal
from collections.abc import Iterable

import psutil

from automl.spec.launch import MARK_VARIABLE


class ProcessTable:
    """The processes of this machine at one moment, this one left out.

    Making one costs some 70 microseconds a process; asking it is cheap, so one table serves all
    stops that are under way.
    """

    def __init__(self) -> None:
        self._processes = {process.pid: process for process in psutil.process_iter()}
        self._processes.pop(os.getpid(), None)
        self._sessions = {pid: _session(pid) for pid in self._processes}
        self._parents = {pid: _parent(process) for pid, process in self._processes.items()}
        self._marked: dict[str, set[int]] = {}
        for pid, process in self._processes.items():
            if mark := _mark(process):
                self._marked.setdefault(mark, set()).add(pid)

    def of(self, session: int, mark: str) -> list[psutil.Process]:
        """Return the living processes of the trial whose script leads `session`."""
        own = set(self._marked.get(mark, ()))
        own |= {pid for pid, its in self._sessions.items() if its == session}
        while True:
            begun = {session} | {pid for pid in own if self._sessions[pid] == pid}
            more = {
                pid
                for pid, its in self._sessions.items()
                if pid not in own and (its in begun or self._parents[pid] in own)
            }
            if not more:
                return [self._processes[pid] for pid in sorted(own) if self._alive(pid)]
            own |= more

    def leader_of(self, mark: str) -> int | None:
        """Return the pid of the living session leader that carries `mark`, or None."""
        for pid in sorted(self._marked.get(mark, ())):
            if self._sessions[pid] == pid and self._alive(pid):
                return pid
        return None

    def _alive(self, pid: int) -> bool:
        process = self._processes[pid]
        try:
            return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
        except psutil.Error:
            return False


def signal_all(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    """Send a signal to every process that still is the one that was found.

    Their groups are signalled first when killing: the kernel does that in one step, so that a
    process that forks all the time cannot slip through.
    """
    targets = list(processes)
    if number is signal.SIGKILL:
        for group in {_group(process.pid) for process in targets}:
            if group is not None and group != os.getpgrp():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(group, number)
    for process in targets:
        # psutil compares the start time before it signals, so a reused pid is never hit.
        with contextlib.suppress(psutil.Error):
            process.send_signal(number)


def _mark(process: psutil.Process) -> str | None:
    try:
        mark = process.environ().get(MARK_VARIABLE)
    except (psutil.Error, OSError):
        return None
    return str(mark) if mark else None


def _parent(process: psutil.Process) -> int | None:
    try:
        return process.ppid()
    except psutil.Error:
        return None


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None


def _group(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except OSError:
        return None
