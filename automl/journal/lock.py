"""One controller per study."""

import fcntl
import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

from automl.errors import JournalError, StudyBusyError


class StudyLock:
    """Holds a study's lock file until `release` or the end of this process.

    The kernel keeps the lock (`flock`), so one left by a dead controller is free by itself. The
    file's content says who has it.

    Raises:
        StudyBusyError: another controller has the study.
        JournalError: the lock file cannot be written or locked.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise JournalError(
                f"cannot write {path}: {error.strerror}; give study_dir= a folder you may write to"
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._file, 4096, 0)
            os.close(self._file)
            raise StudyBusyError(_busy(path, holder)) from error
        except OSError as error:
            os.close(self._file)
            raise JournalError(
                f"cannot lock {path}: {error.strerror}; the file system may have no locks, "
                "then give study_dir= a folder on another one"
            ) from error
        mine = {
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, json.dumps(mine).encode() + b"\n", 0)

    def release(self) -> None:
        """Let another controller have the study."""
        os.ftruncate(self._file, 0)
        os.close(self._file)


def _busy(path: Path, holder: bytes) -> str:
    try:
        who = json.loads(holder)
        text = f"process {who['pid']} on {who['host']} since {who['since']}"
    except (ValueError, KeyError, TypeError):
        text = "another process"
    return (
        f"the study in {path.parent} is being run by {text}. Wait for it, end it with Ctrl-C or "
        "SIGTERM there, or start a study of another name (name=...)"
    )
