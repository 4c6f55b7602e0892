"""One starter as its controller sees it: orders go in, and what becomes of them comes out."""

import contextlib
import marshal
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from automl.executors.local.exits import Reaped
from automl.executors.local.housekeeping.orphans import note_ended
from automl.executors.local.starters import channel
from automl.executors.local.starters.program import STOPPED, Limits
from automl.executors.processes.identity import Process, read_birth
from automl.inside.calling.given import PlainCall

PROGRAM = Path(__file__).with_name("program.py")

_ANSWER_BYTES = 128


class Order(NamedTuple):
    """What a starter is asked to start.

    Attributes:
        argv: the program and its arguments; none of a call, which is forked.
        cwd: absolute path of the working directory.
        marks: the variables that tell whose process it is.
        exports: the variables that the command gets besides; the script exports them itself. A
            fork has them already.
        script: the script that does the same.
        for_script: the variables that the script gets instead.
        files: the paths of the files that get standard output and standard error.
        exit_path: path of the file that gets the exit code.
        brands: number of a resource limit and its soft value, each, which all that it starts gets.
        limits: what a fork is kept to, None if it is free.
        call: the call of a function, which is to be forked.
    """

    argv: tuple[bytes, ...]
    cwd: bytes
    marks: dict[bytes, bytes]
    exports: dict[bytes, bytes]
    script: bytes
    for_script: dict[bytes, bytes]
    files: tuple[bytes, bytes]
    exit_path: bytes
    brands: tuple[tuple[int, int], ...]
    limits: Limits | None = None
    call: PlainCall | None = None


def packed(order: Order) -> bytes:
    """Return an order as it is sent."""
    return marshal.dumps(tuple(order))


class StarterLostError(Exception):
    """A starter is gone or was given up, and nobody tells whether its command runs."""


class NotOrderedError(Exception):
    """An order was not given, as the starter is gone."""


class Starter:
    """A process that starts one command after another, and outlives this one if need be.

    Args:
        environ: its environment, which the commands get but for what an order adds.

    Attributes:
        pid: its own process number.
        process: its own process.

    Raises:
        OSError: it cannot be started now.
    """

    def __init__(self, environ: Mapping[bytes, bytes]) -> None:
        argv = [sys.executable, "-I", "-S", str(PROGRAM), str(os.getpid())]
        self._begin(*channel.spawned(argv, environ))

    def _begin(self, pid: int, ours: socket.socket) -> None:
        """Be that of a process that reads the other end of a socket."""
        self.pid = pid
        self.process = Process(pid, read_birth(pid))
        self._socket = ours
        self._socket.settimeout(0.0)
        self._end: list[str] = []

    def fileno(self) -> int:
        """Return the file descriptor that can be read once there is an answer, or it is gone."""
        return self._socket.fileno()

    def is_ready(self) -> bool:
        """Tell whether what can be read is that it takes orders; else it is of no use."""
        return self._heard() == ["ready"]

    def order(self, order: bytes) -> None:
        """Have a command started, by its packed order; `begun` tells once there is an answer.

        Raises:
            NotOrderedError: it will not be started, and this starter cannot do it.
        """
        try:
            # Without the signal that a broken pipe sends, which the user's script may want.
            self._socket.send(order, socket.MSG_NOSIGNAL)
        except OSError as error:
            raise NotOrderedError from error

    def stopped(self) -> None:
        """Take in that the command is asked to end, so that it leaves no exit code."""
        # One that is gone leaves none anyway.
        with contextlib.suppress(OSError):
            self._socket.send(STOPPED, socket.MSG_NOSIGNAL)

    def begun(self) -> Process:
        """Return the command that was ordered, as can be read.

        Raises:
            OSError: it was not started, as the system says.
            StarterLostError: it may have been started; the starter is gone.
        """
        answer = self._heard()
        if not answer:
            raise StarterLostError
        if answer[0] == "refused":
            number = int(answer[1])
            raise OSError(number, os.strerror(number))
        self._end = answer[3:]
        return Process(int(answer[1]), int(answer[2]))

    @property
    def has_told_end(self) -> bool:
        """Whether it told the end of the command together with its beginning."""
        return bool(self._end)

    def ended(self) -> Reaped | None:
        """Return how the command has ended, as can be read; None if nobody will tell."""
        answer, self._end = self._end or self._heard(), []
        if not answer:
            return None
        return Reaped(int(answer[1]), int(answer[3]) or None, float(answer[2]))

    def leave(self) -> None:
        """Let it end by itself, once the command that runs has ended."""
        # A child that the user's script forked may hold this end too.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def kill(self) -> None:
        """End it at once; a command that runs goes on, and leaves no exit code."""
        # As long as we have not waited for it, its pid is no other's: no file needs to be opened to
        # be sure of that, which may be impossible now.
        with contextlib.suppress(ChildProcessError):
            if not os.waitpid(self.pid, os.WNOHANG)[0]:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        note_ended(self.pid)

    def _heard(self) -> list[str]:
        """Return the words of the next answer; none if the starter is gone, or cannot be heard."""
        try:
            return self._socket.recv(_ANSWER_BYTES).decode().split()
        except OSError:
            return []
