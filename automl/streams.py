"""Writing to standard output and error so that nothing hangs or fails by what is behind them.

A program may put any object in place of them, with some of a stream's methods and errors of its
own. So every error of a stream means here that the stream cannot do what was asked.
"""

import contextlib
import io
import os
import select
import time
from typing import Any, TextIO, cast

CHUNK_BYTES = 512
"""So much is written at once: a pipe or terminal that can be written to takes it whole."""

_STANDARD_ERROR = 2
_PLAIN_TERMINALS = {"", "dumb", "unknown"}
_UNREAD = "nobody reads it"


def wait_for_room(stream: object, limit_s: float | None = None) -> bool:
    """Wait until a stream can be written to, without any lock; False if `limit_s` is over before.

    A stream that has no descriptor, or a closed one, counts as one that can be: writing to it does
    not block.
    """
    try:
        file = stream.fileno()  # type: ignore[attr-defined]
        poll = select.poll()
        poll.register(file, select.POLLOUT)
        return bool(poll.poll(None if limit_s is None else limit_s * 1000))
    except Exception:  # noqa: BLE001 - see above
        return True


def write(stream: TextIO | None, text: str, limit_s: float | None = None) -> str:
    """Write a text whole; return why it was not, empty if it was.

    Of a text for which there is no room within `limit_s` seconds, the rest is left out. No lock of
    the stream is held meanwhile, so that the process can end in the middle of it.

    Args:
        stream: where to; with None, or closed, the text goes nowhere, as with `print`.
        text: what.
        limit_s: for how long there may be no room; None for any time.
    """
    if stream is None or getattr(stream, "closed", False):
        return ""
    try:
        if _is_plain(stream):
            return _write_plain(stream, text, limit_s)
        _write_any(stream, text)
        _flush(stream)
    except OSError as error:
        return error.strerror or str(error)
    except Exception as error:  # noqa: BLE001 - see above
        return str(error) or type(error).__name__
    return ""


def unusable(stream: TextIO | None, limit_s: float | None) -> bool:
    """Tell whether what a stream keeps back cannot be written within `limit_s` seconds."""
    if stream is None or getattr(stream, "closed", False):
        return False
    try:
        if limit_s is not None and not wait_for_room(stream, limit_s):
            return True
        _flush(stream)
    except Exception:  # noqa: BLE001 - see above
        return True
    return False


def let_go(stream: TextIO | None) -> None:
    """Point a stream that failed at the null device, so that Python can flush it as it ends.

    It could not otherwise, and would turn the exit code into 120, or hang.
    """
    with contextlib.suppress(Exception):
        file = stream.fileno()  # type: ignore[union-attr]
        null = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.dup2(null, file)
        finally:
            os.close(null)


def fill_standard() -> None:
    """Open the null device in place of standard files that are closed.

    Else the next file that is opened takes their number, and gets what a library prints.
    """
    while (file := os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)) <= _STANDARD_ERROR:
        os.set_inheritable(file, True)  # noqa: FBT003
    os.close(file)


class _Patient(io.TextIOBase):
    """A stream that writes to another one without its locks, for as long as that takes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The other's."""
        return self._stream.encoding

    def write(self, text: str) -> int:
        """Write a text.

        Raises:
            OSError: it cannot be written.
        """
        problem = write(self._stream, text)
        if problem:
            raise OSError(problem)
        return len(text)

    def flush(self) -> None:
        """Nothing is kept back."""

    def isatty(self) -> bool:
        """Return whether the other is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the other's descriptor."""
        return self._stream.fileno()


def patient(stream: TextIO) -> TextIO:
    """Return a stream that writes to this one without holding its locks, where that can be done."""
    return cast("TextIO", _Patient(stream)) if _is_plain(stream) else stream


def is_terminal(stream: Any) -> bool:  # noqa: ANN401 - a stream may be None, closed or anything
    """Tell whether a stream is a terminal; none that is missing or closed is."""
    try:
        return bool(stream.isatty())
    except Exception:  # noqa: BLE001 - see above
        return False


def takes_pictures(stream: object) -> bool:
    """Tell whether a stream is a terminal on which text can be replaced, and which is ours now.

    It is not with `TERM=dumb` or none, as in an editor's window or under `env -i`, nor for a
    program that runs in the background of a shell.
    """
    if os.environ.get("TERM", "") in _PLAIN_TERMINALS:
        return False
    return is_terminal(stream) and in_foreground(stream)


def in_foreground(stream: object) -> bool:
    """Tell whether the terminal behind a stream is given to this process, or nobody can tell."""
    try:
        return os.tcgetpgrp(stream.fileno()) == os.getpgrp()  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - see above
        return True


def _is_plain(stream: TextIO) -> bool:
    """Tell whether a stream is Python's own on a descriptor, with nothing behind that.

    Others, such as a notebook's, may have a descriptor that is not where the text is to go.
    """
    return type(stream) is io.TextIOWrapper and isinstance(
        stream.buffer, io.BufferedWriter | io.FileIO
    )


def _write_any(stream: TextIO, text: str) -> None:
    """Write to an object of the program's; what its encoding lacks, with backslashes."""
    try:
        stream.write(text)
    except UnicodeError:
        encoding = getattr(stream, "encoding", None) or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def _flush(stream: TextIO) -> None:
    """Flush a stream; one that has no such method keeps nothing back."""
    flush = getattr(stream, "flush", None)
    if flush is not None:
        flush()


def _write_plain(stream: TextIO, text: str, limit_s: float | None) -> str:
    until = None if limit_s is None else time.monotonic() + limit_s
    content = text.encode(stream.encoding, "backslashreplace")
    # What the program printed before goes first.
    if not wait_for_room(stream, limit_s):
        return _UNREAD
    stream.flush()
    while content:
        left_s = None if until is None else max(0.0, until - time.monotonic())
        if not wait_for_room(stream, left_s):
            return _UNREAD
        content = content[os.write(stream.fileno(), content[:CHUNK_BYTES]) :]
    return ""
