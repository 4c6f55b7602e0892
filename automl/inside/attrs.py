"""What a trial's process notes of its trial, for whoever reads the study."""

from typing import Any

from automl.inside.files import ATTRS, append_line, records_in


def write_attr(folder: str, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Note something of a trial; a later note of the same name takes its place.

    Raises:
        OSError: it cannot be written.
        TypeError, ValueError: JSON has no such value.
    """
    append_line(f"{folder}/{ATTRS}", {"name": name, "value": value})


def attrs_in(folder: str) -> dict[str, Any]:
    """Return what was noted of a trial, by name.

    Raises:
        OSError: it cannot be read, although it is there.
    """
    return {
        record["name"]: record.get("value")
        for record in records_in(f"{folder}/{ATTRS}")
        if isinstance(record.get("name"), str)
    }
