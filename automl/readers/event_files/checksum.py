"""CRC-32C, masked as records of events have it."""

_POLYNOMIAL = 0x82F63B78
_WHOLE = 0xFFFFFFFF


def _row(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (_POLYNOMIAL if byte & 1 else 0)
    return byte


_TABLE = tuple(map(_row, range(256)))


def masked_checksum(data: bytes) -> int:
    """Return the checksum of some bytes.

    Source: RFC 3720, appendix B.4, for the polynomial; the mask is that of TensorFlow's records.

    >>> hex(masked_checksum(b"123456789"))
    '0xc78ab0e5'
    """
    checksum = _WHOLE
    for byte in data:
        checksum = _TABLE[(checksum ^ byte) & 0xFF] ^ (checksum >> 8)
    checksum ^= _WHOLE
    return (((checksum >> 15) | (checksum << 17)) + 0xA282EAD8) & _WHOLE
