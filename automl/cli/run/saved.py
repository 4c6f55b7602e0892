"""`--save FILE`: the file by which `automl run FILE` does the same."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from automl.errors import SpecError
from automl.journal.folder import PLACE
from automl.render.config import yaml_text
from automl.studies.given.workspace import in_trial

_PATHS = {"cwd": ".", "study_dir": PLACE}
"""Keywords that are paths, with what they are if they are not given."""


def save(path: str, description: Mapping[str, Any], base: str) -> None:
    """Write a description into a new file.

    Args:
        path: the file.
        description: what was typed, with what another file had.
        base: absolute path of the folder from which its relative paths count.

    Raises:
        SpecError: the file is there already and says something else, or cannot be written.
    """
    file = Path(path).expanduser()
    text = yaml_text(counted_from(file.parent, description, base))
    try:
        if file.exists():
            if file.read_text(encoding="utf-8") == text:
                return
            raise SpecError(f"--save: {path} is there already; remove it or give another name")
        file.write_text(text, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"--save: {path} cannot be written: {error}") from error


def counted_from(folder: Path, description: Mapping[str, Any], base: str) -> dict[str, Any]:
    """Return a description whose paths count from another folder.

    Args:
        folder: that folder.
        description: keywords of a study.
        base: absolute path of the folder from which its relative paths count.
    """
    there, whole = os.path.realpath(folder), dict(description)
    if there != os.path.realpath(base):
        if in_trial(whole.get("cwd")):
            # From where the files of the commands count must be said as well.
            whole.setdefault("workspace", {"type": "folder", "folder": whole.pop("cwd")})
        for name, default in _PATHS.items():
            path = os.path.join(base, whole.get(name) or default)  # noqa: PTH118 - keeps links
            whole[name] = os.path.relpath(path, there)
    return whole
