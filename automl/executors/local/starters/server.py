"""One fork server as its controller sees it: it lends starters that call a function by a fork."""

import contextlib
import json
import os
import select
import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from automl.executors.local.housekeeping.orphans import note_ended
from automl.executors.local.starters.channel import spawned
from automl.executors.local.starters.fitness import states_of
from automl.executors.local.starters.program import ORDER_BYTES
from automl.executors.local.starters.starter import Starter
from automl.executors.processes.proctree import send
from automl.forks import held_off
from automl.inside.calling.words import Target

PROGRAM = "automl.executors.local.starters.forking"

ANSWER_S = 1.0
"""How long it may take to fork a starter, which takes a millisecond."""

_READY = "ready"


class Calls(NamedTuple):
    """What the calls have in common that one server can do.

    Attributes:
        python: the interpreter.
        target: the function.
        cwd: the working directory.
        exports: the variables that they get besides.
    """

    python: str
    target: Target
    cwd: str
    exports: Mapping[str, str]


class ServerLostError(Exception):
    """A server is gone before it was ready."""


class ForkedStarter(Starter):
    """A starter that a server has forked.

    Args:
        pid: its process number.
        channel: this end of its socket.
        server: the process number of its server.

    Raises:
        OSError: it is gone.
    """

    def __init__(self, pid: int, channel: socket.socket, server: int) -> None:
        self._begin(pid, channel)
        self.server = server

    def kill(self) -> None:
        """End it at once; a call that runs goes on, and leaves no exit code."""
        send(self.process, signal.SIGKILL)


class ForkServer:
    """A process that imports a function, and forks starters of its calls.

    Args:
        calls: what it can do.
        environ: its environment, which the calls get.

    Attributes:
        calls: what it can do.
        pid: its process number.

    Raises:
        OSError: it cannot be started now.
    """

    def __init__(self, calls: Calls, environ: Mapping[bytes, bytes]) -> None:
        self.calls = calls
        # The words of any call, of which it takes the function alone.
        words = (*calls.target.words(), "--dir", "", "--trial", "0", "--seed", "0", "--value", "")
        arguments = ("--", *calls.target.arguments) if calls.target.arguments else ()
        argv = [calls.python, "-P", "-m", PROGRAM, str(os.getpid()), calls.cwd, *words, *arguments]
        defaults = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
        script = calls.target.script
        self._script = [str(Path(calls.cwd, script))] if script else []
        self._script_then = states_of(self._script)
        self.pid, self._socket = spawned(argv, environ, defaults)
        self._sources: dict[str, tuple[int, int]] | None = None

    def fileno(self) -> int:
        """Return the file descriptor that can be read once it tells whether it is ready."""
        return self._socket.fileno()

    @property
    def is_ready(self) -> bool:
        """Whether it said that it is."""
        return self._sources is not None

    @property
    def is_current(self) -> bool:
        """Whether what it imported is what there is by now."""
        known = self._sources or {}
        return states_of(list(known)) == known

    @property
    def is_script_as_then(self) -> bool:
        """Whether the script is what it was when this was begun."""
        return states_of(self._script) == self._script_then

    def begun(self) -> str:
        """Take in whether it is ready, as can be read; return why it is not to be used, or ''.

        Raises:
            ServerLostError: it is gone, and nobody tells why.
        """
        word, more = self._heard(0.0)
        if not word:
            raise ServerLostError
        if word == _READY:
            self._sources = {path: (state[0], state[1]) for path, state in json.loads(more).items()}
            return ""
        return more

    def starter(self) -> ForkedStarter | None:
        """Return one more starter, ready for orders; None if the server is gone or stuck."""
        with held_off():
            channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                socket.send_fds(self._socket, [b"starter"], [theirs.fileno()], socket.MSG_NOSIGNAL)
                pid, _ = self._heard(ANSWER_S)
                forked = ForkedStarter(int(pid), channel, self.pid)
            except (OSError, ValueError):
                channel.close()
                return None
            finally:
                theirs.close()
        if select.select([forked], [], [], ANSWER_S)[0] and forked.is_ready():
            return forked
        forked.kill()
        forked.leave()
        return None

    def kill(self) -> None:
        """End it at once; the starters that it forked go on."""
        with contextlib.suppress(ChildProcessError):
            if not os.waitpid(self.pid, os.WNOHANG)[0]:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        note_ended(self.pid)
        self._socket.close()

    def _heard(self, timeout_s: float) -> tuple[str, str]:
        """Return the next word that it says, and what follows; none if it is gone."""
        self._socket.settimeout(timeout_s)
        try:
            word, _, more = self._socket.recv(ORDER_BYTES).decode().partition(" ")
        except OSError:
            return "", ""
        return word, more
