"""One append-only file of events, with one writer."""

import contextlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from automl.errors import JournalError, StorageError
from automl.journal.checksum import sealed
from automl.journal.disk.files import read_regular, trouble
from automl.journal.disk.syncer import Syncer
from automl.journal.events import Event, encode
from automl.journal.lines import End, JournalLines
from automl.journal.lock import StudyLock
from automl.spelling.spelling import spelled

logger = logging.getLogger(__name__)


def load(path: Path) -> tuple[list[Event], End]:
    """Return the events of a journal and where the lines end in which they stand.

    A last line without its newline was torn by a crash: it is left out. A missing file is an
    empty journal.

    Raises:
        JournalError: any other line cannot be read; the message names line and byte.
        StorageError: the file cannot be read now.
    """
    try:
        content = read_regular(path)
    except FileNotFoundError:
        return [], End()
    except OSError as error:
        raise trouble(
            f"read the journal {path}", error, "see to it that you may read this file"
        ) from error
    return parse(content, path)


def parse(content: bytes, path: Path) -> tuple[list[Event], End]:
    """Return what `load` does of a file with this content; `path` is for the messages."""
    lines = JournalLines(path)
    return list(lines.events(content)), lines.end


class Journal:
    """The writer of a journal.

    `append` returns once the operating system has the lines, so that they survive the death of
    this process; a thread of its own then forces them to the disk, so that they survive a power
    cut a moment later without the loop waiting for the disk.

    Args:
        lock: holds the study; the journal is written through the file that it has locked, wherever
            that is moved meanwhile.
        end: where its lines end, as `load` gave it; anything beyond is a torn line and is cut off.

    Raises:
        StorageError: a torn line cannot be cut off now.
    """

    def __init__(self, lock: StudyLock, end: End) -> None:
        self._lock = lock
        self._size, self._checksum = end
        # Whether something may lie behind the last line that was written whole.
        self._dirty = False
        try:
            torn = os.fstat(self._file).st_size - self._size
            if torn > 0:
                logger.warning("%s: cut off a torn last line of %d bytes", lock.path, torn)
            self._cut()
        except OSError as error:
            raise trouble(f"write the journal {lock.path}", error, "see to its disk") from error
        self._syncer = Syncer(lock.file)

    @property
    def _file(self) -> int:
        return self._lock.file

    def append(self, events: Sequence[Event]) -> None:
        """Add events, all or none.

        Raises:
            StorageError: they could not be written, for example because the disk is full; the
                file is as it was, or will be before the next line is added, and appending can be
                tried again.
            JournalError: JSON has no such value as one in them.
        """
        content, checksum = self._lines(events)
        file = self._file
        try:
            # What is left of a failed write, or what somebody else has added.
            if self._dirty or os.fstat(file).st_size > self._size:
                self._cut()
            written = os.write(file, content)
            while written < len(content):
                written += os.write(file, content[written:])
        except OSError as error:
            self._dirty = True
            with contextlib.suppress(OSError):
                self._cut()
            # Of whatever kind the error is: the trials that run are worth waiting for.
            told = trouble(f"write to the journal {self._lock.path}", error, "see to its disk")
            raise StorageError(str(told)) from error
        self._size += len(content)
        self._checksum = checksum
        self._syncer.ask()

    def lost(self) -> str:
        """Return why this is no longer the journal of the study in its folder; else empty."""
        lost = self._lock.lost()
        if lost or self._dirty:
            return lost
        try:
            whole = os.fstat(self._file).st_size >= self._size
        except OSError:
            return ""
        if whole:
            return ""
        return (
            f"somebody else has cut {self._lock.path} while the study ran. Its trials are ended; "
            "put a copy of that file back if you have one, or start afresh with "
            f"{spelled('fresh', value=True)} (the old folder is kept)"
        )

    def close(self) -> None:
        """Wait until everything is on the disk; the file stays open for as long as the lock."""
        self._syncer.close()

    def _lines(self, events: Sequence[Event]) -> tuple[bytes, int]:
        lines = []
        checksum = self._checksum
        try:
            for event in events:
                line, checksum = sealed(encode(event), checksum)
                lines.append(line)
        except (ValueError, OverflowError, TypeError) as error:
            raise JournalError(
                f"cannot write to the journal {self._lock.path}: JSON has no such value: {error}; "
                "give the study plain values"
            ) from error
        return b"".join(lines), checksum

    def _cut(self) -> None:
        """Let the file end with its last whole line, and write on from there."""
        os.ftruncate(self._file, self._size)
        os.lseek(self._file, self._size, os.SEEK_SET)
        self._dirty = False
