"""Holding off forks by the user's script for a moment, and leaving its children what is theirs."""

import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

# Reentrant, as a signal handler may fork while this very thread holds forks off.
_FORKING = threading.RLock()
_watched = threading.Event()
_in_child: list[Callable[[], None]] = []


def held_off() -> AbstractContextManager[bool]:
    """Return a context in which no other thread of this process forks by `os.fork`.

    For what a forked child must not get, such as the end of a pipe that somebody waits to see
    closed. A worker of `multiprocessing` keeps what it inherits for as long as it lives.
    """
    with _FORKING:
        if not _watched.is_set():
            _watched.set()
            os.register_at_fork(
                before=_FORKING.acquire,
                after_in_parent=_FORKING.release,
                after_in_child=_begin_child,
            )
    return _FORKING


def in_each_child(step: Callable[[], None]) -> None:
    """Have a step done first in each child that is forked from now on."""
    with held_off():
        _in_child.append(step)


def _begin_child() -> None:
    for step in _in_child:
        step()
    _FORKING.release()
