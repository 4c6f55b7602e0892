"""How a study ended, by the last line of its journal."""

import os
from pathlib import Path

from automl.journal.checksum import follows
from automl.journal.disk.files import open_regular
from automl.journal.events import StudyClosed, UnknownEventError, decode

_READ_BYTES = 32 << 10
"""The last two lines are shorter in almost all journals."""


def closing_of(path: Path) -> StudyClosed | None:
    """Return the closing record that is the last line of a journal.

    None where the last line is another one, is torn or does not follow from the line before it, or
    where that cannot be told from the end of the file: then the whole journal has to be read.

    Raises:
        OSError: the file cannot be read.
    """
    file = open_regular(path, os.O_RDONLY)
    try:
        size = os.fstat(file).st_size
        content = os.pread(file, _READ_BYTES, max(size - _READ_BYTES, 0))
    finally:
        os.close(file)
    lines = content.split(b"\n")[-3:]
    if len(lines) < 3 or lines[2] or not follows(lines[1], lines[0]):  # noqa: PLR2004 - two, torn
        return None
    try:
        event = decode(lines[1])
    except UnknownEventError:
        return None
    return event if isinstance(event, StudyClosed) else None
