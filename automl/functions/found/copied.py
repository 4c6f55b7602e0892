"""The content of functions that cannot be imported, with the files that their code is from."""

import io
import os
from collections import ChainMap
from types import CodeType
from typing import Any, ClassVar

import cloudpickle

_NO_FILE = "<dynamic-code>"
"""What the library calls every file: a traceback then shows no line, and names no file."""

_TABLE = cloudpickle.CloudPickler.dispatch_table


def _with_file(code: CodeType) -> tuple[Any, ...]:
    """Return how code is made again; that of a notebook's cell is in no file that others find."""
    make, given, *rest = _TABLE[CodeType](code)
    file = code.co_filename if os.path.isfile(code.co_filename) else _NO_FILE  # noqa: PTH113
    return (make, tuple(file if one == _NO_FILE else one for one in given), *rest)


class _Pickler(cloudpickle.CloudPickler):  # type: ignore[misc] # the library has no types
    dispatch_table: ClassVar[ChainMap[Any, Any]] = ChainMap({CodeType: _with_file}, _TABLE)


def copied(function: object) -> bytes:
    """Return the content of a function, or of anything that can be called.

    Raises:
        Exception: whatever what it holds raises, as it cannot be copied.
    """
    with io.BytesIO() as file:
        _Pickler(file).dump(function)
        return file.getvalue()
