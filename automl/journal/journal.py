"""One append-only file of events, with one writer."""

import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from automl.errors import JournalError, StorageError
from automl.journal.events import Event, UnknownEventError, decode, encode

logger = logging.getLogger(__name__)

SYNC_INTERVAL_S = 0.05
"""How long written lines may wait before they are forced to the disk, against a power cut."""


def load(path: Path) -> tuple[list[Event], int]:
    """Return the events of a journal and the length in bytes of the lines they stand in.

    A last line without its newline was torn by a crash: it is left out, and the length tells a
    writer where to cut. A missing file is an empty journal.

    Raises:
        JournalError: any other line cannot be read; the message names line and byte.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return [], 0
    except OSError as error:
        raise JournalError(f"cannot read the journal {path}: {error.strerror}") from error
    events: list[Event] = []
    offset = 0
    while (end := content.find(b"\n", offset)) >= 0:
        try:
            events.append(decode(content[offset:end]))
        except UnknownEventError as error:
            raise JournalError(
                f"{path}: line {len(events) + 1}, byte {offset}: {error}. Nothing was changed. "
                "To go on without what follows, cut the file there; to start afresh, pass "
                "fresh=True (the old folder is kept)"
            ) from error
        offset = end + 1
    return events, offset


class Journal:
    """The writer of a journal.

    `append` returns once the operating system has the lines, so that they survive the death of
    this process; a thread of its own then forces them to the disk, so that they survive a power
    cut a moment later without the loop waiting for the disk.

    Args:
        path: the file; made if missing.
        valid_bytes: its length as `load` gave it; anything beyond is a torn line and is cut off.

    Raises:
        JournalError: the file cannot be written.
    """

    def __init__(self, path: Path, valid_bytes: int) -> None:
        self._path = path
        self._size = valid_bytes
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise JournalError(
                f"cannot write the journal {path}: {error.strerror}; "
                "give study_dir= a folder you may write to"
            ) from error
        torn = os.fstat(self._file).st_size - valid_bytes
        if torn > 0:
            logger.warning("%s: cut off a torn last line of %d bytes", path, torn)
            os.ftruncate(self._file, valid_bytes)
        os.lseek(self._file, valid_bytes, os.SEEK_SET)
        self._syncer = _Syncer(self._file)

    def append(self, events: Sequence[Event]) -> None:
        """Add events, all or none.

        Raises:
            StorageError: they could not be written, for example because the disk is full; the
                file is as it was, and appending can be tried again.
            JournalError: a text in them is no valid Unicode.
        """
        try:
            content = b"".join([encode(event) for event in events])
        except UnicodeEncodeError as error:
            raise JournalError(
                f"cannot write to the journal {self._path}: the text {error.object!r} is no valid "
                "Unicode; rename the file or folder that it names"
            ) from error
        try:
            written = os.write(self._file, content)
            while written < len(content):
                written += os.write(self._file, content[written:])
        except OSError as error:
            os.ftruncate(self._file, self._size)
            os.lseek(self._file, self._size, os.SEEK_SET)
            raise StorageError(
                f"cannot write to the journal {self._path}: {error.strerror}"
            ) from error
        self._size += len(content)
        self._syncer.ask()

    def close(self) -> None:
        """Wait until everything is on the disk and close the file."""
        self._syncer.close()
        os.close(self._file)


class _Syncer:
    """Forces a file to the disk, aside and once for many writes."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._asked = threading.Event()
        self._pause = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="automl-journal", daemon=True)
        self._thread.start()

    def ask(self) -> None:
        self._asked.set()

    def close(self) -> None:
        self._closing = True
        self._pause.set()
        self._asked.set()
        self._thread.join()
        self._sync()

    def _run(self) -> None:
        while not self._closing:
            self._asked.wait()
            if not self._closing:
                # Many ends a second share one visit to the disk, which would slow them all.
                self._pause.wait(SYNC_INTERVAL_S)
            self._asked.clear()
            if not self._sync():
                return

    def _sync(self) -> bool:
        try:
            os.fsync(self._file)
        except OSError as error:
            logger.warning("the journal may not survive a power cut: %s", error.strerror)
            return False
        return True
