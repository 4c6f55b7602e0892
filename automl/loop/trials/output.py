"""The last lines that an attempt printed, without secrets."""

import os
from pathlib import Path

from automl.errors import ReadError, may_pass
from automl.launch.secret_values import NO_SECRETS, SecretValues
from automl.readers.text.controls import shown
from automl.study.error_line import error_line

LOOKED_AT_LINES = 100
"""Among so many last lines of its output is the one that tells why an attempt failed."""

_TAIL_BYTES = 8192


def telling_lines(stderr: str, stdout: str, secrets: SecretValues = NO_SECRETS) -> tuple[str, ...]:
    """Return the last lines of the one of two files that tells why an attempt failed.

    Raises:
        ReadError: the machine cannot read one now, as its `errno` tells.
    """
    printed = [last_lines(path, secrets) for path in (stderr, stdout)]
    # A program may warn on the one and tell why it failed on the other.
    telling = [lines for lines in printed if error_line(lines)]
    return next(filter(None, (*telling, *printed)), ())


def last_lines(path: str, secrets: SecretValues = NO_SECRETS) -> tuple[str, ...]:
    """Return the last lines of a file that are not blank, at most `LOOKED_AT_LINES`, masked.

    Raises:
        ReadError: the machine cannot read it now, as its `errno` tells.
    """
    try:
        with Path(path).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            begin = max(0, size - _TAIL_BYTES - secrets.longest)
            file.seek(begin)
            text = secrets.masked(file.read().decode(errors="replace"))
    except OSError as error:
        if not may_pass(error.errno):
            return ()
        unread = ReadError(f"output {path!r} cannot be read: {error.strerror}")
        unread.errno = error.errno
        raise unread from error
    if begin:
        # There may be the end of a secret, which cannot be told without its beginning.
        text = text[secrets.longest :]
    # Without its colours, a secret may stand in it that they had divided.
    text = secrets.masked(shown(text))
    lines = [line.rstrip() for line in text.splitlines()]
    return tuple([line for line in lines if line][-LOOKED_AT_LINES:])
