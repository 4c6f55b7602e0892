"""A study of a command line, of a file or of both, checked; how messages about it are spelled."""

import logging
import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from automl.cli.run.described import Typed, description_of
from automl.cli.run.saved import save
from automl.cli.run.space_file import SpaceFile, space_file_of
from automl.cli.spellings.beside import Beside
from automl.cli.spellings.command_line import CommandLine
from automl.cli.spellings.study_file import StudyFileText
from automl.errors import SpecError
from automl.spelling.spelling import spelled_by
from automl.studies.given.place import keyword_of
from automl.studies.keywords import BY_NAME
from automl.studies.prepared import Prepared, prepare
from automl.studies.study_file.reading import MarkedFile, read_marked

logger = logging.getLogger("automl")

Described = MarkedFile | SpaceFile
"""A file that describes a study, or the space of one."""


def spelled_for(file: Described | None) -> AbstractContextManager[None]:
    """Let messages speak of options, or of the keys of a study file."""
    if not isinstance(file, MarkedFile):
        return spelled_by(CommandLine())
    return spelled_by(Beside(StudyFileText(file.path.suffix.lower())))


def described_file(
    values: Mapping[str, Any], typed: Typed, verb: str = "run"
) -> tuple[Described | None, Typed]:
    """Return the file that describes a study, None without one, and what was typed besides.

    What is different from the tool whose space it is, or whose words were typed, goes to the log.

    Args:
        values: the options, as click read them.
        typed: what was typed.
        verb: what was typed before it.

    Raises:
        SpecError: as for `file_of` and `space_file_of`.
    """
    together = space_file_of(values, typed)
    file, typed = together or (file_of(values["files"], verb), typed)
    notes = file.notes if isinstance(file, SpaceFile) else ()
    for note in (*notes, *typed.notes):
        logger.info("%s", note)
    return file, typed


def file_of(files: Sequence[str], verb: str = "run") -> MarkedFile | None:
    """Return the study file that was named, None where none was.

    Args:
        files: what stood before `--`, or is no option.
        verb: what was typed before it.

    Raises:
        SpecError: it cannot be read, or what was named is a command.
    """
    if not files:
        return None
    if len(files) > 1 or not os.path.isfile(files[0]):  # noqa: PTH113 - as typed
        if len(files) > 1 or not files[0].endswith((".yaml", ".yml", ".json", ".toml")):
            line = " ".join(files)
            raise SpecError(f"put -- before the command: automl {verb} ... -- {line} ...")
        raise SpecError(f"there is no file {files[0]}")
    return read_marked(files[0])


def checked(typed: Typed, file: Described | None, save_as: str | None) -> Prepared:
    """Return a study, checked.

    Args:
        typed: what was typed.
        file: the study file or the space of another tool, if there is one.
        save_as: where to write the file that does the same; None for nowhere.

    Raises:
        SpecError: it cannot work; the message names the option or the line of the file.
    """
    base = file.base if file else os.path.abspath(".")  # noqa: PTH100 - keeps links
    try:
        whole = description_of(typed, _dictionary(file) if file else None, base)
        study = prepare(whole, base, what="a study" if file else "automl run")
    except SpecError as error:
        raise SpecError(f"{_where(error, typed, file)}{error}", place=error.place) from error
    if save_as:
        save(save_as, whole, base)
    return study


def _dictionary(file: Described) -> dict[str, Any]:
    if not isinstance(file.description, dict):
        raise SpecError("it must hold a dictionary of keywords", place="description")
    return file.description


def _where(error: SpecError, typed: Typed, file: Described | None) -> str:
    """Return what to look at to mend an error: an option, or a line of the file."""
    name = keyword_of(error.place)
    if name in typed.keywords:
        return f"{'/'.join(BY_NAME[name].spellings)}: "
    if file is None or not error.place:
        return ""
    return f"{os.path.relpath(file.path)}{file.line_of(error.place)}: "
