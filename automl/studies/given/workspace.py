"""The working folders of trials, by the keywords `cwd` and `workspace`."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from automl.errors import SpecError
from automl.studies.given.kinds import Kind
from automl.studies.given.place import at
from automl.study.tasks.workspace import FOLDER, OPTIONS, Workspace, workspace_from

_PLACEHOLDER = re.compile(r"\{\{|\{%|<<[^<>]+>>")


def _read(value: object, place: str) -> Workspace:
    with at(place, OPTIONS):
        return workspace_from(value)


WORKSPACE_KIND = Kind(
    "'copy', 'link' or 'folder', or a dictionary with this type and options",
    "str | Mapping[str, object]",
    _read,
)


def in_trial(cwd: str | None) -> bool:
    """Tell whether a working directory has placeholders, so that each trial has its own."""
    return cwd is not None and _PLACEHOLDER.search(cwd) is not None


def workspace_of(values: Mapping[str, Any]) -> Workspace | None:
    """Return the working folder of each trial, None where all work in one.

    Raises:
        SpecError: `cwd` and `workspace` both say where it is.
    """
    cwd = values["cwd"]
    given: Workspace | None = values["workspace"]
    if not in_trial(cwd):
        return given
    with at("cwd"):
        if given is None:
            return Workspace(type="folder", folder=cwd)
        if given.folder != FOLDER:
            raise SpecError("cwd has placeholders, and workspace has folder; give one of them")
        return replace(given, folder=cwd)
