"""What was read of a file so far, to be compared with what the file holds now."""

import os
from hashlib import blake2b

EDGE_BYTES = 1024
_PIECE_BYTES = 256 * 1024


class Content:
    """The bytes read of one file from its beginning, kept as a hash, a count and both edges.

    Attributes:
        size_bytes: how many there are.
    """

    def __init__(self) -> None:
        self.size_bytes = 0
        self._hash = blake2b()
        self._head = self._tail = b""
        self._proof = blake2b()
        self._proved_bytes = 0

    def add(self, data: bytes) -> None:
        """Take in the next bytes."""
        self.size_bytes += len(data)
        self._hash.update(data)
        if len(self._head) < EDGE_BYTES:
            self._head += data[: EDGE_BYTES - len(self._head)]
        self._tail = (self._tail + data[-EDGE_BYTES:])[-EDGE_BYTES:]

    def edges_begin(self, fd: int) -> bool:
        """Tell whether the first and the last bytes are still where they were in an open file."""
        place = self.size_bytes - len(self._tail)
        return (
            os.pread(fd, len(self._tail), place) == self._tail
            and os.pread(fd, len(self._head), 0) == self._head
        )

    def begins(self, fd: int, limit_bytes: int) -> bool | None:
        """Tell whether an open file begins with all of it; None if that is not known yet.

        One call compares about `limit_bytes`; the next goes on from there.
        """
        budget = limit_bytes
        while budget > 0 and self._proved_bytes < self.size_bytes:
            wanted = min(_PIECE_BYTES, budget, self.size_bytes - self._proved_bytes)
            data = os.pread(fd, wanted, self._proved_bytes)
            if not data:
                break
            self._proof.update(data)
            self._proved_bytes += len(data)
            budget -= len(data)
        if budget <= 0 and self._proved_bytes < self.size_bytes:
            return None
        same = self._proof.digest() == self._hash.digest()
        self._proof, self._proved_bytes = blake2b(), 0
        return same
