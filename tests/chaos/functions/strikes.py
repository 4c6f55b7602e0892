"""Kills of the processes that begin calls of functions: which they are, seen from outside.

Nothing here uses automl. What belongs to a study carries the driver's mark. Of that, a fork server
and its starters have a mark of automl that ends in `:starter`; the server leads a session, and the
starters stay in it, whatever becomes of the server. What a starter has forked are calls; they look
like a starter, and then like a server, until they have a session and a mark of their own.
"""

import contextlib
import os
import random
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SERVER, STARTER = "server", "starter"
KINDS = (SERVER, STARTER)

_STARTER_MARK = b":starter"


@dataclass(frozen=True, slots=True)
class Strike:
    """One kill.

    Attributes:
        kind: one of `KINDS`.
        at_s: when.
        pid: what was killed.
        calls: the calls that ran just then below a starter that was killed.
    """

    kind: str
    at_s: float
    pid: int
    calls: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Stat:
    """What the kernel tells of a process that has not ended."""

    state: str
    parent: int
    session: int


def strike(kind: str, pids: Iterable[int], rng: random.Random) -> Strike | None:
    """Kill a server or a starter among some processes; None if there is none.

    Args:
        kind: one of `KINDS`.
        pids: all processes of a study.
        rng: chooses among several.
    """
    found = [pid for pid in pids if _kind_of(pid) == kind]
    if not found:
        return None
    pid = rng.choice(found)
    try:
        # From here on it forks nothing, and its call, should that end, stays a zombie.
        os.kill(pid, signal.SIGSTOP)
        _wait_until_stopped(pid)
        calls = _running_below(pid) if kind == STARTER else frozenset()
        at_s = time.time()
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return None
    return Strike(kind, at_s, pid, calls)


def _kind_of(pid: int) -> str:
    """Return what a process is, empty for a call, also in its first moments, and all others."""
    stat = _stat(pid)
    if stat is None or not _is_marked(pid):
        return ""
    is_begun_by_server = _is_marked(stat.parent) and _leads_session(stat.parent)
    if stat.session == pid:
        # A server has its controller above it, and does not outlive that.
        return "" if stat.parent == 1 or _is_marked(stat.parent) else SERVER
    # Of one whose server is gone, its call tells: no call has begun another one.
    has_call = any(_leads_session(child) for child in _running_below(pid))
    return STARTER if is_begun_by_server or has_call else ""


def _leads_session(pid: int) -> bool:
    stat = _stat(pid)
    return stat is not None and stat.session == pid


def _is_marked(pid: int) -> bool:
    """Tell whether a process has the mark of servers and starters."""
    try:
        environ = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False
    _, found, rest = environ.partition(b"AUTOML_MARK=")
    return bool(found) and rest.partition(b"\0")[0].endswith(_STARTER_MARK)


def _wait_until_stopped(pid: int) -> None:
    """Wait until a process that was told to stop has, which takes as long as a busy CPU does."""
    while (stat := _stat(pid)) and stat.state not in "TtZX":
        time.sleep(0.0005)


def _running_below(pid: int) -> frozenset[int]:
    """Return the children of a process that have not ended."""
    children = set()
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            children.update(map(int, (task / "children").read_text().split()))
    return frozenset(one for one in children if _stat(one))


def _stat(pid: int) -> _Stat | None:
    """Return what the kernel tells of a process; None if it has ended, or is a zombie."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    if words[0] in "ZX":
        return None
    return _Stat(words[0], int(words[1]), int(words[3]))
