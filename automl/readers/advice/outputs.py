"""What else a program wrote: the end of another file, the names in a folder."""

import os
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from automl.readers.lines import LineSplitter
from automl.readers.matching.cost import QUICK_STEPS, cost_of
from automl.readers.pattern import Pattern

TAIL_BYTES = 32 * 1024
KEPT_CHARS = 400
_MOST_ENTRIES = 1000
_SHOWN = 4


def tail_of(path: str) -> list[str]:
    """Return the last lines of a file, cut where they are long; none if it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            begin = max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES)
            file.seek(begin)
            data = file.read(TAIL_BYTES)
    except OSError:
        return []
    lines = [line for part in LineSplitter().feed(data, final=True) for line in part]
    return [line[:KEPT_CHARS] for line in lines[1 if begin else 0 :]]


def line_with_number(pattern: str, lines: Sequence[str]) -> str | None:
    """Return the last line in which a pattern finds a number, None for none or if it is slow."""
    cost = cost_of(pattern)
    if cost is None or cost.steps(lines) > QUICK_STEPS:
        return None
    return next((line for line in reversed(lines) if Pattern(pattern).values(line)), None)


def names_in(folder: str) -> list[str]:
    """Return the first names of files in a folder that hold something."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(
                one.name
                for one in islice(entries, _MOST_ENTRIES)
                if one.is_file() and one.stat().st_size
            )
    except (OSError, ValueError):
        return []
    return found[:_SHOWN]


def size_of(path: str) -> int:
    """Return a file's size, 0 if there is none."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - asked at each look
    except OSError:
        return 0
