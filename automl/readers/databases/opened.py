"""A database of SQLite, opened to be read alone."""

import errno
import os
import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from automl.readers.whole.follower import NotWholeError

LONGEST_S = 2.0
"""So long its queries may take at one look."""

_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
WHOLE_S = 0.2
"""So long somebody who writes may take to make the file as long as its header says it is."""

_INSTRUCTIONS = 10_000
_LOOK_S = 0.02

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
_PAGE, _PAGES = struct.Struct(">H"), struct.Struct(">I")
_LARGEST_PAGE = 65536
"""Written as 1."""

_KIND = 0xFF
"""The bits of an error's code that tell its kind."""


@contextmanager
def opened(path: str, *, shared: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a database that can do nothing but be read.

    Args:
        path: the file.
        shared: others write into it as well, so that one that is locked soon is no more.

    Raises:
        NotWholeError: it cannot be read now, or a query does not fit it.
        OSError: it cannot be read.
    """
    _check_whole(path, wait_s=WHOLE_S if shared else 0.0)
    try:
        with closing(_connected(path, wait_s=LONGEST_S if shared else 0.0)) as database:
            yield database
    except sqlite3.Error as error:
        if shared and getattr(error, "sqlite_errorcode", 0) & _KIND == sqlite3.SQLITE_BUSY:
            raise OSError(errno.EAGAIN, "another program has locked the database") from error
        raise NotWholeError(_told(error)) from error


def only_reading(action: int, name: str | None, *_: object) -> int:
    """Tell SQLite whether something may be done: nothing that is not needed to read."""
    # To set up `json_each` is such an update, which SQLite allows to nobody else.
    sets_up = action == sqlite3.SQLITE_UPDATE and name == "sqlite_master"
    harmless = sets_up or (action in _ALLOWED and name != "load_extension")
    return sqlite3.SQLITE_OK if harmless else sqlite3.SQLITE_DENY


def _check_whole(path: str, *, wait_s: float) -> None:
    """Refuse a file that ends before its last page, of which SQLite would read zeros."""
    until = time.monotonic() + wait_s
    while not _is_whole(path):
        if time.monotonic() >= until:
            raise NotWholeError("the database is not whole")
        time.sleep(_LOOK_S)


def _is_whole(path: str) -> bool:
    # Without O_NONBLOCK, a pipe put there since would stop us.
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        header = file.read(_HEADER_BYTES)
        size = os.fstat(file.fileno()).st_size
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
        raise NotWholeError("it is no database of SQLite")
    page, pages = _PAGE.unpack_from(header, 16)[0], _PAGES.unpack_from(header, 28)[0]
    page = _LARGEST_PAGE if page == 1 else page
    return bool(page) and not size % page and size >= page * pages


def _connected(path: str, *, wait_s: float) -> sqlite3.Connection:
    uri = f"{Path(path).absolute().as_uri()}?{urlencode({'mode': 'ro'})}"
    database = sqlite3.connect(uri, uri=True, timeout=wait_s)
    database.set_authorizer(only_reading)
    until = time.monotonic() + LONGEST_S
    database.set_progress_handler(lambda: time.monotonic() > until, _INSTRUCTIONS)
    return database


def _told(error: sqlite3.Error) -> str:
    if "interrupted" in str(error):
        return f"the query takes more than {LONGEST_S:g} s; give the table an index"
    return str(error)
