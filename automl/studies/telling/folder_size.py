"""What is told of the size of a study's folder."""

import os
from collections.abc import Callable

from automl.journal.disk.size import FolderSize
from automl.journal.folder import StudyFolder
from automl.spelling.spelling import OPEN, spelled
from automl.study.resources import size_text
from automl.study.spec import StudySpec

SIZE_S = 0.5
"""Seconds that the end of a study waits until it is known how large its folder is."""

LEAVING_S = 0.1
"""The same where the user wants the script gone."""

LARGE_BYTES = 2**30
"""A folder of this size is worth a word of advice."""


def size_told(spec: StudySpec, folder: StudyFolder, *, leaving: bool) -> Callable[[], list[str]]:
    """Begin to add up the size of a study's folder; return what waits a little and tells it.

    Args:
        spec: the study.
        folder: the folder.
        leaving: whether the user wants the script gone.
    """
    size = FolderSize(folder.path)

    def told() -> list[str]:
        size_bytes, whole = size.known(LEAVING_S if leaving else SIZE_S)
        return size_lines(spec, folder, size_bytes, whole=whole)

    return told


def size_lines(spec: StudySpec, folder: StudyFolder, size_bytes: int, *, whole: bool) -> list[str]:
    """Return how large a study's folder is, and what makes it smaller where it is very large."""
    if not size_bytes:
        return []
    most = "" if whole else "more than "
    text = f"its folder takes {most}{size_text(size_bytes)}: {os.path.relpath(folder.path)}"
    if size_bytes >= LARGE_BYTES and spec.keep.count is None:
        text += (
            f"; {spelled('keep', 'best')} with {spelled('artifacts', [OPEN])} removes the models "
            "of all but the best trials"
        )
    return [text]
