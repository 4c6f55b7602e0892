"""The checksum of each line of a journal, over everything that was written before it.

A line is `{"crc":"1a2b3c4d","event":...}`. Its checksum (CRC-32) goes on from that of the line
before, so that not only a changed line is found out, but also one that was added, doubled, moved
or removed: the line behind it no longer fits. It stands first, so that no byte of it can be changed
without the line being neither one with a checksum nor one of an earlier release, which began with
`{"event":`. Their lines are covered too, by the first checksum behind them.
"""

import re
import zlib

_HEAD = b'{"crc":"'
_LEGACY_HEAD = b'{"event":'
_HEAD_FORM = b'{"crc":"%08x",'
_SEALED = re.compile(rb'\{"crc":"([0-9a-f]{8})",')
_HEAD_BYTES = len(_HEAD_FORM % 0)


class ChecksumError(ValueError):
    """A line does not follow from those before it; the message says how that is known."""


def sealed(line: bytes, before: int) -> tuple[bytes, int]:
    """Return a line with its checksum, and the checksum for the line after it.

    Args:
        line: one JSON object that is not empty, with its newline.
        before: the checksum of what stands before it; 0 at the beginning.
    """
    checksum = zlib.crc32(line[1:-1], before)
    return _HEAD_FORM % checksum + line[1:], checksum


def follows(line: bytes, before: bytes) -> bool:
    """Tell whether a line with a checksum is the one behind another; both without newlines.

    That is known without the lines above them: the checksum of the other stands in it.
    """
    found = _SEALED.match(before)
    if found is None:
        return False
    checksum = zlib.crc32(line[_HEAD_BYTES:], int(found[1], 16))
    return line[:_HEAD_BYTES] == _HEAD_FORM % checksum


class Unsealing:
    """Checks the lines of one journal, from the first on.

    Attributes:
        checksum: that of all lines so far.
        last: the last line that was taken in.
    """

    def __init__(self) -> None:
        self.checksum = 0
        self._sealed = False
        self._legacy = False
        self.last = b""

    def next_checksum(self, line: bytes) -> int:
        """Return the checksum up to and including the next line, which has no newline here.

        Nothing is changed, so that a line can be looked at again; `accept` takes it in.

        Raises:
            ChecksumError: it is not what was written there.
        """
        checksum = zlib.crc32(line[_HEAD_BYTES:], self.checksum)
        if line[:_HEAD_BYTES] == _HEAD_FORM % checksum:
            return checksum
        if line.startswith(_LEGACY_HEAD) and not self._sealed:
            return zlib.crc32(line, self.checksum)
        raise ChecksumError(self._why(line))

    def accept(self, line: bytes, checksum: int) -> None:
        """Take in the next line, with what `next_checksum` returned for it."""
        if line.startswith(_LEGACY_HEAD):
            self._legacy = True
        else:
            self._sealed = True
        self.checksum = checksum
        self.last = line

    def _why(self, line: bytes) -> str:
        """Return why a line is not the next one."""
        if line == self.last:
            return "it is the line before it once more"
        if line.startswith(_LEGACY_HEAD):
            return (
                "it has no checksum, but lines before it have: it was written by hand, or by an "
                "earlier release of automl"
            )
        if not line.startswith(_HEAD):
            return "it is not an event: it does not begin as a line of a journal"
        if self._legacy and not self._sealed:
            return "its checksum is wrong: it, or a line above it, was changed, added or removed"
        return "its checksum is wrong: it was changed, or a line above it was added or removed"
