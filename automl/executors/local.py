"""Runs launches as processes of this machine."""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from automl.clock import Clock
from automl.errors import LaunchError
from automl.executors.identity import boot_id, group_exists, host, is_running, start_time
from automl.executors.stop import Stop
from automl.executors.watch import Watch, best_watch
from automl.spec.launch import EXIT_FILE_VARIABLE, MARK_VARIABLE, Ended, Exit, Handle, Launch
from automl.waker import Waker

SHELL = "/bin/sh"
STRAY_CHECK_S = 0.5
"""A trial that ran at least this long is checked for processes outside its group once it ended.

The check walks the process table, some milliseconds. Shorter trials are checked by their group
alone, which costs nothing.
"""

STRAY_GRACE_S = 2.0
"""Grace for what a program left behind when it ended by itself."""

_FRESH_LOG = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DEFAULT_SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ]


@dataclass(slots=True)
class _Running:
    trial_id: int
    pid: int
    mark: str
    exit_path: str
    since: float
    ours: bool
    exit: Exit | None = None
    stop: Stop | None = None


class LocalExecutor:
    """Starts each launch as the leader of a session of its own, so that it outlives us.

    Args:
        waker: makes `wait` return early.
        clock: for grace periods.
        make_watch: how ends are noticed; the best way of this system if not given.
    """

    def __init__(
        self, waker: Waker, clock: Clock, make_watch: Callable[[Waker], Watch] | None = None
    ) -> None:
        self._clock = clock
        self._watch = (make_watch or best_watch())(waker)
        self._running: dict[int, _Running] = {}
        self._strays: list[Stop] = []
        # Encoded once: doing it for every launch would be a large part of a launch.
        self._environ = dict(os.environb)
        self._null = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        self._closed = False

    def submit(self, launch: Launch) -> Handle:
        """Start a launch; its handle has host, boot, pid, start time, mark and exit file."""
        if self._closed:
            raise LaunchError(f"trial {launch.trial_id}: not started, as the executor is closed")
        env = {
            **self._environ,
            os.fsencode(MARK_VARIABLE): os.fsencode(launch.mark),
            os.fsencode(EXIT_FILE_VARIABLE): os.fsencode(launch.exit_path),
        }
        try:
            pid = os.posix_spawn(
                SHELL,
                ["sh", launch.script],
                env,
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, self._null, 0),
                    (os.POSIX_SPAWN_OPEN, 1, launch.stdout, _FRESH_LOG, 0o666),
                    (os.POSIX_SPAWN_OPEN, 2, launch.stderr, _FRESH_LOG, 0o666),
                ],
                setsid=True,
                setsigmask=[],
                setsigdef=_DEFAULT_SIGNALS,
            )
        except OSError as error:
            raise LaunchError(
                f"trial {launch.trial_id}: cannot start {SHELL} {launch.script}: {error.strerror}"
            ) from error
        # Read before anyone waits for it: a child that ended keeps its entry until then.
        started = start_time(pid)
        running = _Running(
            trial_id=launch.trial_id,
            pid=pid,
            mark=launch.mark,
            exit_path=launch.exit_path,
            since=self._clock.monotonic(),
            ours=True,
        )
        self._running[pid] = running
        self._watch.add(pid)
        return {
            "trial": launch.trial_id,
            "host": host(),
            "boot": boot_id(),
            "pid": pid,
            "start": started or 0,
            "mark": launch.mark,
            "exit": launch.exit_path,
        }

    def wait(self, timeout_s: float | None) -> Sequence[Ended]:
        """Return the launches that are over.

        A launch that was cancelled, or that left processes in its group, is over when all of them
        are gone. One that ended by itself is over at once; what it left elsewhere is stopped
        while its slot is used again.
        """
        ended = self._advance_stops()
        if ended:
            timeout_s = 0.0
        for pid in self._watch.wait(self._patience(timeout_s)):
            ended += self._gone(self._running[pid])
        return ended

    def cancel(self, handle: Handle, grace_s: float) -> None:
        """Send TERM to all processes of a launch now, and KILL to those left after the grace."""
        running = self._running.get(int(handle["pid"]))
        if running is None:
            return
        deadline = self._clock.monotonic() + grace_s
        if running.stop is None:
            running.stop = Stop(running.pid, running.mark, deadline)
        else:
            running.stop.hasten(deadline)
        self._advance([running.stop])

    def attach(self, handle: Handle) -> bool:
        """Watch a launch of an earlier controller, if it is that very process on this machine."""
        pid, start = int(handle["pid"]), int(handle["start"])
        if (handle["host"], handle["boot"]) != (host(), boot_id()) or not is_running(pid, start):
            return False
        try:
            self._watch.add(pid)
        except ProcessLookupError:
            return False
        self._running[pid] = _Running(
            trial_id=int(handle["trial"]),
            pid=pid,
            mark=str(handle["mark"]),
            exit_path=str(handle["exit"]),
            since=self._clock.monotonic(),
            ours=False,
        )
        return True

    def close(self) -> None:
        """Start nothing more; what runs goes on."""
        if not self._closed:
            self._closed = True
            self._watch.close()
            os.close(self._null)

    def _stops(self) -> list[Stop]:
        return [running.stop for running in self._running.values() if running.stop] + self._strays

    def _patience(self, timeout_s: float | None) -> float | None:
        stops = self._stops()
        if not stops:
            return timeout_s
        pause = min(stop.next_look_s for stop in stops)
        return pause if timeout_s is None else min(pause, timeout_s)

    def _gone(self, running: _Running) -> list[Ended]:
        """Take note that a leader ended; its launch is over unless others of it are left."""
        self._watch.remove(running.pid)
        running.exit = _reap(running.pid) if running.ours else None
        if running.exit is None:
            running.exit = Exit(code=exit_code_in(running.exit_path))
        if running.stop is not None:
            return []
        now = self._clock.monotonic()
        if group_exists(running.pid):
            running.stop = Stop(running.pid, running.mark, now + STRAY_GRACE_S)
            return []
        if now - running.since >= STRAY_CHECK_S:
            self._strays.append(Stop(running.pid, running.mark, now + STRAY_GRACE_S))
        return [self._over(running)]

    def _advance_stops(self) -> list[Ended]:
        """Advance every stop, and return the launches that are over by it."""
        done = self._advance(self._stops())
        self._strays = [stop for stop in self._strays if stop not in done]
        return [
            self._over(running)
            for running in list(self._running.values())
            if running.stop in done and running.exit
        ]

    def _advance(self, stops: list[Stop]) -> list[Stop]:
        if not stops:
            return []
        from automl.executors.proctree import ProcessTable  # noqa: PLC0415 - psutil costs 40 ms

        table, now = ProcessTable(), self._clock.monotonic()
        return [stop for stop in stops if stop.advance(table, now)]

    def _over(self, running: _Running) -> Ended:
        del self._running[running.pid]
        return Ended(trial_id=running.trial_id, exit=running.exit or Exit(code=None))


def _reap(pid: int) -> Exit | None:
    """Return how a child ended, with the kernel's own figures; None if it is not our child."""
    try:
        _, status, usage = os.wait4(pid, 0)
    except ChildProcessError:
        return None
    unit = 1 if os.uname().sysname == "Darwin" else 1024
    return Exit(
        code=os.waitstatus_to_exitcode(status),
        peak_memory_bytes=usage.ru_maxrss * unit,
        cpu_s=round(usage.ru_utime + usage.ru_stime, 6),
    )


def exit_code_in(path: str) -> int | None:
    """Return the code that a script left in its exit file; None if it left none.

    A script that was killed leaves none; one that was interrupted while writing leaves a text
    without a newline, which is none either.
    """
    try:
        with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123 - hot path
            text = file.read()
    except OSError:
        return None
    return int(text) if text.endswith("\n") and text.strip().isdigit() else None
