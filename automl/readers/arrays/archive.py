"""The arrays of a file: one in a `.npy`, several by their names in a `.npz`."""

import lzma
import math
import os
import zipfile
import zlib
from collections.abc import Sequence

from automl.readers.advice.likeness import nearest_first
from automl.readers.arrays.array import numbers_of
from automl.readers.whole.follower import NotWholeError, Rows

_SHOWN = 5
_ENDING = ".npy"
_ZIP = b"PK"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    NotImplementedError,
)
"""What an archive that is damaged gives."""


def rows_of(path: str, array: str, step: str) -> Rows:
    """Return the numbers of an array with their steps.

    Args:
        path: the file.
        array: its name in an archive; of a file with one array, empty.
        step: the name of that with the steps, empty for none.

    Raises:
        NotWholeError: there is no such array of numbers.
        OSError: the file cannot be read.
    """
    # Without O_NONBLOCK, a pipe put there since would stop us.
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        if file.read(len(_ZIP)) != _ZIP:
            if array:
                raise NotWholeError("it is no whole archive of arrays, as np.savez writes them")
            file.seek(0)
            return [(value, math.nan) for value in numbers_of(file, "the array")]
        try:
            with zipfile.ZipFile(file) as archive:
                values = _array(archive, array)
                steps = _array(archive, step) if step else [math.nan] * len(values)
        except _BROKEN as error:
            raise NotWholeError(f"it is no whole archive: {error}") from error
        except RuntimeError as error:
            raise NotWholeError(f"it cannot be unpacked: {error}") from error
    if len(steps) != len(values):
        raise NotWholeError(f"{array!r} has {len(values)} numbers, and {step!r} {len(steps)}")
    return list(zip(values, steps, strict=True))


def _array(archive: zipfile.ZipFile, name: str) -> Sequence[float]:
    names = [one.removesuffix(_ENDING) for one in archive.namelist() if one.endswith(_ENDING)]
    if not name and len(names) == 1:
        (name,) = names
    if name not in names:
        shown = ", ".join(map(repr, nearest_first(names, name)[:_SHOWN])) or "none"
        raise NotWholeError(f"there is no array {name!r}; those that it has: {shown}")
    with archive.open(f"{name}{_ENDING}") as file:
        values = numbers_of(file, f"array {name!r}")
        file.read(1)  # The checksum is compared at the end.
    return values
