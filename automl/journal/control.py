"""Requests to a running study: lines of `control.jsonl`, from any process to its controller."""

import os
import stat
from pathlib import Path

import msgspec

from automl.errors import SpecError, StorageError, shown
from automl.journal.asking.asked import Asked, asked_dict, asked_from, new_id
from automl.journal.asking.asker import Asker, Door, this_process
from automl.journal.disk.files import open_regular, trouble
from automl.journal.folder import CONTROL_NAME
from automl.journal.requests import Request
from automl.journal.text import decode_json, encode_json

MAX_LINE_BYTES = 64 << 10
"""A longer line, newline included, is malformed."""

MAX_READ_BYTES = 1 << 20
MAX_READ_LINES = 1000
"""How much one `read_requests` takes at the most, so that the loop is never held up for long."""


def append_request(path: Path, request: Request, who: Asker | None = None) -> str:
    """Append a request as one line, and return its id; any number of processes may do so at once.

    Args:
        path: the control file.
        request: what is asked.
        who: who asks; this process, by a script, if not given.

    Raises:
        SpecError: the line would be too long, or a value in it cannot be written as JSON.
        JournalError: the file cannot be written.
        StorageError: it cannot be written now; if the disk got full in the middle, the reader
            skips what was written.
    """
    asked = Asked(request=request, id=new_id(), who=who or this_process(Door.SCRIPT))
    line = _line(asked)
    try:
        file = open_regular(path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
        try:
            # Another writer may have died, or met a full disk, in the middle of its line.
            size = os.fstat(file).st_size
            if size and os.pread(file, 1, size - 1) != b"\n":
                line = b"\n" + line
            # One write, as the kernel appends each one whole: two writers never mix their lines.
            written = os.write(file, line)
        finally:
            os.close(file)
    except OSError as error:
        advice = "see to it that the study's folder is there and you may write to it"
        raise trouble(f"write the request to {path}", error, advice) from error
    if written < len(line):
        raise StorageError(
            f"cannot write the request to {path}: only {written} of {len(line)} bytes fit; "
            "make room on the disk and ask again"
        )
    return asked.id


def read_requests(path: Path, offset: int) -> list[tuple[Asked, int]]:
    """Return what stands in the control file after `offset`, in order, and where each item ends.

    An item is a request, or for a malformed line the problem. A last line without its newline is
    left for later, as its writer may be in the middle of it. Blank lines are passed over. At most
    `MAX_READ_BYTES` and `MAX_READ_LINES` are taken; call again with the last item's offset for
    more. A file that became shorter than `offset`, or vanished, is read from its beginning, and
    the first item says so.

    Raises:
        JournalError: the file is there and cannot be read.
        StorageError: it cannot be read now.
    """
    items: list[tuple[Asked, int]] = []
    if _ends_at(path, offset):
        return items
    content, size = _content(path, offset)
    if size < offset:
        problem = f"{path.name} was cut or replaced; it is read from its beginning"
        items.append((Asked(problem=problem), 0))
        offset = 0
        content, _ = _content(path, 0)
    before, content = content[: min(offset, 1)], content[min(offset, 1) :]
    # Only a line that was skipped in pieces, or a foreign hand, leaves an offset within a line.
    continued = before not in {b"", b"\n"}
    start = 0
    while len(items) < MAX_READ_LINES and (end := content.find(b"\n", start)) >= 0:
        item = _continued() if continued else _parsed(content[start : end + 1])
        continued = False
        start = end + 1
        if item is not None:
            items.append((item, offset + start))
    if items or len(content) < MAX_READ_BYTES:
        return items
    # Without an item the caller would stay here for ever: the whole piece is skipped.
    if start:
        return [(Asked(problem="only blank lines"), offset + start)]
    skipped = _continued() if continued else _too_long(len(content))
    return [(skipped, offset + len(content))]


def _ends_at(path: Path, offset: int) -> bool:
    """Tell whether a file has nothing behind an offset, without opening it."""
    try:
        found = os.stat(path)  # noqa: PTH116 - after each trial of a function
    except FileNotFoundError:
        return not offset
    except OSError:
        return False  # To open it tells why.
    return stat.S_ISREG(found.st_mode) and found.st_size == offset


def _content(path: Path, offset: int) -> tuple[bytes, int]:
    """Return the piece from `offset` on with the byte before it, and the size of the file."""
    try:
        file = open_regular(path, os.O_RDONLY)
        try:
            size = os.fstat(file).st_size
            extra = min(offset, 1)
            if size <= offset:
                return b"\n"[:extra], size
            return os.pread(file, MAX_READ_BYTES + extra, offset - extra), size
        finally:
            os.close(file)
    except FileNotFoundError:
        return b"", 0
    except OSError as error:
        raise trouble(f"read {path}", error, "see to it that you may read this file") from error


def _parsed(line: bytes) -> Asked | None:
    """Return what one line asks, or why that cannot be told; None for a blank line."""
    if len(line) > MAX_LINE_BYTES:
        return _too_long(len(line))
    if not line.strip():
        return None
    try:
        return asked_from(decode_json(line))
    except (msgspec.DecodeError, ValueError) as error:
        problem = f"not JSON: {error}"
    except RecursionError:
        problem = "nested too deeply"
    return Asked(problem=f"{problem}: {shown(line.decode(errors='replace').strip())}")


def _line(asked: Asked) -> bytes:
    try:
        line = encode_json(asked_dict(asked)) + b"\n"
    except (ValueError, OverflowError, TypeError) as error:
        raise SpecError(f"a value of the request cannot be written as JSON: {error}") from error
    if len(line) > MAX_LINE_BYTES:
        raise SpecError(
            f"the request has {len(line)} bytes; a line of {CONTROL_NAME} may have {MAX_LINE_BYTES}"
        )
    return line


def _too_long(length: int) -> Asked:
    return Asked(problem=f"a line of at least {length} bytes; allowed are {MAX_LINE_BYTES}")


def _continued() -> Asked:
    problem = "the rest of a line that was too long, or that was changed after it was read"
    return Asked(problem=problem)
