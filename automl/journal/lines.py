"""The lines of a journal as events, whether its bytes come at once or in pieces."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from automl.errors import JournalError
from automl.journal.checksum import ChecksumError, Unsealing
from automl.journal.events import Event, UnknownEventError, decode
from automl.spelling.spelling import spelled


class End(NamedTuple):
    """Where the whole lines of a journal end, for a writer to go on from.

    Attributes:
        size_bytes: their length; what lies beyond is a torn line.
        checksum: that of all of them.
    """

    size_bytes: int = 0
    checksum: int = 0


class JournalLines:
    """Reads the lines of one journal, from the first on, and checks that each follows.

    Args:
        path: the journal, for the messages.

    Attributes:
        count: how many lines were read.
        size_bytes: their length.
    """

    def __init__(self, path: Path) -> None:
        self.count = 0
        self.size_bytes = 0
        self._path = path
        self._unsealing = Unsealing()

    @property
    def end(self) -> End:
        """Where the lines end that were read."""
        return End(self.size_bytes, self._unsealing.checksum)

    @property
    def last(self) -> bytes:
        """The last line that was read, without its newline."""
        return self._unsealing.last

    def events(self, content: bytes) -> Iterator[Event]:
        """Yield the event of each whole line of `content`, which goes on at `size_bytes`.

        A line is read only once its event was dealt with: where that raises, the same line comes
        first again. What stands behind the last newline is left for later.

        Raises:
            JournalError: a line cannot be read; the message names line and byte.
        """
        start = 0
        while (end := content.find(b"\n", start)) >= 0:
            line = content[start:end]
            try:
                checksum = self._unsealing.next_checksum(line)
                event = decode(line)
            except (ChecksumError, UnknownEventError) as error:
                raise JournalError(self._damaged(error)) from error
            yield event
            self._unsealing.accept(line, checksum)
            self.count += 1
            self.size_bytes += len(line) + 1
            start = end + 1

    def _damaged(self, error: Exception) -> str:
        return (
            f"{self._path}: line {self.count + 1}, byte {self.size_bytes}: {error}. Nothing was "
            "changed. To go on without this line and what follows, cut the file there; to start "
            f"afresh, pass {spelled('fresh', value=True)} (the old folder is kept)"
        )
