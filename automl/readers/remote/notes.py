"""What was at the places of remote metric files before a launch began, kept in its folder.

So an object of an earlier run is known as one, by whichever controller reads it.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

NAME = "objects.json"
"""The note's name in a trial's folder."""

Version: TypeAlias = Mapping[str, Any]
"""What tells one content of an object from another, as plain values."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was there before a launch began.

    Attributes:
        known: whether anybody looked.
        version: that of the object; None if there was none.
    """

    known: bool
    version: Version | None = None


def write_note(folder: str, attempt: int, objects: Mapping[str, Version | None]) -> None:
    """Note what was at some URLs before a launch, so that a kill leaves the note or none.

    Raises:
        OSError: it cannot be written.
    """
    part = Path(folder, f"{NAME}.part")
    part.write_text(json.dumps({"attempt": attempt, "objects": dict(objects)}) + "\n", "utf-8")
    os.replace(part, f"{folder}/{NAME}")  # noqa: PTH105 - as text


def read_note(folder: str, attempt: int, url: str) -> Before:
    """Return what was at a URL before a launch began; not known without a note of that launch.

    Raises:
        OSError: there is one, but it cannot be read.
    """
    try:
        found = json.loads(Path(folder, NAME).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return Before(known=False)
    objects = found.get("objects", {}) if isinstance(found, dict) else {}
    if not isinstance(objects, dict) or url not in objects or found.get("attempt") != attempt:
        return Before(known=False)
    return Before(known=True, version=objects[url])
