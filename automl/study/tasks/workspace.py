"""A working folder for each trial, for programs that read and write files of fixed names."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.study.resources import parse_size
from automl.study.tasks.remote import is_remote

TYPES = ("copy", "link", "folder")
"""How a working folder is made."""

FOLDER = "{{ trial.dir }}/workspace"
"""Where it is, if nothing else is said."""

_OWN = re.compile(r"(?:\{\{\s*trial\.dir\s*\}\}|<<\s*trial\.dir\s*>>)/(?!\.\.?(?:/|$))[^/]")
_ABSOLUTE = re.compile(
    r"[/~]|(?:\{\{|<<)\s*(?:study\.dir|trial\.(?:dir|checkpoint_dir|scratch|params_\w+|file\b))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The folder in which the commands of a trial run.

    Args:
        type: `copy`: a copy of the working directory; `link`: the same with hard links for files,
            for programs that never write into one that is there; `folder`: an empty folder.
        folder: where it is, with placeholders; below the trial's folder, but for `folder`.
        ignore: patterns of names, or of paths from the working directory, that are left out.
        keep: patterns of what a later launch of the trial finds as the earlier one left it.
        max_size: how many bytes a copy may have, at the most.
    """

    type: str = "copy"
    folder: str = FOLDER
    ignore: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    max_size: int | str = "1G"

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise SpecError(
                f"workspace type {self.type!r} is unknown{did_you_mean(str(self.type), TYPES)}; "
                f"known types: {', '.join(TYPES)}"
            )
        for name in ("ignore", "keep"):
            given = getattr(self, name)
            listed = isinstance(given, list | tuple)
            if not listed or not all(isinstance(one, str) and one.strip("/") for one in given):
                raise SpecError(f"workspace: {name} must be a list of patterns, got {given!r}")
            object.__setattr__(self, name, tuple(given))
        object.__setattr__(self, "max_size", parse_size("workspace: max_size", self.max_size))
        if not isinstance(self.folder, str) or not self.folder:
            raise SpecError(f"workspace: folder must be a path, got {self.folder!r}")
        if self.copies and not _OWN.match(self.folder):
            raise SpecError(
                f"workspace: folder {self.folder!r} must be below the trial's folder, as in "
                f"'{FOLDER}': it is made anew at each launch"
            )

    @property
    def copies(self) -> bool:
        """Whether what is in the working directory is there, too."""
        return self.type != "folder"

    def describe(self) -> dict[str, Any]:
        """Return it as plain values, without what is as usual."""
        usual = asdict(Workspace())
        given = {name: value for name, value in asdict(self).items() if value != usual[name]}
        return {
            "type": self.type,
            **{n: list(v) if n in {"ignore", "keep"} else v for n, v in given.items()},
        }


OPTIONS = tuple(one.name for one in fields(Workspace))
"""The keys of a dictionary that describes one."""


def workspace_from(given: object) -> Workspace:
    """Return a workspace by its type, or by a dictionary with the arguments of `Workspace`.

    Raises:
        SpecError: it is neither.
    """
    if isinstance(given, Workspace):
        return given
    if isinstance(given, str):
        return Workspace(type=given)
    if not isinstance(given, Mapping):
        known = ", ".join(map(repr, TYPES))
        raise SpecError(f"workspace must be one of {known}, or a dictionary, got {given!r}")
    for key in given:
        if key not in OPTIONS:
            raise SpecError(
                f"workspace has no option {key!r}{did_you_mean(str(key), OPTIONS)}; known options: "
                f"{', '.join(OPTIONS)}"
            )
    return Workspace(**given)


def is_relative(path: str) -> bool:
    """Tell whether a path with placeholders counts from the working directory.

    >>> is_relative("log/m.txt"), is_relative("{{ trial.id }}.log"), is_relative("{{trial.dir}}/m")
    (True, True, False)
    >>> is_relative("s3://bucket/m")
    False
    """
    return not (is_remote(path) or _ABSOLUTE.match(path))
