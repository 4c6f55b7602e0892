"""The program of a process that matches patterns, so that it can be killed if one finds no end.

It reads requests from its standard input and answers on its standard output, one after the other.
The kernel kills it (SIGPROF) when one takes more of the CPU than its sender allows; its last line
is then the number in the memory that it shares with the sender. It ends when its input does, or
with its parent, and holds nothing that others wait for.
"""

import marshal
import mmap
import os
import select
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, overload

from automl.readers.matching.finder import Finder, State

HEAD_BYTES = 8
"""How long the length of a message is that stands before it."""

PLACE_BYTES = 8
"""How long the number of the present line is, in the shared memory."""

_DEFAULT = (signal.SIGPROF, signal.SIGPIPE)
_IGNORED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""They ask the controller to end, which ends this process when it need not match any more."""


def packed(message: tuple[Any, ...]) -> bytes:
    """Return a message of plain values as it is sent."""
    data = marshal.dumps(message)
    return len(data).to_bytes(HEAD_BYTES, "little") + data


def main() -> None:
    """Serve the parent: its pid and the number of the shared file, or -1, are the arguments."""
    parent, shared = map(int, sys.argv[1:3])
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for number in _DEFAULT:
        signal.signal(number, signal.SIG_DFL)
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    place = mmap.mmap(shared, PLACE_BYTES) if shared >= 0 else None
    requests = Requests(parent)
    while (request := requests.next()) is not None:
        pattern, lines, state, cpu_s = request
        signal.setitimer(signal.ITIMER_PROF, cpu_s)
        answer = answer_to(pattern, Counted(lines, place) if place else lines, state)
        left_s, _ = signal.setitimer(signal.ITIMER_PROF, 0)
        _write(packed((*answer, cpu_s - left_s)))


def answer_to(
    pattern: str, lines: Sequence[str], state: State
) -> tuple[list[float], list[float], State]:
    """Return the numbers of lines, their steps, and what is known behind these lines."""
    finder = Finder(pattern)
    finder.resume(state)
    found = finder.find(lines)
    return found.values, found.steps, finder.state


class Counted(Sequence[str]):
    """Lines that write down which one of them is being looked at."""

    def __init__(self, lines: Sequence[str], place: mmap.mmap) -> None:
        self._lines = lines
        self._place = place

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        """Return some of them, as a list does."""
        return self._lines[index]

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._lines):
            self._place[:PLACE_BYTES] = number.to_bytes(PLACE_BYTES, "little")
            yield line


class Requests:
    """What the parent sends, for as long as it lives."""

    def __init__(self, parent: int) -> None:
        self._parent = parent
        self._poll = select.poll()
        self._poll.register(0, select.POLLIN)
        self._pidfd = -1
        # A child that the parent forked may hold the other end of the pipe after its death.
        with suppress(AttributeError, OSError):
            self._pidfd = os.pidfd_open(parent)
            self._poll.register(self._pidfd, select.POLLIN)

    def next(self) -> Any:  # noqa: ANN401 - plain values
        """Return the next request, None once there are no more."""
        head = self._read(HEAD_BYTES)
        data = self._read(int.from_bytes(head, "little")) if head else None
        return marshal.loads(data) if data else None  # noqa: S302 - of our parent

    def _read(self, count: int) -> bytes | None:
        """Return so many bytes, None if the parent sends no more."""
        data = b""
        while len(data) < count:
            ready = dict(self._poll.poll(None if self._pidfd >= 0 else 1000))
            if 0 not in ready:
                if os.getppid() != self._parent:
                    return None
                continue
            piece = os.read(0, count - len(data))
            if not piece:
                return None
            data += piece
        return data


def _write(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]
