"""The content of functions that cannot be imported, with the files that their code is from."""

import io
import os
from collections import ChainMap
from dataclasses import dataclass
from types import CodeType
from typing import Any

import cloudpickle

from automl.errors import is_cell
from automl.functions.found.cell_source import cell_source, has_source
from automl.inside.calling.words import CELL

_NO_FILE = "<dynamic-code>"
"""What the library calls every file: a traceback then shows no line, and names no file."""

_TABLE = cloudpickle.CloudPickler.dispatch_table


@dataclass(frozen=True, slots=True)
class Copied:
    """A function as it is now.

    Attributes:
        content: all that is needed to call it elsewhere.
        source: the text of what of it is in no file, empty where that is not known.
    """

    content: bytes
    source: str


def copied(function: object) -> Copied:
    """Return the content of a function, or of anything that can be called.

    Raises:
        Exception: whatever what it holds raises, as it cannot be copied.
    """
    in_cells: list[CodeType] = []

    def with_file(code: CodeType) -> tuple[Any, ...]:
        """Return how code is made again; that of a cell is in no file that others find."""
        make, given, *rest = _TABLE[CodeType](code)
        file = code.co_filename
        if not os.path.isfile(file):  # noqa: PTH113
            in_cells.append(code)
            file = CELL if is_cell(file) and has_source(code) else _NO_FILE
        return (make, tuple(file if one == _NO_FILE else one for one in given), *rest)

    table = ChainMap({CodeType: with_file}, _TABLE)
    # The library's class takes the table from the class alone.
    pickler = type("Pickler", (cloudpickle.CloudPickler,), {"dispatch_table": table})
    with io.BytesIO() as file:
        pickler(file).dump(function)
        return Copied(file.getvalue(), cell_source(in_cells))
