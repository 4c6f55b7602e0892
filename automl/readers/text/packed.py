"""The text of a file that gzip packed, while it grows or once it is whole."""

import zlib

MAGIC = b"\x1f\x8b\x08"
"""How such a file begins."""

LARGEST_BYTES = 32 << 20
"""So much text comes of one piece at the most: a packed megabyte may hold a gigabyte."""

_GZIP = 16 + zlib.MAX_WBITS


class Packed:
    """Unpacks the bytes of one file, which may come cut anywhere; it may have several members.

    Attributes:
        damaged: why it is read no further, in words; empty as long as it is.
    """

    def __init__(self) -> None:
        self.damaged = ""
        self._member = zlib.decompressobj(_GZIP)
        self._begun = False

    def unpacked(self, data: bytes) -> bytes:
        """Return the text of the next bytes, as far as it is certain."""
        text = bytearray()
        while not self.damaged:
            # Zeros may fill up what is behind a member.
            data = data if self._begun else data.lstrip(b"\0")
            if not data:
                break
            self._begun = True
            try:
                text += self._member.decompress(data, LARGEST_BYTES - len(text) + 1)
            except zlib.error as error:
                self.damaged = f"it is packed by gzip, and damaged ({error})"
                break
            if len(text) > LARGEST_BYTES:
                self.damaged = f"it is packed by gzip, and {len(data)} bytes of it hold too much"
                break
            data = self._member.unused_data
            if self._member.eof:
                self._member, self._begun = zlib.decompressobj(_GZIP), False
        return b"" if self.damaged else bytes(text)
