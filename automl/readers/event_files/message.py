"""The fields of a protocol buffer message, without knowing its type."""

from collections.abc import Iterator

_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
_LONGEST_VARINT = 10
_GOES_ON = 0x80
"""What is added to a byte of a number behind which comes another one."""


class MessageError(ValueError):
    """The bytes are no message."""


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the number and the value of each field: a whole number, or the bytes that it has.

    Source: the encoding that Protocol Buffers document.

    Raises:
        MessageError: the bytes are no message, which is known once its fields before are.
    """
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield key >> 3, value
            continue
        if kind == _BYTES:
            length, at = _varint(data, at)
        elif kind in (_EIGHT, _FOUR):
            length = 8 if kind == _EIGHT else 4
        else:
            raise MessageError(f"a field of kind {kind}")
        if length > len(data) - at:
            raise MessageError("a field is longer than the message")
        yield key >> 3, data[at : at + length]
        at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place, byte in enumerate(data[at : at + _LONGEST_VARINT]):
        value |= (byte % _GOES_ON) << (7 * place)
        if byte < _GOES_ON:
            return value & 0xFFFFFFFFFFFFFFFF, at + place + 1
    raise MessageError("a number without an end")


def varints(data: bytes) -> list[int]:
    """Return the whole numbers of a packed field.

    Raises:
        MessageError: it is none.
    """
    found, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        found.append(value)
    return found


def signed(value: int) -> int:
    """Return a whole number of 64 bits with its sign."""
    return value - (1 << 64) if value >> 63 else value
