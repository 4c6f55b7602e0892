"""A mark that a process can neither clear with its environment nor lose by forking.

Resource limits pass from a process to all that it starts, through `fork`, `exec`, a new session and
a cleared environment. The soft limit of RLIMIT_RTTIME holds back realtime processes only; set to
tens of thousands of years it holds back none, and its exact number tells whose a process is.
"""

import contextlib
import hashlib
import resource
import sys

_FLOOR = 1 << 61


def brand_of(mark: str) -> int:
    """Return the number that stands for a mark.

    >>> brand_of("study:1") != brand_of("study:2")
    True
    """
    digest = hashlib.blake2b(mark.encode(), digest_size=8).digest()
    return _FLOOR | (int.from_bytes(digest) >> 4)


def put_brand(pid: int, mark: str) -> None:
    """Brand a process; what it starts from now on has the brand too.

    Nothing happens where the system has no such limit or does not allow it.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, ValueError):
        _, hard = resource.prlimit(pid, resource.RLIMIT_RTTIME)
        resource.prlimit(pid, resource.RLIMIT_RTTIME, (brand_of(mark), hard))


def read_brand(pid: int) -> int | None:
    """Return the brand of a process, None if it has none or may not be asked."""
    if sys.platform != "linux":
        return None
    try:
        soft, _ = resource.prlimit(pid, resource.RLIMIT_RTTIME)
    except (OSError, ValueError):
        return None
    return soft if soft >= _FLOOR else None
