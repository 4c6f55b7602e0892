"""Processes that fetch, a few a server, so that what one server does not answer holds up no other.

A thread waits for each process. A call that brings nothing for `BOUND_S` seconds ends with its
process, whatever the package of its store waits for.
"""

import contextlib
import marshal
import os
import queue
import select
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from automl.patience import start_thread
from automl.readers.aside.child import begun, end
from automl.readers.matching.process import HEAD_BYTES, packed
from automl.study.tasks.remote import lane_of

BOUND_S = 20.0
"""Seconds that a call may bring nothing."""

MOST_A_LANE = 4
"""So many calls to one server go on at once."""

MOST_LANES = 8
"""So many servers are told apart; further ones share the processes of these."""

CLOSE_S = 2.0
"""Seconds that whoever leaves waits for processes that were killed."""

_SLACK_S = 10.0
"""By so much longer than the kernel's bound this side waits."""

_START_S = 60.0
"""Seconds that a process may take to start and load what it needs, on a busy machine."""


class Call:
    """One request that is made aside.

    Attributes:
        done: set once there is an answer.
        answer: what a process answered, see `automl.readers.remote.process.answer_to`.
        took_s: how long that took.
    """

    def __init__(self, request: Mapping[str, Any], then: Callable[[], None]) -> None:
        self.done = threading.Event()
        self.answer: tuple[Any, ...] = ()
        self.took_s = 0.0
        self.request = dict(request)
        self._then = then
        self._lock = threading.Lock()
        self._dropped = False
        self._kill: Callable[[], None] = lambda: None

    def begin(self, kill: Callable[[], None]) -> bool:
        """Take in that a process is about to make it; return whether anybody still wants it."""
        with self._lock:
            self._kill = kill
            return not self._dropped

    def end(self, answer: tuple[Any, ...], took_s: float = 0.0) -> None:
        """Take the answer, and tell whoever waits."""
        with self._lock:
            self._kill = lambda: None
        self.answer, self.took_s = answer, took_s
        self.done.set()
        self._then()

    def drop(self) -> None:
        """See to it that nothing is written for it any more, as nobody wants its answer."""
        with self._lock:
            self._dropped = True
            self._kill()


class _EndedError(Exception):
    """A process ended before it answered."""


class _Process:
    """One process that fetches.

    Attributes:
        started: whether it has loaded what it needs, so that a call takes as long as its server.

    Raises:
        OSError: it cannot be started now.
    """

    def __init__(self) -> None:
        self._popen = begun("automl.readers.remote.process", ["-P"])
        assert self._popen.stdin  # noqa: S101 - both are pipes
        assert self._popen.stdout  # noqa: S101
        self._to, self._from = self._popen.stdin.fileno(), self._popen.stdout.fileno()
        self.started = False

    def ask(self, request: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the answer to a request.

        Raises:
            _EndedError: none came, as the process ended or had to be.
        """
        bound_s = float(request["bound_s"]) + _SLACK_S + (0.0 if self.started else _START_S)
        try:
            view = memoryview(packed(dict(request)))  # type: ignore[arg-type] # plain values too
            while view:
                view = view[os.write(self._to, view) :]
            while (message := self._message(bound_s)) == ("goes on",):
                pass
        except (OSError, _EndedError) as error:
            self.end()
            raise _EndedError from error
        self.started = True
        return message

    def end(self) -> None:
        """Kill it; nothing is left of it."""
        end(self._popen)

    def kill(self) -> None:
        """Kill it while its thread waits for an answer, which then gets none."""
        self._popen.kill()

    def _message(self, bound_s: float) -> tuple[Any, ...]:
        length = int.from_bytes(self._receive(HEAD_BYTES, bound_s), "little")
        message = marshal.loads(self._receive(length, bound_s))  # noqa: S302 - of our child
        return tuple(message)

    def _receive(self, count: int, bound_s: float) -> bytes:
        data = bytearray()
        poll = select.poll()
        poll.register(self._from, select.POLLIN)
        while len(data) < count:
            if not poll.poll(bound_s * 1000):
                raise _EndedError
            piece = os.read(self._from, count - len(data))
            if not piece:
                raise _EndedError
            data += piece
        return bytes(data)


class _Lane:
    """The processes for one server, begun as calls wait, and the threads that wait for them."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._busy: set[_Process] = set()
        self._waiting = 0
        self._closed = False

    def submit(self, call: Call) -> None:
        """Make a call as soon as one of the processes is free."""
        with self._lock:
            self._waiting += 1
            if self._waiting > len(self._threads) < MOST_A_LANE:
                thread = threading.Thread(target=self._run, name="automl-fetching", daemon=True)
                with contextlib.suppress(OSError):
                    start_thread(thread)
                    self._threads.append(thread)
            begun = bool(self._threads)
        if begun:
            self._calls.put(call)
        else:
            self._end(call, ("failed", "no thread can be started now", False, None))

    def close(self) -> None:
        """End all processes, also at their calls."""
        with self._lock:
            self._closed = True
            for process in self._busy:
                process.kill()
        for _ in self._threads:
            self._calls.put(None)

    def wait(self, until_s: float) -> None:
        """Wait for the threads, until a monotonic second."""
        for thread in self._threads:
            thread.join(max(0.0, until_s - time.monotonic()))

    def _run(self) -> None:
        process: _Process | None = None
        while (call := self._calls.get()) is not None:
            answer: tuple[Any, ...] = ("failed", "nobody wants it any more", False, None)
            took_s = 0.0
            try:
                process = process or self._begun()
                if call.begin(process.kill):
                    was_warm, since_s = process.started, time.monotonic()
                    answer = process.ask(call.request)
                    took_s = time.monotonic() - since_s if was_warm else 0.0
            except OSError as error:
                answer = ("failed", f"no process can be started: {error.strerror}", False, None)
            except _EndedError:
                answer = ("failed", f"no answer for {call.request['bound_s']:.0f} s", False, None)
                self._forget(process)
                process = None
            self._end(call, answer, took_s)
        if process:
            process.end()

    def _begun(self) -> _Process:
        process = _Process()
        with self._lock:
            self._busy.add(process)
            if self._closed:
                process.kill()
        return process

    def _forget(self, process: _Process | None) -> None:
        with self._lock:
            self._busy -= {process} if process else set()

    def _end(self, call: Call, answer: tuple[Any, ...], took_s: float = 0.0) -> None:
        with self._lock:
            self._waiting -= 1
        call.end(answer, took_s)


class Fetching:
    """The fetching processes of this one, for as long as anybody has entered it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._lanes: dict[str, _Lane] = {}

    def enter(self) -> None:
        """Keep processes from now on; `leave` must follow."""
        with self._lock:
            self._users += 1

    def leave(self) -> None:
        """Take back one `enter`; with the last, all processes end, also at their calls."""
        with self._lock:
            self._users -= 1
            if self._users:
                return
            lanes, self._lanes = self._lanes, {}
        for lane in lanes.values():
            lane.close()
        until_s = time.monotonic() + CLOSE_S
        for lane in lanes.values():
            lane.wait(until_s)

    def submit(self, url: str, request: Mapping[str, Any], then: Callable[[], None]) -> Call:
        """Make a call aside.

        Args:
            url: what it is about.
            request: the rest of it, as plain values.
            then: is called from another thread once there is an answer.
        """
        call = Call({"url": url, "bound_s": BOUND_S, **request}, then)
        with self._lock:
            lane = self._lanes.get(lane_of(url))
            if lane is None and len(self._lanes) < MOST_LANES:
                lane = self._lanes[lane_of(url)] = _Lane()
            elif lane is None:
                lane = list(self._lanes.values())[sum(lane_of(url).encode()) % MOST_LANES]
        lane.submit(call)
        return call


FETCHING = Fetching()
"""That of this process, whatever studies run in it."""
