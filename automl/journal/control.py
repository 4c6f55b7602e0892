"""Requests to a running study: lines of `control.jsonl`, from any process to its controller."""

import os
import stat
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from automl.errors import JournalError, SpecError
from automl.registry import did_you_mean

CONTROL_NAME = "control.jsonl"
"""The control file's name in the study's folder."""

MAX_LINE_BYTES = 64 << 10
"""A longer line, newline included, is malformed."""

MAX_READ_BYTES = 1 << 20
MAX_READ_LINES = 1000
"""How much one `read_requests` takes at the most, so that the loop is never held up for long."""

_MAX_TRIAL = 2**63 - 1
_MAX_DEPTH = 32
_SHOWN_CHARS = 80


def _tag(class_name: str) -> str:
    """Return `stop_trial` for `StopTrial`."""
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in class_name)[1:]


class _Request(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="request", tag=_tag
):
    """The base of all requests; each checks itself when it is made."""


class StopTrial(_Request, frozen=True):
    """Stop one trial."""

    trial: int

    def __post_init__(self) -> None:
        _check_whole("trial", self.trial, 0)


class RetryTrial(_Request, frozen=True):
    """Launch a trial that did not complete again, with its id and values."""

    trial: int

    def __post_init__(self) -> None:
        _check_whole("trial", self.trial, 0)


class AddTrials(_Request, frozen=True):
    """Raise the limit of trials by `count`."""

    count: int

    def __post_init__(self) -> None:
        _check_whole("count", self.count, 1)


class AddTrial(_Request, frozen=True):
    """Try one given combination: a value for each parameter of the space."""

    params: dict[str, Any]

    def __post_init__(self) -> None:
        if not isinstance(self.params, dict) or not self.params:
            raise SpecError(f"params must be values by parameter name, got {_short(self.params)}")
        _check_plain("params", self.params, _MAX_DEPTH)


class SetMaxParallel(_Request, frozen=True):
    """Change how many trials run at once; those running are not stopped for it."""

    count: int

    def __post_init__(self) -> None:
        _check_whole("count", self.count, 1)


class SetMaxTrialNum(_Request, frozen=True):
    """Change how many trials are started at the most."""

    count: int

    def __post_init__(self) -> None:
        _check_whole("count", self.count, 1)


class Pause(_Request, frozen=True):
    """Start nothing until `Resume`; what runs goes on, and the controller stays."""


class Resume(_Request, frozen=True):
    """Start trials again after `Pause`."""


class Drain(_Request, frozen=True):
    """Start nothing more; the controller ends when what runs has ended."""


class StopStudy(_Request, frozen=True):
    """Stop what runs, and the controller with it."""


Request: TypeAlias = (
    StopTrial
    | RetryTrial
    | AddTrials
    | AddTrial
    | SetMaxParallel
    | SetMaxTrialNum
    | Pause
    | Resume
    | Drain
    | StopStudy
)

_KINDS: dict[str, type[Request]] = {
    _tag(kind.__name__): kind
    for kind in (
        StopTrial,
        RetryTrial,
        AddTrials,
        AddTrial,
        SetMaxParallel,
        SetMaxTrialNum,
        Pause,
        Resume,
        Drain,
        StopStudy,
    )
}


def request_dict(request: Request) -> dict[str, Any]:
    """Return the request as plain JSON values, for the journal; `request_from` is the inverse."""
    plain: dict[str, Any] = msgspec.to_builtins(request)
    return plain


def request_from(plain: object) -> Request:
    """Return the request that `request_dict`, or a line of the control file, describes.

    Raises:
        SpecError: it is none; the message says what is wrong and what is known.
    """
    if not isinstance(plain, dict):
        raise SpecError(f"a request is a JSON object, got {_short(plain)}")
    if "request" not in plain:
        raise SpecError(f"the field 'request' is missing; known requests: {_list(_KINDS)}")
    name = plain["request"]
    if not isinstance(name, str) or name not in _KINDS:
        near = did_you_mean(name, _KINDS) if isinstance(name, str) else ""
        raise SpecError(f"unknown request {_short(name)}{near}; known requests: {_list(_KINDS)}")
    kind = _KINDS[name]
    known = kind.__struct_fields__
    for field in plain:
        if field != "request" and field not in known:
            raise SpecError(
                f"request {name!r} has no field {_short(field)}{did_you_mean(field, known)}; "
                f"its fields: {_list(known) or 'none'}"
            )
    for field in known:
        if field not in plain:
            raise SpecError(f"request {name!r}: the field {field!r} is missing")
    try:
        return msgspec.convert(plain, kind)
    except (msgspec.ValidationError, SpecError) as error:
        raise SpecError(f"request {name!r}: {error}") from error


def append_request(path: Path, request: Request) -> None:
    """Append a request as one line; any number of processes may do so at once.

    Raises:
        SpecError: the line would be too long, or a text in it cannot be written as UTF-8.
        JournalError: the file cannot be written; if the disk got full in the middle, the reader
            skips what was written.
    """
    line = _line(request)
    try:
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
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
        raise JournalError(f"cannot write the request to {path}: {error.strerror}") from error
    if written < len(line):
        raise JournalError(
            f"cannot write the request to {path}: only {written} of {len(line)} bytes fit; "
            "make room on the disk and ask again"
        )


def read_requests(path: Path, offset: int) -> list[tuple[Request | str, int]]:
    """Return what stands in the control file after `offset`, in order, and where each item ends.

    An item is a request, or for a malformed line the reason. A last line without its newline is
    left for later, as its writer may be in the middle of it. Blank lines are passed over. At most
    `MAX_READ_BYTES` and `MAX_READ_LINES` are taken; call again with the last item's offset for
    more. A file that became shorter than `offset`, or vanished, is read from its beginning, and
    the first item says so.

    Raises:
        JournalError: the file is there and cannot be read.
    """
    items: list[tuple[Request | str, int]] = []
    content, size = _content(path, offset)
    if size < offset:
        items.append((f"{path.name} was cut or replaced; it is read from its beginning", 0))
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
        return [("only blank lines", offset + start)]
    return [
        (_continued() if continued else _too_long(len(content)), offset + len(content)),
    ]


def _content(path: Path, offset: int) -> tuple[bytes, int]:
    """Return the piece from `offset` on with the byte before it, and the size of the file."""
    try:
        # Not blocking: somebody may have put a pipe there, and the loop must not wait for it.
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return b"", 0
    except OSError as error:
        raise JournalError(f"cannot read {path}: {error.strerror}") from error
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise JournalError(f"cannot read {path}: it is no regular file; remove it")
        if status.st_size <= offset:
            return b"\n"[: min(offset, 1)], status.st_size
        extra = min(offset, 1)
        return os.pread(file, MAX_READ_BYTES + extra, offset - extra), status.st_size
    except OSError as error:
        raise JournalError(f"cannot read {path}: {error.strerror}") from error
    finally:
        os.close(file)


def _parsed(line: bytes) -> Request | str | None:
    """Return the request of one line, the reason why it is none, or None for a blank line."""
    if len(line) > MAX_LINE_BYTES:
        return _too_long(len(line))
    if not line.strip():
        return None
    try:
        return request_from(msgspec.json.decode(line))
    except SpecError as error:
        return str(error)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return f"not JSON: {error}: {_short(line.decode(errors='replace').strip())}"
    except RecursionError:
        return f"nested too deeply: {_short(line.decode(errors='replace').strip())}"


def _line(request: Request) -> bytes:
    try:
        line = msgspec.json.encode(request) + b"\n"
    except ValueError as error:
        raise SpecError(f"a text of the request cannot be written as UTF-8: {error}") from error
    if len(line) > MAX_LINE_BYTES:
        raise SpecError(
            f"the request has {len(line)} bytes; a line of {CONTROL_NAME} may have {MAX_LINE_BYTES}"
        )
    return line


def _too_long(length: int) -> str:
    return f"a line of at least {length} bytes; allowed are {MAX_LINE_BYTES}"


def _continued() -> str:
    return "the rest of a line that was too long, or that was changed after it was read"


def _check_whole(what: str, value: object, least: int) -> None:
    if type(value) is not int or not least <= value <= _MAX_TRIAL:
        raise SpecError(f"{what} must be a whole number of at least {least}, got {_short(value)}")


def _check_plain(what: str, value: object, depth: int) -> None:
    """Raise SpecError unless `value` is the same when read back from JSON."""
    if depth == 0:
        raise SpecError(f"{what} is nested more than {_MAX_DEPTH} deep")
    if isinstance(value, dict):
        for key, item in value.items():
            if type(key) is not str:
                raise SpecError(f"{what}: the name {_short(key)} is no text")
            _check_plain(f"{what}[{_short(key)}]", item, depth - 1)
    elif type(value) is list:
        for place, item in enumerate(value):
            _check_plain(f"{what}[{place}]", item, depth - 1)
    elif type(value) is float and value - value != 0:
        raise SpecError(f"{what} is {value}; give a finite number")
    elif value is not None and type(value) not in {bool, int, float, str}:
        raise SpecError(f"{what} is {_short(value)}, which JSON does not have; give a plain value")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 3] + "..."


def _list(names: Any) -> str:  # noqa: ANN401 - the names of a dictionary or a tuple
    return ", ".join(names)
