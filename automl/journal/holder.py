"""Who runs a study, found out without getting in the way of a controller that is starting."""

import contextlib
import fcntl
import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from automl.errors import StudyBusyError
from automl.journal.disk.descriptor import Descriptor
from automl.journal.disk.files import content_of, read_regular
from automl.journal.events import StudyClosed, StudyOpened, UnknownEventError, decode
from automl.journal.folder import StudyFolder
from automl.spelling.spelling import OPEN, spelled


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


def study_busy(study: object, who: object) -> StudyBusyError:
    """Return the error that says who runs the study in a folder, and what to do."""
    return StudyBusyError(
        f"the study in {study} is being run by {who}. Wait for it, end it with Ctrl-C or SIGTERM "
        "there, or start a study of another name "
        f"({spelled('name', OPEN)})"
    )


def find_holder(folder: StudyFolder, said: Holder | None = None) -> Holder | None:
    """Return who holds a study, None if nobody does or that cannot be found out.

    Args:
        folder: the study's.
        said: what `last_opening` returns of its journal, for who knows it; else the whole journal
            is read for that, if somebody holds the study.

    The lock alone tells. It is tried, shared and for an instant, which a controller that starts
    just then waits for. An earlier release's controller holds the file `lock` instead, and does
    not wait: that lock is tried only where the file names a process that may be alive.
    """

    def told(file: int) -> Holder:
        return holder_in(content_of(file)) if said is None else said

    return _holder_of(folder.journal, told) or _legacy_holder_of(folder.lock)


def holder_in(journal: bytes) -> Holder:
    """Return who wrote last that it opened the study, by the journal's content.

    That is nobody known if it closed the study since, or runs no more: then somebody else has the
    study, who has not written yet.
    """
    place = len(journal)
    while (place := journal.rfind(b'"event":"Study', 0, place)) >= 0:
        start = journal.rfind(b"\n", 0, place) + 1
        end = journal.find(b"\n", place)
        try:
            event = decode(journal[start : end if end >= 0 else len(journal)])
        except UnknownEventError:
            continue
        if isinstance(event, StudyClosed):
            break
        if isinstance(event, StudyOpened):
            return last_opening(event, closed=False)
    return Holder()


def last_opening(latest: StudyOpened | None, *, closed: bool) -> Holder:
    """Return who opened a study last, nobody known if it was closed since or runs no more."""
    if latest is None or closed:
        return Holder()
    since = latest.at.isoformat(timespec="seconds")
    return _if_alive(Holder(host=latest.host, pid=latest.pid, since=since))


def legacy_holder_in(lock: bytes) -> Holder:
    """Return who the lock file of an earlier release names."""
    try:
        who = json.loads(lock)
        named = Holder(host=str(who["host"]), pid=int(who["pid"]), since=str(who["since"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return Holder()
    return _if_alive(named)


def _legacy_holder_of(lock: Path) -> Holder | None:
    with contextlib.suppress(OSError):
        # The lock of one that may be alive alone is tried, for the instant that takes.
        if legacy_holder_in(read_regular(lock)).pid:
            return _holder_of(lock, lambda file: legacy_holder_in(content_of(file)))
    return None


def _holder_of(path: Path, told: Callable[[int], Holder]) -> Holder | None:
    """Return who holds a file's lock; `told` says so by the file, which is open for that."""
    try:
        file = Descriptor(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(file.number, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return told(file.number)
    except OSError:
        return None
    finally:
        file.close()
    return None


def _if_alive(holder: Holder) -> Holder:
    dead = holder.host == socket.gethostname() and not _exists(holder.pid)
    return Holder() if dead else holder


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
