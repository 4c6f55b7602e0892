"""One array in NumPy's format, of numbers alone."""

import ast
import math
import struct
from collections.abc import Sequence
from typing import IO

from automl.readers.whole.follower import NotWholeError

MOST_BYTES = 64 << 20
"""A larger array is no curve of a metric."""

_MAGIC = b"\x93NUMPY"
_LENGTHS = {1: "<H", 2: "<I", 3: "<I"}
"""How the length of the header is written, by the version of the format."""

_LONGEST_HEADER = 10_000
_TYPES = {
    "f2": "e",
    "f4": "f",
    "f8": "d",
    "i1": "b",
    "i2": "h",
    "i4": "i",
    "i8": "q",
    "u1": "B",
    "u2": "H",
    "u4": "I",
    "u8": "Q",
    "b1": "?",
}


def numbers_of(file: IO[bytes], name: str) -> Sequence[float]:
    """Return the numbers of an array with one dimension, or of none: a single number.

    Source: NumPy's description of its format.

    Args:
        file: stands at the beginning of the array.
        name: what messages call it.

    Raises:
        NotWholeError: it is no such array, not whole, or holds something else than numbers.
    """
    kind, shape = _header(file, name)
    code = _TYPES.get(kind[1:])
    if "O" in kind:
        raise NotWholeError(
            f"{name} holds Python objects, which only pickle reads, and a pickle can run any "
            "program; let the program save numbers, such as np.asarray(values, dtype=float)"
        )
    if code is None:
        raise NotWholeError(f"{name} holds no plain numbers, but {kind!r}")
    if len(shape) > 1:
        raise NotWholeError(
            f"{name} has {len(shape)} dimensions; save one number, or a list of them"
        )
    count = math.prod(shape)
    size = struct.calcsize(code) * count
    if size > MOST_BYTES:
        raise NotWholeError(f"{name} has {count} numbers, more than are read")
    data = file.read(size)
    if len(data) < size:
        raise NotWholeError(f"{name} is not whole")
    order = ">" if kind[:1] == ">" else "<"
    return [float(one) for one in struct.unpack(f"{order}{count}{code}", data)]


def _header(file: IO[bytes], name: str) -> tuple[str, tuple[int, ...]]:
    """Return the type and the shape of an array."""
    start = file.read(len(_MAGIC) + 2)
    form = _LENGTHS.get(start[len(_MAGIC)]) if len(start) == len(_MAGIC) + 2 else None
    if not start.startswith(_MAGIC) or form is None:
        raise NotWholeError(f"{name} is no array of NumPy")
    length = file.read(struct.calcsize(form))
    if len(length) < struct.calcsize(form):
        raise NotWholeError(f"{name} is not whole")
    (size,) = struct.unpack(form, length)
    if size > _LONGEST_HEADER:
        raise NotWholeError(f"{name} holds records, not plain numbers")
    text = file.read(size)
    if len(text) < size:
        raise NotWholeError(f"{name} is not whole")
    try:
        found = ast.literal_eval(text.decode("utf-8").strip())
        kind, shape = found["descr"], found["shape"]
    except (ValueError, SyntaxError, KeyError, TypeError, RecursionError, MemoryError) as error:
        raise NotWholeError(f"{name} has a header that cannot be read") from error
    plain = isinstance(shape, tuple) and all(isinstance(one, int) and one >= 0 for one in shape)
    if not isinstance(kind, str) or not plain:
        raise NotWholeError(f"{name} holds records, not plain numbers")
    return kind, shape
