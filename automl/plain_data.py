"""What scripts give, as plain data: numpy's numbers become Python's, and paths texts."""

import os
from typing import Any

_DEEPEST = 100
"""Deeper within each other, lists stay as they are; whoever reads them refuses that."""


def plain(value: object, depth: int = 0) -> Any:  # noqa: ANN401 - anything at all
    """Return a value with Python's numbers for numpy's, lists for arrays, and texts for paths.

    Lists, tuples and dictionaries are gone through and keep their kind; anything else stays as it
    is.

    >>> from pathlib import Path
    >>> plain({"data": [Path("a/b"), (1, 2)]})
    {'data': ['a/b', (1, 2)]}
    """
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        value = value.tolist()
    if depth > _DEEPEST:
        return value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if type(value) in {list, tuple}:
        items = [plain(item, depth + 1) for item in value]  # type: ignore[attr-defined]
        return items if isinstance(value, list) else tuple(items)
    if type(value) is dict:
        return {plain(key, depth + 1): plain(item, depth + 1) for key, item in value.items()}
    return value
