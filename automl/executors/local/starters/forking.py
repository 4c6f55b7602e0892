"""The program that imports a function once, and forks a starter of its calls when it is asked to.

    python -P -m automl.executors.local.starters.forking PARENT FOLDER WORDS...

Its standard input is a socket that keeps messages apart. It imports the function that WORDS call,
in FOLDER, and says `ready` with the states of its source files, or `unfit` with the reason why it
is not to be forked. From then on each message has the socket of a starter with it: one is forked,
which does orders as `program.py` does, but that it forks a call where that starts a program. It
answers with the pid of the starter. Each is a process of its own, which outlives this one.

It ends with its socket, or with its parent. It runs no threads, and no call.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from automl.executors.local.starters.fitness import imported_states, own_sources, why_not_forked
from automl.executors.local.starters.forked_call import ForkedCalls, Printed
from automl.executors.local.starters.own_mark import own_mark
from automl.executors.local.starters.program import MARK, ORDER_BYTES, serve
from automl.executors.local.starters.rehearsal import rehearse
from automl.executors.local.starters.seeding import SeedWatch
from automl.inside.call import tell_where_it_is
from automl.inside.calling.importing import begin_again
from automl.inside.calling.loading import load
from automl.inside.calling.words import Target, call_of

READY, UNFIT = "ready", "unfit"


def main() -> None:
    """Import the function, and fork starters until the parent is gone or wants no more."""
    parent, folder, *words = sys.argv[1:]
    channel = socket.socket(fileno=os.dup(0))
    lives = os.pidfd_open(int(parent))
    if os.getppid() != int(parent):
        return
    os.chdir(folder)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    printed = Printed()
    mark = os.environb[MARK]
    target = call_of(words).target
    began_ns = time.time_ns()
    with SeedWatch() as seeds:
        function = _loaded(target, channel)
    printed.end(null)
    sources = own_sources(target.pickled or target.script)
    place = own_mark(MARK, mark)
    why = why_not_forked(sources, seeded=seeds.found) or (
        "" if place else "importing it changes its process's name"
    )
    if why or place is None:
        _tell(channel, UNFIT, why)
        return
    calls = ForkedCalls(function, target, place, printed, null, {channel.fileno(), lives})
    rehearse()
    # Starters are not waited for: they outlive this process, or it them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Else its first collection would copy all that the import has made.
    gc.freeze()
    _tell(channel, READY, json.dumps(imported_states(sources, began_ns)))
    _fork_starters(channel, lives, calls)


def _loaded(target: Target, channel: socket.socket) -> Callable[..., Any]:
    begin_again()
    tell_where_it_is()
    try:
        return load(target)
    except BaseException as error:  # noqa: BLE001 - each call will tell it, in its own log
        _tell(channel, UNFIT, f"importing it raises {type(error).__name__}")
        os._exit(1)


def _fork_starters(channel: socket.socket, lives: int, calls: ForkedCalls) -> None:
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    poll.register(lives, select.POLLIN)
    while lives not in dict(poll.poll()):
        data, files, _, _ = socket.recv_fds(channel, 16, 1)
        if not data or not files:
            return
        pid = os.fork()
        if not pid:
            channel.close()
            _be_starter(files[0], lives, calls)
        os.close(files[0])
        _tell(channel, str(pid), "")


def _be_starter(channel: int, lives: int, calls: ForkedCalls) -> NoReturn:
    """Be a starter, whose orders come through a socket."""
    try:
        os.dup2(channel, 0, inheritable=False)
        os.close(channel)
        # It waits for what it starts.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        serve(lives, calls.start, tells=True)
    finally:
        os._exit(0)


def _tell(channel: socket.socket, word: str, more: str) -> None:
    message = f"{word} {more}".encode()
    if len(message) > ORDER_BYTES:
        message = f"{UNFIT} it imports too many files of its own".encode()
    try:
        channel.send(message)
    except OSError:
        os._exit(1)  # Nobody is there any more to hear it.


if __name__ == "__main__":
    main()
    os._exit(0)
