"""A mark that a process can neither clear with its environment nor lose by forking.

Resource limits pass from a process to all that it starts, through `fork`, `exec`, a new session and
a cleared environment. The soft limit of RLIMIT_RTTIME holds back realtime processes only; set to
tens of thousands of years it holds back none, and its exact number tells whose a process is.
"""

import hashlib
import os
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


def put_brand(pid: int, mark: str, *, children: bool) -> None:
    """Brand a process that was just started; what it starts from now on has the brand too.

    Nothing happens where the system has no such limit or does not allow it.

    Args:
        pid: the process.
        mark: what to brand it with.
        children: brand also what it has started already, as it can when this process had to wait
            for a free CPU since.
    """
    if sys.platform != "linux":
        return
    try:
        _, hard = resource.prlimit(pid, resource.RLIMIT_RTTIME)
        resource.prlimit(pid, resource.RLIMIT_RTTIME, (brand_of(mark), hard))
        if children:
            for child in _children(pid):
                put_brand(child, mark, children=True)
    except (OSError, ValueError):
        return


def _children(pid: int) -> list[int]:
    file = os.open(f"/proc/{pid}/task/{pid}/children", os.O_RDONLY | os.O_CLOEXEC)
    try:
        return [int(child) for child in os.read(file, 1024).split()]
    finally:
        os.close(file)


def read_brand(pid: int) -> int | None:
    """Return the brand of a process, None if it has none or may not be asked."""
    if sys.platform != "linux":
        return None
    try:
        soft, _ = resource.prlimit(pid, resource.RLIMIT_RTTIME)
    except (OSError, ValueError):
        return None
    return soft if soft >= _FLOOR else None
