"""The files of a study: opened without waiting, and in words if that fails."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from automl.errors import JournalError, StorageError, may_pass

_BLOCK_BYTES = 1 << 20

_HELP = {
    errno.EAGAIN: "end what else needs so much of the machine",
    errno.EIO: "see whether the disk works",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.ENFILE: "end what else has so many files open",
    errno.ENOMEM: "end what else needs so much memory",
    errno.EROFS: "make the disk writable, or put the study on another one",
    errno.ESTALE: "see whether the file server works",
}
"""What a user can do about what may pass; otherwise it is a disk without room."""


class NotRegularError(OSError):
    """A folder, a pipe, a socket or a device lies where a file should be."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EINVAL, "it is no regular file", str(path))


def open_regular(path: Path, flags: int, mode: int = 0o666) -> int:
    """Return a descriptor of a regular file; whatever else lies there, this never waits.

    Raises:
        NotRegularError: something else than a file lies there.
        OSError: it cannot be opened.
    """
    try:
        # Without O_NONBLOCK, opening a pipe would wait for somebody at its other end.
        file = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY, mode)
    except OSError as error:
        # How the system refuses to open a folder for writing, a socket, or a pipe without reader.
        if error.errno in {errno.EISDIR, errno.ENXIO, errno.ENODEV, errno.EOPNOTSUPP}:
            raise NotRegularError(path) from error
        raise
    try:
        regular = stat.S_ISREG(os.fstat(file).st_mode)
    except BaseException:
        os.close(file)
        raise
    if not regular:
        os.close(file)
        raise NotRegularError(path)
    return file


def is_there(path: str | os.PathLike[str]) -> bool:
    """Tell whether anything lies at a path; a link counts for what it leads to.

    Raises:
        OSError: the machine cannot tell now; `os.path.exists` would say that nothing is there.
    """
    return _looked_at(path, follow=True)


def is_in_the_way(path: str | os.PathLike[str]) -> bool:
    """Tell whether anything lies at a path, a link that leads nowhere too; raises as `is_there`."""
    return _looked_at(path, follow=False)


def _looked_at(path: str | os.PathLike[str], *, follow: bool) -> bool:
    try:
        os.stat(path, follow_symlinks=follow)  # noqa: PTH116 - for every trial
    except OSError as error:
        if may_pass(error.errno):
            raise
        return False
    return True


def make_folder(path: str | os.PathLike[str]) -> None:
    """Make a folder and those above it, as far as they are missing.

    Raises:
        OSError: it cannot be made, or the machine cannot tell now what lies there.
    """
    try:
        os.makedirs(path, exist_ok=True)  # noqa: PTH103 - for every trial
    except FileExistsError:
        # That is also what it says of a folder that it could not look at.
        if not stat.S_ISDIR(os.stat(path).st_mode):  # noqa: PTH116
            raise


def content_of(file: int) -> bytes:
    """Return everything that a descriptor's file holds."""
    pieces = []
    offset = 0
    while piece := os.pread(file, _BLOCK_BYTES, offset):
        pieces.append(piece)
        offset += len(piece)
    return b"".join(pieces)


def read_regular(path: Path) -> bytes:
    """Return the content of a regular file; raises as `open_regular`."""
    file = open_regular(path, os.O_RDONLY)
    try:
        return content_of(file)
    finally:
        os.close(file)


def replace_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Put a whole file in place of the one that is there, or of none.

    Args:
        path: the file.
        content: all of it.
        private: only its owner may read it, from its first byte on.

    Raises:
        NotRegularError: something else than a file lies there.
        OSError: it cannot be written; the one that is there stays.
    """
    if path.exists() and not path.is_file():
        raise NotRegularError(path)
    beside = path.with_suffix(".new")
    # What a killed process left half-written, or what is no file at all, is not written to.
    with suppress(FileNotFoundError):
        beside.unlink()
    file = open_regular(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
    with os.fdopen(file, "wb") as written:
        written.write(content)
    beside.replace(path)


def trouble(what: str, error: OSError, otherwise: str) -> JournalError:
    """Return the error that tells what could not be done, why, and what to do.

    It is a StorageError where the machine is in a state that may pass.

    Args:
        what: what could not be done, such as `read the file x`.
        error: what the system answered.
        otherwise: what to do if waiting does not help.
    """
    text = f"cannot {what}: {error.strerror}"
    if may_pass(error.errno):
        return StorageError(f"{text}; {_HELP.get(error.errno or 0, 'make room on the disk')}")
    if isinstance(error, NotRegularError):
        otherwise = "move it away"
    return JournalError(f"{text}; {otherwise}")
