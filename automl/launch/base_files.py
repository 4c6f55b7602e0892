"""The files of the user's that config files of trials are made from."""

import difflib
import os
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from automl.errors import SpecError, StorageError, may_pass
from automl.spelling.spelling import OPEN, spelled
from automl.study.spec import StudySpec
from automl.study.tasks.config_file import ConfigFile

_OTHERS = 0o044


def with_digests(spec: StudySpec) -> StudySpec:
    """Return a study whose files are described with what their bases hold now.

    Raises:
        SpecError: a base cannot be read, or is not what it was described with.
        StorageError: it cannot be read now.
    """
    if not any(task.files for task in spec.tasks):
        return spec
    tasks: list[Any] = []
    for number, task in enumerate(spec.tasks):
        files = tuple(
            _with_digest(one, spec.cwd, f"task_list[{number}].files[{place}].base")
            for place, one in enumerate(task.files)
        )
        tasks.append(replace(task, files=files) if files else task)  # type: ignore[type-var]
    return replace(spec, tasks=tuple(tasks))


def _with_digest(file: ConfigFile, cwd: str, place: str) -> ConfigFile:
    try:
        return replace(file, digest=_digest(read_base(file, cwd).content))
    except SpecError as error:
        error.place = place
        raise


@dataclass(frozen=True, slots=True)
class Base:
    """A file of the user's.

    Args:
        content: all of it.
        private: only its owner may read it, so what is made from it must be kept so.
    """

    content: bytes
    private: bool


def read_base(file: ConfigFile, cwd: str) -> Base:
    """Return what a base holds now.

    Args:
        file: what names it.
        cwd: what its path is relative to.

    Raises:
        SpecError: it cannot be read, or is not what it was described with.
        StorageError: it cannot be read now.
    """
    path = Path(cwd, os.path.expanduser(file.base))  # noqa: PTH111 - as for all paths
    try:
        # A pipe gives its text once, if at all: whoever waits for it may wait for ever.
        if path.is_fifo():
            raise SpecError(
                f"files: cannot read base {file.base!r}, which is {path}: it is a pipe; "
                "name a file, which can be read again"
            )
        if path.is_dir():
            raise SpecError(
                f"files: cannot read base {file.base!r}, which is {path}: it is a folder"
            )
        with path.open("rb") as opened:
            private = not os.fstat(opened.fileno()).st_mode & _OTHERS
            content = opened.read()
    except OSError as error:
        if may_pass(error.errno):
            raise StorageError(f"cannot read {path}: {error.strerror}") from error
        raise SpecError(
            f"files: cannot read base {file.base!r}, which is {path}: {error.strerror}{_near(path)}"
        ) from error
    if file.digest not in {None, _digest(content)}:
        raise SpecError(
            f"files: base {file.base!r}, which is {path}, has changed since the study was "
            f"described; put back what it was, or give the study another name "
            f"({spelled('name', OPEN)})"
        )
    return Base(content, private)


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _near(path: Path) -> str:
    """Return which files lie where one is missing that have such a name."""
    try:
        names = [one.name for one in path.parent.iterdir()]
    except OSError:
        return ""
    near = difflib.get_close_matches(path.name, names, n=3)
    return f"; there is {', '.join(map(repr, near))}" if near else ""
