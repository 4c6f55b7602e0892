"""A study in a file: its description, and the folder from which its paths count."""

import os
from pathlib import Path
from typing import Any, NamedTuple

from automl.errors import SpecError
from automl.journal.folder import holds_study
from automl.render.config import yaml_value

_EARLIER = {"limits", "trial_limits", "resources", "tasks"}
"""Keys that a study's own file had together before it could be run again."""


class StudyFile(NamedTuple):
    """What a study's file says.

    Attributes:
        description: a value by keyword; that `spec_from` makes a study of it is not known yet.
        base: absolute path of the folder from which its relative paths count.
    """

    description: Any
    base: str


def read_study_file(path: str | os.PathLike[str]) -> StudyFile:
    """Return what a YAML or JSON file says of a study.

    A study without a name has the file's. The `study.yaml` of a study's own folder describes the
    study of that folder, wherever the folder is now and whatever it is called.

    Raises:
        SpecError: the file cannot be read, is no YAML, or has the form of an earlier release; the
            message names the file.
    """
    file = Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - does not follow links
    try:
        description = yaml_value(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        told = f"the study's file {file} cannot be read: {why}"
        raise SpecError(told, place="description") from error
    except SpecError as error:
        raise SpecError(f"the study's file {file}: {error}", place="description") from error
    if isinstance(description, dict) and description.keys() >= _EARLIER:
        raise SpecError(
            f"the study's file {file} is in the form of an earlier release, which nothing reads; "
            "start the study's script once more, which writes it anew",
            place="description",
        )
    if isinstance(description, dict):
        description = {**_by_place(file), **description, **_of_folder(file)}
    return StudyFile(description, str(file.parent))


def _by_place(file: Path) -> dict[str, Any]:
    return {"name": file.stem}


def _of_folder(file: Path) -> dict[str, Any]:
    """Return what the place of a study's own description says better than its text."""
    if not holds_study(str(file.parent)):
        return {}
    return {"name": file.parent.name, "study_dir": str(file.parent.parent)}
