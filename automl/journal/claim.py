"""The file that says which study writes the metric files of one footprint."""

import contextlib
import dataclasses
import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path

from automl.journal.disk.descriptor import Descriptor
from automl.journal.disk.files import read_regular

_MOST_BYTES = 65_536
_FLAGS = os.O_NOFOLLOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """Who has a claim, as its file says; what is not known is empty.

    Attributes:
        study: the study's folder.
        name: the study's name.
        uid: the study's own id, empty before anything of it was launched.
        host: where its controller runs, or ran.
        pid: the controller's process, 0 if it is not known.
    """

    study: str = ""
    name: str = ""
    uid: str = ""
    host: str = ""
    pid: int = 0

    def __str__(self) -> str:
        """Return `the study 'a' in /there (process 12 on host)`."""
        if not self.study:
            return "another study"
        return f"the study {self.name!r} in {self.study} (process {self.pid} on {self.host})"


class Claim:
    """Holds a claim's file locked until `release` or the end of this process.

    The kernel keeps the lock (`flock`); the content stays when a controller is killed, as the
    trials of its study may still run.

    Args:
        path: the file; made if it is missing, as far as that is allowed.

    Attributes:
        path: the file.
        claimant: whom the file named when it was locked.
        foreign: whether the file belongs to another user.

    Raises:
        BlockingIOError: another process has it.
        OSError: the file can neither be made nor read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        while True:
            self._file = _open(path)
            try:
                fcntl.flock(self._file.number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                there = _is_at(self._file, path)
            except BaseException:
                self._file.close()
                raise
            if there:
                break
            # Whoever had it has removed it, as its study has ended.
            self._file.close()
        try:
            self.claimant = _parsed(os.pread(self._file.number, _MOST_BYTES, 0))
            self.foreign = os.fstat(self._file.number).st_uid != os.geteuid()
        except BaseException:
            self._file.close()
            raise

    def write(self, claimant: Claimant) -> None:
        """Say who has the claim now.

        Raises:
            OSError: it cannot be written; the claim is held all the same.
        """
        content = json.dumps(dataclasses.asdict(claimant)).encode() + b"\n"
        written = 0
        while written < len(content):
            written += os.pwrite(self._file.number, content[written:], written)
        os.ftruncate(self._file.number, len(content))
        self.claimant = claimant

    def release(self, *, remove: bool) -> None:
        """Let another study have it, and remove the file first if `remove` says so.

        A file that cannot be removed now stays: it names a study of which nothing runs.
        """
        with contextlib.suppress(OSError):
            if remove and _is_at(self._file, self.path):
                self.path.unlink()
        self._file.close()


def read_claimant(path: Path) -> Claimant:
    """Return whom a claim's file names, without its lock."""
    try:
        return _parsed(read_regular(path)[:_MOST_BYTES])
    except OSError:
        return Claimant()


def _open(path: Path) -> Descriptor:
    try:
        return Descriptor(path, os.O_RDWR | os.O_CREAT | _FLAGS)
    except PermissionError:
        # One of another user can still be locked, and that is what counts.
        return Descriptor(path, os.O_RDONLY | _FLAGS)


def _is_at(file: Descriptor, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.number), path.lstat())
    except FileNotFoundError:
        return False


def _parsed(content: bytes) -> Claimant:
    try:
        said = json.loads(content)
        texts = {key: str(said[key]) for key in ("study", "name", "uid", "host")}
        return Claimant(**texts, pid=int(said["pid"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return Claimant()
