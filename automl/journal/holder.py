"""Who runs a study, found out without getting in the way of a controller that is starting."""

import fcntl
import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Holder:
    """The controller that has a study; what it left unsaid is empty, its pid then 0."""

    host: str = ""
    pid: int = 0
    since: str = ""

    def __str__(self) -> str:
        """Return `process 12 on host since ...`, or `another process` where that is not known."""
        if not self.pid:
            return "another process"
        return f"process {self.pid} on {self.host} since {self.since}"


def find_holder(path: Path) -> Holder | None:
    """Return who holds the lock file `path`, None if nobody does or the file cannot be read.

    The content alone proves nothing, as a killed controller leaves its own. So the lock is tried
    too, shared and for an instant; but only where the content names a process that may be alive,
    as a controller that starts in that very instant would be told that the study is taken.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        content = os.pread(file, 4096, 0)
        if not content.strip():
            return None
        holder = _parsed(content)
        if holder.host == socket.gethostname() and not _exists(holder.pid):
            return None
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return holder
    except OSError:
        return None
    finally:
        os.close(file)
    return None


def _parsed(content: bytes) -> Holder:
    try:
        who = json.loads(content)
        return Holder(host=str(who["host"]), pid=int(who["pid"]), since=str(who["since"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return Holder()


def _exists(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
