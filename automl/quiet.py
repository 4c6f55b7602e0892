"""Keeping a library quiet about what we know already, in one thread and nowhere else.

The filters of `warnings` and the levels of `logging` are the process's. Swapping them for the time
of a call, as `warnings.catch_warnings` does, would mute other threads too, and at its end take back
what the program set meanwhile.
"""

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


class _Here(threading.local):
    """What this thread does not want to hear.

    Attributes:
        muted: the kinds of warnings.
        unlogged: whether log records below WARNING are among it.
    """

    muted: tuple[type[Warning], ...] = ()
    unlogged: bool = False


_HERE = _Here()


class _MutedKinds(type):
    def __subclasscheck__(cls, category: type) -> bool:
        return issubclass(category, _HERE.muted)


class MutedHere(Warning, metaclass=_MutedKinds):
    """Stands in a filter for whatever the asking thread has muted: for others, for nothing."""


class _UnlessUnlogged(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or not _HERE.unlogged


_UNLESS_UNLOGGED = _UnlessUnlogged()


@contextmanager
def muted(*categories: type[Warning]) -> Iterator[None]:
    """Drop warnings of these kinds that this thread gives.

    One filter is added to those of the process, at the first call and where the program removed it
    or put others before it. It says nothing about other threads, and is never taken away.
    """
    before = _HERE.muted
    _HERE.muted = (*before, *categories)
    try:
        filters = warnings.filters
        if not filters or filters[0][2] is not MutedHere:
            warnings.simplefilter("ignore", MutedHere)
        yield
    finally:
        _HERE.muted = before


@contextmanager
def unlogged(name: str) -> Iterator[None]:
    """Drop what this thread logs below WARNING to the logger `name` itself."""
    logging.getLogger(name).addFilter(_UNLESS_UNLOGGED)
    before = _HERE.unlogged
    _HERE.unlogged = True
    try:
        yield
    finally:
        _HERE.unlogged = before
