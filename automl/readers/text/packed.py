"""The text of a file that gzip packed, while it grows or once it is whole."""

import zlib

MAGIC = b"\x1f\x8b\x08"
"""How such a file begins."""

LARGEST_BYTES = 128 << 20
"""So much text comes of one look at the most: a packed megabyte may hold a gigabyte."""

_PIECE_BYTES = 4096
"""What is unpacked at once, so that damage costs no more than the text of so much before it."""

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
        """Return the text of the next bytes, up to what is damaged."""
        text = bytearray()
        for at in range(0, len(data), _PIECE_BYTES):
            piece = data[at : at + _PIECE_BYTES]
            while piece and not self.damaged:
                # Zeros may fill up what is behind a member.
                piece = piece if self._begun else piece.lstrip(b"\0")
                if piece:
                    piece = self._unpack(piece, text)
        return bytes(text)

    def _unpack(self, piece: bytes, text: bytearray) -> bytes:
        """Add the text of the next bytes; return what stands behind the end of their member."""
        self._begun = True
        try:
            text += self._member.decompress(piece)
        except zlib.error as error:
            self.damaged = f"it is packed by gzip, and damaged ({error})"
            return b""
        if len(text) > LARGEST_BYTES:
            self.damaged = "it is packed by gzip, and holds too much for what it takes"
            return b""
        if not self._member.eof:
            return b""
        rest = self._member.unused_data
        self._member, self._begun = zlib.decompressobj(_GZIP), False
        return rest
