"""A file that was moved away, found again by its number in the file system."""

import os
from itertools import islice

from automl.errors import may_pass

MOST_ENTRIES = 4096
"""How many entries of a folder are looked at, so that a huge folder does not hold the loop up."""


def find_moved(folder: str, device: int, inode: int) -> str | None:
    """Return the path in `folder` that now names a file, None if none does.

    Raises:
        OSError: the machine cannot tell now, such as with too many open files.
    """
    try:
        if os.stat(folder).st_dev != device:  # noqa: PTH116 - one look for one number
            return None
        with os.scandir(folder) as entries:
            return next(
                (one.path for one in islice(entries, MOST_ENTRIES) if one.inode() == inode), None
            )
    except OSError as error:
        if may_pass(error.errno):
            raise
        return None
