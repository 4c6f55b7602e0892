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


def processes_of(session: int, mark: str) -> list[psutil.Process]:
    """Return the living processes of the trial whose script leads `session`, zombies left out."""
    table = {process.pid: process for process in psutil.process_iter()}
    table.pop(os.getpid(), None)
    sessions = {pid: _session(pid) for pid in table}
    parents = {pid: _parent(process) for pid, process in table.items()}
    own = {pid for pid, process in table.items() if sessions[pid] == session or _has(process, mark)}
    while True:
        begun = {session} | {sessions[pid] for pid in own if sessions[pid] in own}
        more = {
            pid
            for pid in table
            if pid not in own and (parents[pid] in own or sessions[pid] in begun)
        }
        if not more:
            break
        own |= more
    return [table[pid] for pid in sorted(own) if _alive(table[pid])]


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


def find_marked(mark: str) -> psutil.Process | None:
    """Return the session leader that carries `mark`, or None."""
    for process in psutil.process_iter():
        if _session(process.pid) == process.pid and _has(process, mark) and _alive(process):
            return process
    return None


def _has(process: psutil.Process, mark: str) -> bool:
    try:
        return bool(process.environ().get(MARK_VARIABLE) == mark)
    except (psutil.Error, OSError):
        return False


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


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
