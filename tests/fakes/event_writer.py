"""Writes event files as TensorFlow describes them, field by field."""

import struct
from collections.abc import Sequence

_POLYNOMIAL = 0x82F63B78


def checksum(data: bytes) -> bytes:
    """Return the masked CRC-32C of some bytes, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (_POLYNOMIAL if crc % 2 else 0)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + checksum(length) + data + checksum(data)


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    found = bytearray()
    while value >= 0x80:
        found.append(value % 0x80 | 0x80)
        value >>= 7
    return bytes([*found, value])


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def simple(tag: str, value: float) -> bytes:
    """Return a value as SummaryWriter writes it."""
    return field(1, tag.encode()) + varint(2 << 3 | 5) + struct.pack("<f", value)


def tensor(tag: str, dtype: int, number: int, data: bytes | int) -> bytes:
    """Return a value as a tensor with one field of data."""
    return field(1, tag.encode()) + field(8, field(1, dtype) + field(2, b"") + field(number, data))


def event(step: int, *values: bytes) -> bytes:
    wall_time = varint(1 << 3 | 1) + struct.pack("<d", 1.5e9)
    return wall_time + field(2, step) + field(5, b"".join(field(1, one) for one in values))


def event_file(tag: str, points: Sequence[tuple[float, float]]) -> bytes:
    """Return a whole file with one tag, and what stands beside it in real ones."""
    version = record(varint(1 << 3 | 1) + struct.pack("<d", 1.5e9) + field(3, b"brain.Event:2"))
    return version + b"".join(
        record(event(int(step), simple("other", -1.0), simple(tag, value)))
        for step, value in points
    )
