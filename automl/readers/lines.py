r"""Bytes to lines, however the bytes are cut up on their way.

A line ends at `\n` or `\r` (progress bars rewrite their line with it). Empty lines are left out, so
`\r\n` is one ending without more ado, even when its halves arrive apart. What a terminal would not
show, such as colours, is taken out.
"""

import re
from collections.abc import Iterator

from automl.readers.text.controls import may_have_controls, shown
from automl.readers.text.encoding import Encoding

PIECE_BYTES = 16 * 1024

_SEPARATORS = (b" ", b"\t", b",", b";")
_LONGEST_SEQUENCE = 64
_UNFINISHED_SEQUENCE = re.compile(rb"\x1b\[[0-?]*$")


class LineSplitter:
    """Puts lines together from the bytes of a file; keeps no more than one unfinished line.

    They are UTF-8, or UTF-16 or UTF-32 if their first ones say so, or packed by gzip.

    A line of more than `piece_bytes` bytes is handled as several lines: from its start, each piece
    is the longest one of at most `piece_bytes` that ends behind a blank, tab, comma or semicolon,
    or one of exactly `piece_bytes` if it has none of these. So no number is torn unless it
    stands in one huge word; a match that would reach across a seam is lost. The seams depend
    on the line alone, not on how it was fed.

    Args:
        piece_bytes: the longest line that is kept whole, at least 1. It also bounds the time of
            patterns that are quadratic in the length of a line.
    """

    def __init__(self, piece_bytes: int = PIECE_BYTES) -> None:
        self._piece_bytes = piece_bytes
        self._partial = b""
        self._encoding = Encoding()

    @property
    def unfinished(self) -> bytes:
        """The beginning of a line whose ending has not come yet."""
        return self._partial

    @property
    def damaged(self) -> str:
        """Why the file is read no further, in words; empty as long as it is."""
        return self._encoding.damaged

    def feed(self, data: bytes, *, final: bool) -> Iterator[list[str]]:
        """Yield the non-empty lines that `data` completes, some at a time, in order.

        With `final`, what is left counts as a line too. Undecodable bytes become U+FFFD.
        Exhaust the iterator before the next call.
        """
        data = self._partial + self._encoding.utf8(data, final=final)
        self._partial = b""
        start = 0
        while len(data) - start > self._piece_bytes:
            end = _last_ending(data, start, start + self._piece_bytes + 1)
            if end == start:
                end = _seam(data, start, start + self._piece_bytes)
            yield _decode(data[start:end])
            start = end
        end = len(data) if final else _last_ending(data, start, len(data))
        self._partial = data[end:]
        yield _decode(data[start:end])


def _last_ending(data: bytes, start: int, stop: int) -> int:
    """Return the index behind the last line ending in the range, `start` if it has none."""
    newline = data.rfind(b"\n", start, stop)
    # Only what lies behind the newline can still have a later ending.
    return max(start - 1, newline, data.rfind(b"\r", max(start, newline), stop)) + 1


def _seam(data: bytes, start: int, stop: int) -> int:
    last = max(data.rfind(separator, start, stop) for separator in _SEPARATORS) + 1
    # The semicolon of a colour is none.
    colour = _UNFINISHED_SEQUENCE.search(data, max(start, last - _LONGEST_SEQUENCE), last)
    last = colour.start() if colour else last
    return last if last > start else stop


def _decode(block: bytes) -> list[str]:
    # No byte of a UTF-8 character looks like an ending, so that many lines decode like each alone.
    text = block.decode("utf-8", errors="replace").replace("\r", "\n")
    if may_have_controls(block):
        text = shown(text)
    return [line for line in text.split("\n") if line]
