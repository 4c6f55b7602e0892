"""The state of a study whose journal grows, kept up at the price of what was added."""

import copy
import os
import threading
from pathlib import Path

from automl.errors import JournalError
from automl.journal.disk.files import open_regular, trouble
from automl.journal.events import (
    Drawn,
    Event,
    Measured,
    TrialEnded,
    TrialPlanned,
    TrialRequeued,
    TrialStarted,
)
from automl.journal.fold import StudyState, apply_line
from automl.journal.lines import JournalLines
from automl.journal.snapshot import StudySnapshot, read_only, with_fixed_values
from automl.study.ranking.curve import Curve

_BLOCK_BYTES = 1 << 20
_COMPARED_BYTES = 4096
"""So much of the first and of the last line is looked at to tell whether a file is the same.

The first line holds the study's id and when it began; the last one a checksum of all before it.
"""


class NoJournalError(JournalError):
    """There is no journal where it was looked for, or no longer."""


class Tail:
    """Looks at a journal time and again, and reads each time only what was added since.

    A journal that another one took the place of, or that was cut, is read from its beginning. A
    last line without its newline is left for later. Any threads may look at once.

    Args:
        path: the journal.
        curves: keep the recorded measurements.
    """

    def __init__(self, path: Path, *, curves: bool = False) -> None:
        self._path = path
        self._keeps_curves = curves
        self._looking = threading.Lock()
        self._snapshot: StudySnapshot | None = None
        self._begin()

    def look(self) -> StudySnapshot:
        """Return what the journal tells now; the same object while it tells nothing new.

        Raises:
            NoJournalError: there is none: the folder was moved, renamed or deleted. What was read
                is kept, in case it comes back.
            JournalError: a line cannot be read; the message names line and byte. So for each look
                until that line is another one.
            StorageError: the file cannot be read now.
        """
        with self._looking:
            try:
                self._catch_up()
            except FileNotFoundError as error:
                raise NoJournalError(
                    f"there is no journal {self._path}: the study's folder was moved, renamed or "
                    "deleted; put it back, or open the study where it is now"
                ) from error
            except OSError as error:
                advice = "see to it that you may read this file"
                raise trouble(f"read the journal {self._path}", error, advice) from error
            if self._snapshot is None:
                self._snapshot = StudySnapshot.of(self._state)
                self._own_curves.clear()
            return self._snapshot

    def _begin(self) -> None:
        """Know nothing, as before the first look."""
        self._state = StudyState(curves={} if self._keeps_curves else None)
        self._lines = JournalLines(self._path)
        self._file_id = (0, 0)
        self._head = b""
        self._snapshot = None
        # Curves that no snapshot has; others are copied before they grow.
        self._own_curves: set[int] = set()

    def _catch_up(self) -> None:
        file = open_regular(self._path, os.O_RDONLY)
        try:
            if not self._goes_on_in(file):
                self._begin()
                status = os.fstat(file)
                self._file_id = (status.st_dev, status.st_ino)
            self._read(file)
            size = min(self._lines.size_bytes, _COMPARED_BYTES)
            if len(self._head) < size:
                self._head = os.pread(file, size, 0)
        finally:
            os.close(file)

    def _goes_on_in(self, file: int) -> bool:
        """Tell whether a file begins with what was read.

        Another file can have the number (inode) of one that was deleted, and a file can be cut and
        grow again.
        """
        status = os.fstat(file)
        size = self._lines.size_bytes
        if (status.st_dev, status.st_ino) != self._file_id:
            return False
        last = (self._lines.last + b"\n")[-_COMPARED_BYTES:] if size else b""
        return (
            os.pread(file, len(self._head), 0) == self._head
            and os.pread(file, len(last), size - len(last)) == last
        )

    def _read(self, file: int) -> None:
        """Take in all whole lines behind those that were read."""
        offset = self._lines.size_bytes
        pieces: list[bytes] = []
        while piece := os.pread(file, _BLOCK_BYTES, offset):
            offset += len(piece)
            pieces.append(piece)
            if b"\n" in piece:
                content = b"".join(pieces)
                before = self._lines.size_bytes
                for event in self._lines.events(content):
                    self._take_in(read_only(event))
                pieces = [content[self._lines.size_bytes - before :]]

    def _take_in(self, event: Event) -> None:
        curves = self._state.curves
        if curves is not None and isinstance(event, Measured | TrialStarted):
            if isinstance(event, Measured) and event.trial not in self._own_curves:
                curves[event.trial] = copy.deepcopy(curves.get(event.trial, Curve()))
            self._own_curves.add(event.trial)
        apply_line(self._state, event, self._lines.count + 1)
        if isinstance(event, TrialPlanned | Drawn | TrialEnded | TrialRequeued):
            trials = self._state.trials
            trials[event.trial] = with_fixed_values(trials[event.trial])
        self._snapshot = None
