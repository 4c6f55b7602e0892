"""The files by which a trial's process and the controller tell each other things.

All are in the trial's folder. Each is only appended to, line by line, or replaced whole, so that
whoever reads one never meets half of something.
"""

import json
import math
import os
from collections.abc import Iterator, Mapping
from typing import Any

PARAMS = "params.json"
"""The values that the controller proposes, by name."""

PROPOSED = "proposed.json"
"""The same with the range that each was proposed for."""

REPORTS = "reports.jsonl"
"""The numbers that the process told, a line each."""

DRAWN = "drawn.jsonl"
"""The parameters that the process asked for, a line each."""

ATTRS = "attrs.jsonl"
"""What the process noted of its trial, a line each."""

OUTCOME = "outcome.json"
"""How the call ended, by the process itself."""

VERDICT = "verdict"
"""Why the controller wants the trial to end; there is no such file while it does not."""

QUEUED = "queued.jsonl"
"""In the study's folder: notes of trials whose values the user gave, a line each."""

_torn: set[str] = set()
"""Files whose last line this process could write in part only, as a disk was full."""

WRITTEN_INSIDE = (REPORTS, DRAWN, ATTRS, OUTCOME, VERDICT)
"""What an attempt leaves, and what another attempt must not find."""


def append_line(path: str, record: Mapping[str, Any], first: str = "") -> None:
    """Add one line to a file, at once: threads and forks of a process do not mix theirs.

    Args:
        path: the file.
        record: what the line says.
        first: what is written before it; a line end, where another writer may have died in the
            middle of a line.

    Raises:
        OSError: it cannot be written; if it is in part, the next line begins on a line of its own.
        TypeError, ValueError: JSON has no such value.
    """
    append_text(path, first + line_of(record))


def line_of(record: Mapping[str, Any]) -> str:
    """Return the line that says a record.

    Raises:
        TypeError, ValueError: JSON has no such value.
    """
    return _encoded(record) + "\n"


_encoded = json.JSONEncoder(allow_nan=False).encode
"""Made once, as `json.dumps` would make one for each line."""


def read_text(path: str) -> str:
    """Return what is in a file.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is not text.
    """
    # Not through Python's files, as in `_write`.
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        parts = []
        while part := os.read(file, _PART_BYTES):
            parts.append(part)
    finally:
        os.close(file)
    return b"".join(parts).decode()


_PART_BYTES = 1 << 16


def append_text(path: str, text: str) -> None:
    """Add whole lines to a file, as `append_line` does.

    Raises:
        OSError: as for `append_line`.
    """
    _write(path, os.O_APPEND, f"\n{text}" if path in _torn else text)


def _write(path: str, how: int, text: str) -> None:
    # Not through Python's files: in a fork, each part of Python that is used has its price.
    data = text.encode()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | how, 0o666)
    try:
        while data:
            left = data[os.write(file, data) :]
            if left:
                _torn.add(path)
            data = left
        _torn.discard(path)
    finally:
        os.close(file)


def replace_whole(path: str, text: str) -> None:
    """Write a file that is never seen in part.

    Raises:
        OSError: it cannot be written.
    """
    part = f"{path}.{os.getpid()}.part"
    _write(part, os.O_TRUNC, text)
    os.replace(part, path)  # noqa: PTH105 - pathlib takes as long to load as all of this


def records_in(path: str) -> Iterator[dict[str, Any]]:
    """Yield what was appended to a file, without a last line that is not finished, or is damaged.

    Raises:
        OSError: it cannot be read, although it is there.
    """
    try:
        with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - as above
            lines = file.read().split("\n")[:-1]
    except FileNotFoundError:
        return
    for line in lines:
        record = record_of(line)
        if record is not None:
            yield record


def record_of(line: str) -> dict[str, Any] | None:
    """Return what a line says, None if it is damaged."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def number_text(number: float) -> str:
    """Return a number as JSON: that has neither NaN nor infinity, so these are texts."""
    if not math.isfinite(number):
        return f'"{float(number)}"'
    return float.__repr__(number) if isinstance(number, float) else int.__repr__(number)


def number_from_json(value: object) -> float | None:
    """Return the number that was written, None where none was."""
    if value in ("nan", "inf", "-inf"):
        return float(str(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None
