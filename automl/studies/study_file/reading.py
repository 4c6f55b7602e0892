"""A study in a file: its description, and the folder from which its paths count."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from automl.errors import SpecError
from automl.journal.folder import holds_study
from automl.studies.given.place import keyword_of
from automl.studies.keywords import BY_NAME
from automl.studies.study_file.formats import format_of
from automl.studies.study_file.variables import with_variables

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


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedFile:
    """A study's file, with the places of its values.

    Attributes:
        path: absolute.
        description: as `StudyFile` has it.
        text: all that the file holds.
    """

    path: Path
    description: Any
    text: str

    @property
    def base(self) -> str:
        """Absolute path of the folder from which its relative paths count."""
        return str(self.path.parent)

    def line_of(self, place: str) -> str:
        """Return where a place of the description is, such as `, line 3, column 5`, or nothing."""
        name = keyword_of(place)
        other = BY_NAME[name].also if name in BY_NAME else ""
        if other and isinstance(self.description, dict) and name not in self.description:
            place = f"{other}{place.removeprefix(name)}"
        # Only now, as few files have a mistake.
        marks = format_of(self.path.suffix).marks(self.text)
        while place:
            if place in marks:
                line, column = marks[place]
                return f", line {line}, column {column}"
            place = place[: max(place.rfind("."), place.rfind("["), 0)]
        return ""


def read_study_file(path: str | os.PathLike[str]) -> StudyFile:
    """Return what a YAML, JSON or TOML file says of a study.

    Raises:
        SpecError: as for `read_marked`.
    """
    file = read_marked(path)
    return StudyFile(file.description, file.base)


def read_marked(path: str | os.PathLike[str]) -> MarkedFile:
    """Return what a YAML, JSON or TOML file says of a study, and where.

    A study without a name has the file's. The `study.yaml` of a study's own folder describes the
    study of that folder, wherever the folder is now and whatever it is called. `${NAME}` in a text
    is the value of a variable of this process that the key `env_from` lists.

    Raises:
        SpecError: the file cannot be read, is not of its format, has the form of an earlier
            release, or needs a variable that is not set; the message names the file.
    """
    file = Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - does not follow links
    try:
        text = text_of(file.read_bytes())
        description = format_of(file.suffix).value(text)
    except OSError as error:
        told = f"the study's file {file} cannot be read: {error.strerror}"
        raise SpecError(told, place="description") from error
    except SpecError as error:
        raise SpecError(f"the study's file {file}: {error}", place="description") from error
    if isinstance(description, dict) and description.keys() >= _EARLIER:
        raise SpecError(
            f"the study's file {file} is in the form of an earlier release, which nothing reads; "
            "start the study's script once more, which writes it anew",
            place="description",
        )
    marked = MarkedFile(path=file, description=description, text=text)
    if isinstance(description, dict):
        try:
            filled = with_variables(description, os.environ)
        except SpecError as error:
            where = f"the study's file {file}{marked.line_of(error.place)}"
            raise SpecError(f"{where}: {error}", place=error.place) from error
        marked = replace(marked, description={**_by_place(file), **filled, **_of_folder(file)})
    return marked


def text_of(content: bytes) -> str:
    """Return the text of a file, without the mark that some editors begin it with.

    Raises:
        SpecError: it is no UTF-8; the message names line and column.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise SpecError(
            f"line {line}, column {column}: the byte 0x{content[error.start]:02x} is no UTF-8; "
            "save the file as UTF-8"
        ) from error


def _by_place(file: Path) -> dict[str, Any]:
    return {"name": file.stem}


def _of_folder(file: Path) -> dict[str, Any]:
    """Return what the place of a study's own description says better than its text."""
    if not holds_study(str(file.parent)):
        return {}
    return {"name": file.parent.name, "study_dir": str(file.parent.parent)}
