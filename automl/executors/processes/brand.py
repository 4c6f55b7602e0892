"""Marks that a process can neither clear with its environment nor lose by forking.

Resource limits pass from a process to all that it starts, through `fork`, `exec`, a new session and
a cleared environment. The soft limit of RLIMIT_RTTIME holds back realtime processes only; set to
tens of thousands of years it holds back none, and its exact number tells whose a process is. That
of RLIMIT_LOCKS holds back none at all since Linux 2.4.25, and tells the folder of its study.
"""

import contextlib
import hashlib
import os
import resource
import sys

_FLOOR = 1 << 61

_LOCKS, _RTTIME = 10, 15
"""RLIMIT_LOCKS, for which Python has no name, and RLIMIT_RTTIME, the same on every Linux."""


def brand_of(mark: str) -> int:
    """Return the number that stands for a mark.

    >>> brand_of("study:1") != brand_of("study:2")
    True
    """
    digest = hashlib.blake2b(os.fsencode(mark), digest_size=8).digest()
    return _FLOOR | (int.from_bytes(digest) >> 4)


def mark_limit(mark: str) -> tuple[int, int]:
    """Return the number of the resource limit that brands for a mark, and its soft value."""
    return _RTTIME, brand_of(mark)


def put_brand(pid: int, mark: str) -> None:
    """Brand a process; what it starts from now on has the brand too.

    Nothing happens where the system has no such limit or does not allow it.
    """
    _put(pid, _RTTIME, mark)


def put_place_brand(pid: int, place: str) -> None:
    """Brand a process, and what it starts from now on, with the folder of its study."""
    _put(pid, _LOCKS, place)


def read_brand(pid: int) -> int | None:
    """Return the brand of a process, None if it has none or may not be asked."""
    return _read(pid, _RTTIME)


def read_place_brand(pid: int) -> int | None:
    """Return the brand that tells the folder of a process's study, None if it has none."""
    return _read(pid, _LOCKS)


def _put(pid: int, limit: int, text: str) -> None:
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, ValueError):
        _, hard = resource.prlimit(pid, limit)
        resource.prlimit(pid, limit, (brand_of(text), hard))


def _read(pid: int, limit: int) -> int | None:
    if sys.platform != "linux":
        return None
    try:
        soft, _ = resource.prlimit(pid, limit)
    except (OSError, ValueError):
        return None
    return soft if soft >= _FLOOR else None
