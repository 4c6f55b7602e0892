"""What is noted of a trial, for whoever reads the study: by its process, or with its values."""

import json
import os
from collections.abc import Mapping
from typing import Any

from automl.inside.files import ATTRS, QUEUED, append_line, records_in


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


def queue_attrs(study: str, values: Mapping[str, Any], attrs: Mapping[str, Any]) -> None:
    """Note something of the trial that will have given values, once; its process takes it over.

    Args:
        study: the study's folder.
        values: what the user gave, by name.
        attrs: the notes, by name.

    Raises:
        OSError: it cannot be written.
    """
    record = {"values": dict(values), "attrs": dict(attrs)}
    if record not in records_in(f"{study}/{QUEUED}"):
        append_line(f"{study}/{QUEUED}", record)


def take_queued_attrs(folder: str, given: Mapping[str, Any]) -> None:
    """Note of a trial what was noted with its values.

    Args:
        folder: the trial's.
        given: those of its values that the user gave, or may have given.

    Raises:
        OSError: it cannot be read or written.
    """
    study = os.path.dirname(os.path.dirname(folder))  # noqa: PTH120 - no pathlib here
    told = {name: json.dumps(value) for name, value in given.items()}
    fitting: dict[int, dict[str, Any]] = {}
    for record in records_in(f"{study}/{QUEUED}"):
        values = record.get("values", {})
        if all(told.get(name) == json.dumps(value) for name, value in values.items()):
            fitting.setdefault(len(values), record.get("attrs", {}))
    # The trial may have values besides, so that the one that tells most of them is meant.
    for name, value in fitting[max(fitting)].items() if fitting else ():
        write_attr(folder, name, value)
