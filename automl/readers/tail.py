"""The new bytes of a file that programs append to, rewrite, replace, move away or delete."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum

from automl.readers.content import Content
from automl.readers.moved import find_moved

SMALL_BYTES = 256 * 1024
"""Up to here, what was read is compared whole each time the file has grown."""

END_BYTES = 16 << 20
"""Up to here, what was read is compared whole once the program has ended, changed or not."""


class Left(Enum):
    """Why the content that was read before is no longer that of the file."""

    REPLACED = "it was rewritten, or another file was put in its place"
    MOVED = "it was moved away or deleted, and another file began"


@dataclass(frozen=True, slots=True)
class Piece:
    """What one read found.

    Attributes:
        data: the new bytes.
        more: there are bytes left to read or to compare now.
        left: what became of the content of earlier pieces; `data` is then the beginning of another.
        missing: there is no file.
    """

    data: bytes = b""
    more: bool = False
    left: Left | None = None
    missing: bool = False


NOTHING = Piece()


class NotRegularError(ValueError):
    """What stands at the path can hold no bytes to be read from an offset."""


@dataclass(frozen=True, slots=True)
class _File:
    """An open file and what was known of it when it was opened."""

    fd: int
    identity: tuple[int, int]
    state: tuple[int, ...]
    size_bytes: int


class FileTail:
    """Gives each byte of one file once, and notices whether the bytes of before still stand there.

    Bytes that were read are compared by a hash, so that it does not matter how a program writes:
    - A file that changed without getting longer is compared whole, up to the limit of one read
      while the program runs and whatever its size once it has ended.
    - One that grew is compared whole up to `SMALL_BYTES`, beyond that by both its edges. A change
      in the middle is then found at the end.
    - At the end all is compared once more up to `END_BYTES`, since what is written through a memory
      map, or within one tick of the file system's clock, may show in no status. Beyond that, in a
      file that always got longer, only the edges are: a gigabyte is to be read once.

    A file that was moved is read to its end under its new name, if that is in the same folder, and
    until something stands in a file at the old one. No file stays open between reads.

    Args:
        path: the file; it need not exist yet.

    Attributes:
        seen: whether there was ever a file.
    """

    def __init__(self, path: str) -> None:
        self.seen = False
        self._path = path
        self._content = Content()
        self._identity: tuple[int, int] | None = None
        self._state: tuple[int, ...] | None = None
        self._folder = ""
        self._aside: str | None = None
        self._left = Left.REPLACED
        self._more = False
        self._compared_at_end = False
        self._doubtful = False

    @property
    def size_bytes(self) -> int:
        """How much was read of the present content."""
        return self._content.size_bytes

    def read(self, *, ended: bool, limit_bytes: int) -> Piece:
        """Return what is new; without news this costs one `stat`.

        Raises:
            OSError: the file could not be read; nothing is lost, and it can be tried again.
            ValueError: it is no regular file, or the path can be none.
        """
        status = _stat(self._path)
        if not (self._has_news(status) or ended or self._more):
            return NOTHING
        with _opened(self._path, status) as here:
            if here and here.identity == self._identity:
                self._aside = None
                return self._read_on(here, ended=ended, limit_bytes=limit_bytes)
            if self._identity is not None:
                follows = here is not None and here.size_bytes > 0
                piece = self._read_aside(ended=ended, limit_bytes=limit_bytes)
                if piece and not (follows and piece == NOTHING):
                    return replace(piece, more=piece.more or follows)
                self._left = Left.MOVED if piece or here is None else Left.REPLACED
            self._identity = self._aside = self._state = None
            if here is None:
                self._more = False
                return Piece(missing=True)
            return self._switch(here, ended=ended, limit_bytes=limit_bytes)

    def _has_news(self, status: os.stat_result | None) -> bool:
        if status and _identity(status) == self._identity:
            return _state(status) != self._state
        if self._aside is None:
            return status is not None or self._identity is not None
        aside = _stat(self._aside)
        return bool(status and status.st_size) or not aside or _state(aside) != self._state

    def _read_aside(self, *, ended: bool, limit_bytes: int) -> Piece | None:
        """Read on in the file that was read before under its new name, None if it has none."""
        for path in self._places_aside():
            with _opened(path, _stat(path)) as file:
                if file and file.identity == self._identity:
                    piece = self._read_on(file, ended=ended, limit_bytes=limit_bytes, aside=True)
                    # A file made since may have got the number of one that is gone.
                    if piece.left is None:
                        self._aside = path
                        return piece
        return None

    def _places_aside(self) -> Iterator[str]:
        if self._aside:
            yield self._aside
        if self._identity and self._content.size_bytes:
            found = find_moved(self._folder or _folder_of(self._path), *self._identity)
            if found:
                yield found

    def _read_on(self, file: _File, *, ended: bool, limit_bytes: int, aside: bool = False) -> Piece:
        """Read on in the file that was read before; one moved aside only if it goes on."""
        left = None
        if file.state != self._state or (ended and not self._compared_at_end):
            same = self._goes_on_in(file, ended=ended, limit_bytes=limit_bytes)
            if same is None:
                return self._later()
            left = None if same else Left.REPLACED
            if left and aside:
                return Piece(left=left)
        return self._take(file, left, ended=ended, limit_bytes=limit_bytes)

    def _switch(self, file: _File, *, ended: bool, limit_bytes: int) -> Piece:
        """Begin with another file, or go on in it if it begins with all that was read before."""
        same = self._goes_on_in(file, ended=ended, limit_bytes=limit_bytes)
        if same is None:
            return self._later()
        # Of one that is read whole now and grows no more, there is nothing to look for there.
        last = ended and file.size_bytes <= limit_bytes
        self._folder = "" if last else _folder_of(self._path)
        self._identity = file.identity
        return self._take(file, None if same else self._left, ended=ended, limit_bytes=limit_bytes)

    def _later(self) -> Piece:
        self._more = True
        return Piece(more=True)

    def _goes_on_in(self, file: _File, *, ended: bool, limit_bytes: int) -> bool | None:
        """Tell whether a file begins with all that was read; None if that is not known yet."""
        content = self._content
        read_bytes = content.size_bytes
        if not read_bytes or file.size_bytes < read_bytes:
            return not read_bytes
        grew = file.identity == self._identity and file.size_bytes > read_bytes
        at_once = max(SMALL_BYTES, limit_bytes)
        if read_bytes <= (SMALL_BYTES if grew else at_once):
            whole = True
        else:
            self._doubtful = self._doubtful or not grew
            whole = ended and (self._doubtful or read_bytes <= END_BYTES)
        same = content.begins(file.fd, at_once) if whole else content.edges_begin(file.fd)
        if whole and same:
            self._doubtful = False
        return same

    def _take(self, file: _File, left: Left | None, *, ended: bool, limit_bytes: int) -> Piece:
        if left:
            self._content = Content()
            self._doubtful = False
        offset = self._content.size_bytes
        # Not beyond the size of which the state tells: else the next look finds it changed without
        # its being longer than what was read.
        wanted = min(limit_bytes, max(0, file.size_bytes - offset))
        data = os.pread(file.fd, wanted, offset)
        self.seen = True
        self._content.add(data)
        self._state = file.state
        self._more = bool(data) and self._content.size_bytes < file.size_bytes
        self._compared_at_end = ended and self._more
        return Piece(data=data, more=self._more, left=left)


def _folder_of(path: str) -> str:
    """Return the folder in which a file itself is, wherever links lead to it from."""
    return os.path.dirname(os.path.realpath(path))  # noqa: PTH120 - as text


@contextmanager
def _opened(path: str, before: os.stat_result | None) -> Iterator[_File | None]:
    """Open a regular file for reading, None if there is none.

    Args:
        path: the file.
        before: its status of just now, None without one.
    """
    if before is None:
        yield None
        return
    try:
        # Without O_NONBLOCK, a pipe put there after the look would stop us.
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        status = os.fstat(fd)
        _check_regular(status)
        yield _File(fd, _identity(status), _state(status), status.st_size)
    finally:
        os.close(fd)


def _stat(path: str) -> os.stat_result | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - called often, and half the cost of Path.stat
    except FileNotFoundError:
        return None
    _check_regular(status)
    return status


def _check_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        raise NotRegularError(f"it is {kind}")


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _state(status: os.stat_result) -> tuple[int, ...]:
    """Return what a write changes; the time of the last change of status cannot be set by hand."""
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )
