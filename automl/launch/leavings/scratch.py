"""A trial's scratch folder, which each of its launches finds empty."""

import os

from automl.journal.disk.files import is_in_the_way, make_folder
from automl.journal.folder import TrialFolder

EARLIER = ".scratch-"
"""How the names begin of scratch folders of earlier attempts that could not be removed in time."""


def make_scratch(paths: TrialFolder, attempt: int) -> None:
    """Make an empty scratch folder; one that is there gets another name, and is removed later.

    Raises:
        OSError: it cannot be made.
    """
    if is_in_the_way(paths.scratch):
        number = attempt - 1
        while is_in_the_way(f"{paths.path}/{EARLIER}{number}"):
            number += 1
        os.rename(paths.scratch, f"{paths.path}/{EARLIER}{number}")  # noqa: PTH104 - hot
    make_folder(paths.scratch)
