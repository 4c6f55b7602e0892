"""Processes that are spoken with over a socket, which is their standard input."""

import os
import signal
import socket
from collections.abc import Mapping, Sequence

from automl.executors.local.housekeeping.orphans import note_started
from automl.forks import held_off


def spawned(
    argv: list[str],
    environ: Mapping[bytes, bytes],
    defaults: Sequence[signal.Signals] = (),
) -> tuple[int, socket.socket]:
    """Start a process as the leader of a session; return its number and our end of its socket.

    Args:
        argv: the program, which is looked for in PATH if it is a bare name, and its arguments.
        environ: its environment.
        defaults: the signals that it handles as the system does, whatever is ignored here.

    Raises:
        OSError: it cannot be started now.
    """
    # No forked child may have its end: we must see that it is closed.
    with held_off():
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            pid = os.posix_spawnp(
                argv[0],
                argv,
                environ,
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, theirs.fileno(), 0),
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                ],
                setsid=True,
                setsigmask=[],
                setsigdef=defaults,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
    note_started(pid)
    return pid, ours
