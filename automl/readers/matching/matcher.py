"""Processes that match patterns, started when one is needed and killed when it takes too long."""

import contextlib
import marshal
import mmap
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from automl.errors import ReadError, may_pass
from automl.readers.aside.child import begun, end
from automl.readers.matching.finder import Numbers, State
from automl.readers.matching.process import HEAD_BYTES, PLACE_BYTES, packed

STILL_S = 10.0
"""Seconds without an answer or any work after which a process is taken for stopped."""

MOST_TRIES = 3
"""With so many processes a request is tried, where something else ends them."""

RETRY_S = 0.2
"""Seconds between two tries to start a process on a machine that has no room for it."""

_PIECE_BYTES = 1 << 16


class TooSlowError(Exception):
    """A pattern took too long.

    Attributes:
        place: the number of the line that it was at, None if that is not known.
    """

    def __init__(self, place: int | None) -> None:
        super().__init__(place)
        self.place = place


class _EndedError(Exception):
    """The process ended, or was stopped, before it answered."""


class _Process:
    """One process that matches patterns.

    Raises:
        OSError: it cannot be started now.
    """

    def __init__(self) -> None:
        self._shared = os.memfd_create("automl-line") if hasattr(os, "memfd_create") else -1
        try:
            self._place: mmap.mmap | None = None
            if self._shared >= 0:
                os.ftruncate(self._shared, PLACE_BYTES)
                self._place = mmap.mmap(self._shared, PLACE_BYTES)
            self._popen = begun(
                "automl.readers.matching.process",
                ["-I", "-S"],
                [str(self._shared)],
                pass_fds=[self._shared] if self._shared >= 0 else [],
            )
        finally:
            if self._shared >= 0:
                os.close(self._shared)
        assert self._popen.stdin  # noqa: S101 - both are pipes
        assert self._popen.stdout  # noqa: S101
        self._to, self._from = self._popen.stdin.fileno(), self._popen.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)

    def ask(self, request: bytes) -> Any:  # noqa: ANN401 - plain values
        """Return the answer to a request.

        Raises:
            TooSlowError: the pattern took more of the CPU than the request allows.
            _EndedError: no answer came, for another reason.
        """
        try:
            self._send(request)
            length = int.from_bytes(self._receive(HEAD_BYTES), "little")
            return marshal.loads(self._receive(length))  # noqa: S302 - of our child
        except (OSError, _EndedError) as error:
            self.end()
            if self._popen.returncode == -signal.SIGPROF:
                raise TooSlowError(self._line()) from error
            raise _EndedError from error

    def end(self) -> None:
        """Kill it; nothing is left of it."""
        end(self._popen)

    def kill(self) -> None:
        """Kill it while another thread waits for its answer, which then gets none."""
        self._popen.kill()

    def _line(self) -> int | None:
        if self._place is None:
            return None
        return int.from_bytes(self._place[:PLACE_BYTES], "little")

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self._wait_for(self._to, select.POLLOUT)
            view = view[os.write(self._to, view[:_PIECE_BYTES]) :]

    def _receive(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            self._wait_for(self._from, select.POLLIN)
            piece = os.read(self._from, count - len(data))
            if not piece:
                # What the kernel kills at its bound has ended once its pipe is closed.
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._popen.wait(STILL_S)
                raise _EndedError
            data += piece
        return bytes(data)

    def _wait_for(self, fd: int, event: int) -> None:
        """Wait until it reads or writes, for as long as it gets on, be the machine ever so busy."""
        poll = select.poll()
        poll.register(fd, event)
        before_s = -1.0
        while not poll.poll(STILL_S * 1000):
            cpu_s = _cpu_s(self._popen.pid)
            if cpu_s == before_s:
                raise _EndedError
            before_s = cpu_s


def _cpu_s(pid: int) -> float:
    """Return the CPU seconds of a process, 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0.0
    with contextlib.suppress(OSError):
        # The number of its clock is made of its pid, see clock_getcpuclockid(3).
        return time.clock_gettime((~pid << 3) | 2)
    return 0.0


class Matcher:
    """The matching processes of this one: as many as patterns are matched at once.

    They are kept while anybody has entered it; else each ends with its request. Every thread may
    use it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._endings = 0
        self._idle: list[_Process] = []
        self._busy: set[_Process] = set()

    def enter(self) -> None:
        """Keep processes for the next requests from now on; `leave` must follow."""
        with self._lock:
            self._users += 1

    def leave(self) -> None:
        """Take back one `enter`; with the last, all processes end, also at their requests."""
        with self._lock:
            self._users -= 1
            if self._users:
                return
            self._endings += 1
            idle, self._idle = self._idle, []
            for process in self._busy:
                process.kill()
        for process in idle:
            process.end()

    def find(
        self, pattern: str, lines: Sequence[str], state: State, cpu_s: float
    ) -> tuple[Numbers, State, float]:
        """Return what a pattern finds in lines, what is known behind them, and the CPU seconds.

        Args:
            pattern: the pattern.
            lines: where it is searched for.
            state: what was known before these lines.
            cpu_s: the CPU seconds that it may take.

        Raises:
            TooSlowError: it takes longer.
            ReadError: no process can be had that does it.
        """
        request, endings = packed((pattern, list(lines), state, cpu_s)), self._endings
        for _ in range(MOST_TRIES):
            process = self._taken()
            try:
                values, steps, behind, used_s = process.ask(request)
            except _EndedError:
                self._forget(process)
                if self._endings != endings:
                    break
            except TooSlowError:
                self._forget(process)
                raise
            else:
                self._give_back(process)
                return Numbers(values, steps), behind, used_s
        raise ReadError(
            f"no process answered what {pattern!r} matches: {MOST_TRIES} were ended or held up"
        )

    def _taken(self) -> _Process:
        with self._lock:
            process = self._idle.pop() if self._idle else None
        while process is None:
            try:
                process = _Process()
            except OSError as error:
                # What was read is not to be lost for want of a process: whoever asks can wait.
                if not (may_pass(error.errno) and self._users):
                    raise ReadError(
                        f"no process can be started that matches a pattern: {error.strerror}"
                    ) from error
                time.sleep(RETRY_S)
        with self._lock:
            self._busy.add(process)
        return process

    def _give_back(self, process: _Process) -> None:
        with self._lock:
            self._busy.discard(process)
            kept = self._users > 0
            if kept:
                self._idle.append(process)
        if not kept:
            process.end()

    def _forget(self, process: _Process) -> None:
        with self._lock:
            self._busy.discard(process)


MATCHER = Matcher()
"""That of this process, whatever studies run in it."""
