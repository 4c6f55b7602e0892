"""Holding off forks by the user's script for a moment, and leaving its children what is theirs."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that ask a process to end."""

# Reentrant, as a signal handler may fork while this very thread holds forks off.
_FORKING = threading.RLock()
_watched = threading.Event()
_masks: list[set[int | signal.Signals]] = []
_in_child: list[Callable[[], None]] = []


def watch() -> None:
    """See to it that no child loses a signal that asks it to end before Python runs in it.

    Python forgets what signals its handlers noted in a child until it is set up there. A process
    with handlers of its own for them would miss `child.terminate()` right after the start.
    """
    with _FORKING:
        if not _watched.is_set():
            _watched.set()
            os.register_at_fork(
                before=_begin, after_in_parent=_go_on, after_in_child=_go_on_in_child
            )


def held_off() -> AbstractContextManager[bool]:
    """Return a context in which no other thread of this process forks by `os.fork`.

    For what a forked child must not get, such as the end of a pipe that somebody waits to see
    closed. A worker of `multiprocessing` keeps what it inherits for as long as it lives.
    """
    watch()
    return _FORKING


def in_each_child(step: Callable[[], None]) -> None:
    """Have a step done first in each child that is forked from now on."""
    with held_off():
        _in_child.append(step)


def _begin() -> None:
    _FORKING.acquire()
    _masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, ASKING))


def _go_on() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, _masks.pop())
    _FORKING.release()


def _go_on_in_child() -> None:
    for step in _in_child:
        step()
    _go_on()
