"""One controller per study."""

import contextlib
import fcntl
import logging
import os
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from automl.errors import JournalError, StudyBusyError
from automl.journal.disk.descriptor import Descriptor
from automl.journal.disk.files import content_of, trouble
from automl.journal.folder import StudyFolder
from automl.journal.holder import Holder, holder_in, legacy_holder_in, study_busy
from automl.spelling.spelling import spelled

logger = logging.getLogger(__name__)

_PAUSE_S = 0.01
"""How far apart a controller tries that starts while another process has the lock."""

_TRIES = 100
"""How often it tries while nobody known has the lock.

A child of a dead controller that was just forked has it, until it closes its copies.
"""

_READER_TRIES = 6000
"""How often it tries while somebody has the lock who only looks whether it is free.

That takes an instant, but on a busy machine an instant can be long.
"""


class _Had(Enum):
    """Who has a lock that may be free soon."""

    BY_A_READER = 1
    BY_NOBODY_KNOWN = 2


class StudyLock:
    """Holds a study's journal until `release` or the end of this process.

    The kernel keeps the lock (`flock`), so one left by a dead controller is free by itself. It is
    on the journal's own file: it goes with it through a rename, and no other file's removal frees
    it. Where an earlier release left its `lock` file, that one is held as well.

    Args:
        folder: the study's; its journal is made if it is missing.

    Attributes:
        path: the journal.

    Raises:
        StudyBusyError: another controller has the study.
        StorageError: the journal cannot be opened or locked now.
        JournalError: it cannot be opened, locked, or is no file.
    """

    def __init__(self, folder: StudyFolder) -> None:
        self.path = folder.journal
        self._folder = folder
        self._legacy: Descriptor | None = None
        self._held = self._taken(folder.journal, os.O_RDWR | os.O_CREAT, holder_in)
        try:
            if os.path.lexists(folder.lock):
                with contextlib.suppress(FileNotFoundError):
                    self._legacy = self._taken(folder.lock, os.O_RDWR, legacy_holder_in)
        except BaseException:
            self.release()
            raise

    @property
    def file(self) -> int:
        """The descriptor of the journal, for reading and writing; -1 once it is released."""
        return self._held.number

    def content(self) -> bytes:
        """Return what the journal holds.

        Raises:
            StorageError: it cannot be read now.
            JournalError: it cannot be read.
        """
        try:
            return content_of(self.file)
        except OSError as error:
            raise trouble(f"read the journal {self.path}", error, "see to its disk") from error

    def lost(self) -> str:
        """Return what became of the folder if it is no longer the one that was taken; else empty.

        What cannot be looked at counts as being there.
        """
        try:
            found = os.stat(self.path)  # noqa: PTH116 - before every start of a trial
            ours = os.fstat(self.file)
            if not os.path.samestat(found, ours):
                return f"{self.path} was replaced by another file while the study ran. {_ADVICE}"
        except (FileNotFoundError, NotADirectoryError):
            return self._where_to()
        except OSError:
            return ""
        try:
            os.stat(self._folder.trials)  # noqa: PTH116
        except (FileNotFoundError, NotADirectoryError):
            return (
                f"{self._folder.trials} was deleted or moved away while the study ran. Its trials "
                "are ended; put it back if you can, and start the same command to go on"
            )
        except OSError:
            return ""
        return ""

    def release(self) -> None:
        """Let another controller have the study; doing so again changes nothing."""
        if self._legacy is not None:
            self._legacy.close()
        self._held.close()

    def _where_to(self) -> str:
        if not os.fstat(self.file).st_nlink:
            return f"{self.path} was deleted while the study ran. {_ADVICE}"
        now = ""
        with contextlib.suppress(OSError):
            # Linux alone knows where an open file is.
            now = f" to {os.readlink(f'/proc/self/fd/{self.file}')}"  # noqa: PTH115
        return f"{self.path} was moved away{now} while the study ran. {_ADVICE}"

    def _taken(self, path: Path, flags: int, told: Callable[[bytes], Holder]) -> Descriptor:
        """Return a file with its lock; `told` says by its content who has it otherwise."""
        left = {_Had.BY_NOBODY_KNOWN: _TRIES, _Had.BY_A_READER: _READER_TRIES}
        while True:
            had = self._tried(path, flags, told)
            if isinstance(had, Descriptor):
                return had
            left[had] -= 1
            if left[had] <= 0:
                break
            if left[_Had.BY_A_READER] == _READER_TRIES - _TRIES and had is _Had.BY_A_READER:
                logger.info("waiting for a program that looks at the study in %s", path.parent)
            time.sleep(_PAUSE_S)
        if not path.parent.is_dir():
            raise JournalError(f"cannot write {path}: its folder is gone; start it again")
        if had is _Had.BY_A_READER:
            raise StudyBusyError(
                f"a program that only looks at the study in {self._folder.path} does not let it "
                f"go: it may be stopped (Ctrl-Z). `fuser {path}` tells its process; end it, or let "
                "it go on, and start this again"
            )
        raise study_busy(self._folder.path, Holder())

    def _tried(
        self, path: Path, flags: int, told: Callable[[bytes], Holder]
    ) -> "Descriptor | _Had":
        """Return a file with its lock, or who has it that may let it go in an instant."""
        try:
            held = Descriptor(path, flags)
        except FileNotFoundError:
            if not flags & os.O_CREAT:
                raise
            # Another start, with fresh=True, may just have renamed the folder.
            return _Had.BY_NOBODY_KNOWN
        except OSError as error:
            advice = f"give {spelled('study_dir')} a folder you may write to"
            raise trouble(f"write {path}", error, advice) from error
        try:
            had = self._lock(held, path, told)
            if had is None and _is_at(held, path):
                return held
        except BaseException:
            held.close()
            raise
        held.close()
        return had or _Had.BY_NOBODY_KNOWN

    def _lock(self, held: Descriptor, path: Path, told: Callable[[bytes], Holder]) -> "_Had | None":
        """Lock a file, or return who has it that may let it go in an instant."""
        try:
            if _flock(held, fcntl.LOCK_EX):
                return None
            # Whoever shares the lock only looks at it.
            if _flock(held, fcntl.LOCK_SH):
                return _Had.BY_A_READER
            holder = told(content_of(held.number))
        except OSError as error:
            advice = (
                f"the file system may have no locks, then give {spelled('study_dir')} a folder on "
                "another one"
            )
            raise trouble(f"lock {path}", error, advice) from error
        if holder.pid:
            raise study_busy(self._folder.path, holder)
        return _Had.BY_NOBODY_KNOWN


_ADVICE = (
    "Its trials are ended; put the study's folder back as it was, and start the same command to go "
    "on from there, or start it without to begin anew"
)


def _flock(held: Descriptor, kind: int) -> bool:
    try:
        fcntl.flock(held.number, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(held: Descriptor, path: Path) -> bool:
    """Tell whether a path still leads to a file: its folder may have been renamed meanwhile."""
    try:
        return os.path.samestat(path.stat(), os.fstat(held.number))
    except OSError:
        return False
