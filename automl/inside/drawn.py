"""The parameters that a trial's process asked for, with the range and the value of each."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from automl.inside.files import DRAWN, append_text, line_of

PROPOSED_VALUE = "proposed"
DRAWN_VALUE = "drawn"
FIXED_VALUE = "fixed"
ORIGINS = (PROPOSED_VALUE, DRAWN_VALUE, FIXED_VALUE)
"""Where a value comes from: the controller proposed it; the process drew it; the user gave it."""


class Drawn(NamedTuple):
    """One parameter that was asked for.

    Attributes:
        name: its name.
        range: between what it was asked for, as plain values: `kind`, and what that kind has.
        value: what it got.
        origin: one of `ORIGINS`.
    """

    name: str
    range: Mapping[str, Any]
    value: Any
    origin: str


def drawn_line(drawn: Drawn) -> str:
    """Return the line that notes that a parameter was asked for.

    Raises:
        TypeError, ValueError: JSON has no such value.
    """
    record = {"name": drawn.name, "range": dict(drawn.range), "value": drawn.value}
    return line_of({**record, "from": drawn.origin})


def write_drawn(folder: str, line: str) -> None:
    """Note that a parameter was asked for, by its line.

    Raises:
        OSError: it cannot be written.
    """
    append_text(f"{folder}/{DRAWN}", line)


def drawn_of(record: Mapping[str, Any]) -> Drawn | None:
    """Return what a line tells of a parameter that was asked for, None if it tells of none."""
    name, asked, origin = (record.get(key) for key in ("name", "range", "from"))
    if isinstance(name, str) and isinstance(asked, dict) and origin in ORIGINS:
        return Drawn(name, asked, record.get("value"), str(origin))
    return None
