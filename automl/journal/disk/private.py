"""Files that only their owner may read, from their first byte on."""

import os

_OTHERS = 0o077


def open_private(path: str | os.PathLike[str], flags: int) -> int:
    """Open a file that only its owner may read; one that is there already becomes so.

    An `opener` for the function `open`.

    Raises:
        OSError: it cannot be opened, or belongs to somebody else.
    """
    file = os.open(path, flags | os.O_CLOEXEC, 0o600)
    try:
        make_private(file)
    except BaseException:
        os.close(file)
        raise
    return file


def make_private(file: int) -> None:
    """Let only its owner read an open file from now on.

    Raises:
        OSError: it belongs to somebody else.
    """
    mode = os.fstat(file).st_mode
    if mode & _OTHERS:
        os.fchmod(file, mode & 0o700)
