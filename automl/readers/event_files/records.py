"""Bytes of an event file to its records, however they are cut up on their way."""

import struct
from collections.abc import Iterator

from automl.readers.event_files.checksum import masked_checksum

LARGEST_BYTES = 1 << 20
"""A record of a number is small; a larger one is a picture or a graph, and is passed over."""

_LENGTH = struct.Struct("<QI")
_CHECKSUM = struct.Struct("<I")


class Records:
    """Takes records out of the bytes of one file; keeps no more than one unfinished record.

    A record is its length in eight bytes, their checksum, the data, and its checksum. The length
    must be right for the next record to be found, so that nothing is read behind one that is not.

    Attributes:
        damaged: why nothing more is read, in words; empty as long as it is.
        count: how many whole records there were.
    """

    def __init__(self) -> None:
        self.damaged = ""
        self.count = 0
        self._rest = b""
        self._passed_over = 0

    def feed(self, data: bytes, wanted: bytes) -> Iterator[bytes]:
        """Yield the data of the records that the next bytes complete.

        Args:
            data: the bytes.
            wanted: what a record must hold somewhere; the others are counted, and not checked.
        """
        data = self._rest + data
        self._rest = b""
        at = 0
        while not self.damaged:
            if self._passed_over:
                step = min(self._passed_over, len(data) - at)
                self._passed_over -= step
                at += step
                if self._passed_over:
                    return
            record = self._record_at(data, at)
            if record is None:
                self._rest = b"" if self.damaged else data[at:]
                return
            self.count += 1
            begin, length = at + _LENGTH.size, record
            at = begin + length + _CHECKSUM.size
            if length > LARGEST_BYTES:
                self._passed_over = max(0, at - len(data))
                at = min(at, len(data))
                continue
            found = data[begin : begin + length]
            if wanted not in found:
                continue
            (checksum,) = _CHECKSUM.unpack_from(data, begin + length)
            if checksum != masked_checksum(found):
                self.damaged = f"record {self.count} is damaged"
                return
            yield found

    def _record_at(self, data: bytes, at: int) -> int | None:
        """Return the length of the record that begins there; None if it is not whole yet."""
        if len(data) - at < _LENGTH.size:
            return None
        length, checksum = _LENGTH.unpack_from(data, at)
        if checksum != masked_checksum(data[at : at + 8]):
            what = f"record {self.count + 1} is damaged"
            self.damaged = what if self.count else "it is no event file"
            return None
        whole = at + _LENGTH.size + length + _CHECKSUM.size
        return None if length <= LARGEST_BYTES and whole > len(data) else length
