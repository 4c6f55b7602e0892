"""Bytes of a file whose first ones tell its encoding, as UTF-8."""

import codecs

from automl.readers.text.packed import MAGIC, Packed

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 first: in one order of bytes it begins with the mark of UTF-16."""

_ALL_MARKS = (MAGIC, *(mark for mark, _ in _MARKS))
_LONGEST = max(map(len, _ALL_MARKS))


_WIDE = {"utf-16-le": (0, 1), "utf-16-be": (1, 0)}
"""Where each character of ASCII has its byte in these, and where a zero."""

_SURE, _LEAST = 8, 4
"""So many such bytes tell UTF-16 where there is no mark; of a file that is shorter, so many."""

_OF_TEXT = frozenset(b"\t\n\r") | frozenset(range(0x20, 0x7F))


class Encoding:
    """Turns the bytes of one file into UTF-8 if it begins with a mark of UTF-16 or UTF-32.

    Without a mark, it is UTF-16 if its first four characters are ASCII in that, of which each
    second byte is zero: text of no other encoding begins so. One that gzip packed is unpacked
    first. All other bytes are left as they are. They may come cut anywhere.
    """

    def __init__(self) -> None:
        self._beginning: bytes | None = b""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._packed: Packed | None = None
        self._within: Encoding | None = None

    @property
    def damaged(self) -> str:
        """Why the file is read no further, in words; empty as long as it is."""
        return self._packed.damaged if self._packed else ""

    def utf8(self, data: bytes, *, final: bool) -> bytes:
        """Return the next bytes; the first few wait for those behind them, if any will come."""
        if self._beginning is not None:
            data = self._beginning + data
            # Of a file that is not there yet, nothing is known even at the end.
            if not data or (not final and (_may_be_a_mark(data) or _may_be_wide(data))):
                self._beginning = data
                return b""
            self._beginning = None
            data = self._begin(data)
        if self._packed and self._within:
            return self._within.utf8(self._packed.unpacked(data), final=final)
        if self._decoder is None:
            return data
        return self._decoder.decode(data, final).encode(errors="replace")

    def _begin(self, data: bytes) -> bytes:
        """Choose the decoder; return the data without the mark."""
        if data.startswith(MAGIC):
            self._packed, self._within = Packed(), Encoding()
            return data
        for mark, name in _MARKS:
            if data.startswith(mark):
                self._decoder = codecs.getincrementaldecoder(name)(errors="replace")
                return data[len(mark) :]
        wide = _wide(data[:_SURE])
        if wide and len(data) >= _LEAST:
            self._decoder = codecs.getincrementaldecoder(wide)(errors="replace")
        return data


def _may_be_a_mark(data: bytes) -> bool:
    return len(data) < _LONGEST and any(mark.startswith(data) for mark in _ALL_MARKS)


def _may_be_wide(data: bytes) -> bool:
    return len(data) < _SURE and bool(_wide(data))


def _wide(data: bytes) -> str:
    """Return the encoding of which bytes are the beginning, empty for neither."""
    for name, (text, zero) in _WIDE.items():
        if _OF_TEXT.issuperset(data[text::2]) and not any(data[zero::2]):
            return name
    return ""
