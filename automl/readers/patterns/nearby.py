"""What is told where no file has a name that a pattern stands for."""

import os
from collections.abc import Sequence

from automl.readers.advice.outputs import names_in
from automl.readers.patterns.launched import Launched
from automl.readers.patterns.walk import Walk, split
from automl.spelling.spelling import spelled

_LEVELS = ("*", "*/*")
_SHOWN = 4


def told_nearby(pattern: str, launched: Launched) -> str:
    """Return where files of a launch are that have such a name, or what else is there.

    Args:
        pattern: an absolute path with `*`, `**` or `?`.
        launched: the launch.

    Raises:
        OSError: the machine cannot tell now.
    """
    folder, rest = split(pattern)
    if rest and (below := _folders_below(_existing(folder), rest[-1], launched)):
        shown = ", ".join(map(repr, below[:_SHOWN]))
        more = f" and {len(below) - _SHOWN} more" if len(below) > _SHOWN else ""
        one = "that" if len(below) == 1 else "one of these"
        return f"; it wrote such files in {shown}{more}: give {one} as {spelled('location')}"
    names = ", ".join(map(repr, names_in(folder)))
    return f"; {folder} has {names}" if names else ""


def _folders_below(folder: str, name: str, launched: Launched) -> Sequence[str]:
    """Return the folders below in which the launch wrote files of a name, the nearest level."""
    for level in _LEVELS:
        walk = Walk(f"{folder.rstrip('/')}/{level}/{name}", [launched.study_folder])
        found = launched.own(walk.matches())
        if found:
            return sorted({os.path.dirname(one.path) for one in found})  # noqa: PTH120 - as text
    return []


def _existing(folder: str) -> str:
    """Return a folder, or the nearest one above it that is there."""
    while not os.path.isdir(folder):  # noqa: PTH112 - as text
        folder = os.path.dirname(folder)  # noqa: PTH120 - likewise
    return folder
