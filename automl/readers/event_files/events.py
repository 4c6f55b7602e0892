"""The numbers of one record of an event file."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from automl.readers.event_files.message import fields, signed, varints

_STEP, _SUMMARY = 2, 5
_VALUE = 1
_TAG, _SIMPLE, _TENSOR = 1, 2, 8
_DTYPE, _CONTENT = 1, 4

_FORMATS = {1: "<f", 2: "<d", 3: "<i", 4: "<B", 5: "<h", 6: "<b", 9: "<q", 19: "<e"}
"""How a tensor of one number has it, by the number of its type."""

_BFLOAT16 = 14
_PACKED = {1: (5, "<f"), 2: (6, "<d")}
"""The field that has the floats of a tensor, by its type."""

_HALVES = {19, _BFLOAT16}
_WHOLE = {3: 7, 4: 7, 5: 7, 6: 7, 9: 10, 19: 13, _BFLOAT16: 13}
"""The field that has its whole numbers, by its type."""


class Scalar(NamedTuple):
    """One number of a tag."""

    tag: str
    step: int
    value: float


def scalars(record: bytes) -> Iterator[Scalar]:
    """Yield the numbers of a record; what is no single number of a known type is left out.

    Raises:
        MessageError: the record is no event.
    """
    step, summaries = 0, []
    for number, value in fields(record):
        if number == _STEP and isinstance(value, int):
            step = signed(value)
        elif number == _SUMMARY and isinstance(value, bytes):
            summaries.append(value)
    for summary in summaries:
        for number, value in fields(summary):
            if number == _VALUE and isinstance(value, bytes):
                found = _scalar(value)
                if found is not None:
                    yield Scalar(found[0], step, found[1])


def _scalar(data: bytes) -> tuple[str, float] | None:
    tag, number = "", None
    for field, value in fields(data):
        if not isinstance(value, bytes):
            continue
        if field == _TAG:
            tag = value.decode(errors="replace")
        elif field == _SIMPLE and len(value) == struct.calcsize("<f"):
            number = float(struct.unpack("<f", value)[0])
        elif field == _TENSOR:
            number = _of_tensor(value)
    return None if number is None else (tag, number)


def _of_tensor(data: bytes) -> float | None:
    """Return the number of a tensor that has one, None of any other."""
    known = dict(fields(data))
    dtype = known.get(_DTYPE)
    content = known.get(_CONTENT)
    if not isinstance(dtype, int):
        return None
    if isinstance(content, bytes) and content:
        return _of_content(dtype, content)
    field, form = _PACKED.get(dtype, (0, ""))
    packed = known.get(field)
    if isinstance(packed, bytes) and len(packed) == struct.calcsize(form):
        return float(struct.unpack(form, packed)[0])
    whole = _only_whole(known.get(_WHOLE.get(dtype, 0)))
    if whole is None or dtype not in _HALVES:
        return whole
    # Of a number of 16 bits the field has the bits.
    return _of_content(dtype, struct.pack("<H", int(whole) & 0xFFFF))


def _of_content(dtype: int, content: bytes) -> float | None:
    if dtype == _BFLOAT16 and len(content) == 2:  # noqa: PLR2004 - of two bytes
        return float(struct.unpack("<f", b"\0\0" + content)[0])
    form = _FORMATS.get(dtype)
    if form is None or len(content) != struct.calcsize(form):
        return None
    return float(struct.unpack(form, content)[0])


def _only_whole(packed: object) -> float | None:
    """Return the only whole number of a field, packed or not."""
    if isinstance(packed, int):
        return float(signed(packed))
    found = varints(packed) if isinstance(packed, bytes) else []
    return float(signed(found[0])) if len(found) == 1 else None
