"""Bytes of a file whose first ones tell its encoding, as UTF-8."""

import codecs

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 first: in one order of bytes it begins with the mark of UTF-16."""

_LONGEST = max(len(mark) for mark, _ in _MARKS)


class Encoding:
    """Turns the bytes of one file into UTF-8 if it begins with a mark of UTF-16 or UTF-32.

    All other bytes are left as they are. They may come cut anywhere.
    """

    def __init__(self) -> None:
        self._beginning: bytes | None = b""
        self._decoder: codecs.IncrementalDecoder | None = None

    def utf8(self, data: bytes, *, final: bool) -> bytes:
        """Return the next bytes; the first few wait for those behind them, if any will come."""
        if self._beginning is not None:
            data = self._beginning + data
            if not final and _may_be_a_mark(data):
                self._beginning = data
                return b""
            self._beginning = None
            data = self._begin(data)
        if self._decoder is None:
            return data
        return self._decoder.decode(data, final).encode(errors="replace")

    def _begin(self, data: bytes) -> bytes:
        """Choose the decoder; return the data without the mark."""
        for mark, name in _MARKS:
            if data.startswith(mark):
                self._decoder = codecs.getincrementaldecoder(name)(errors="replace")
                return data[len(mark) :]
        return data


def _may_be_a_mark(data: bytes) -> bool:
    return len(data) < _LONGEST and any(mark.startswith(data) for mark, _ in _MARKS)
