"""Writing to standard output and error so that nothing hangs or fails by what is behind them."""

import contextlib
import io
import os
import select
import time
from typing import Any, TextIO, cast

CHUNK_BYTES = 512
"""So much is written at once: a pipe or terminal that can be written to takes it whole."""

_STANDARD_ERROR = 2
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
    except (AttributeError, OSError, TypeError, ValueError):
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
        stream.write(text)
        stream.flush()
    except OSError as error:
        return error.strerror or str(error)
    except ValueError as error:
        return str(error)
    return ""


def unusable(stream: TextIO | None, limit_s: float | None) -> bool:
    """Tell whether what a stream keeps back cannot be written within `limit_s` seconds."""
    if stream is None or getattr(stream, "closed", False):
        return False
    try:
        if limit_s is not None and not wait_for_room(stream, limit_s):
            return True
        stream.flush()
    except (OSError, ValueError):
        return True
    return False


def let_go(stream: TextIO | None) -> None:
    """Point a stream that failed at the null device, so that Python can flush it as it ends.

    It could not otherwise, and would turn the exit code into 120, or hang.
    """
    with contextlib.suppress(AttributeError, OSError, ValueError):
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
    except (AttributeError, ValueError):
        return False


def _is_plain(stream: TextIO) -> bool:
    """Tell whether a stream is Python's own on a descriptor, with nothing behind that.

    Others, such as a notebook's, may have a descriptor that is not where the text is to go.
    """
    return type(stream) is io.TextIOWrapper and isinstance(
        stream.buffer, io.BufferedWriter | io.FileIO
    )


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
