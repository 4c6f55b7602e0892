"""The values of a trial in a config file, at the paths that its study has for them."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from automl.errors import AutomlError, SpecError
from automl.render.context import PARAM_PREFIX, TemplateContext
from automl.render.names.placeholders import check_placeholders
from automl.render.patch.formats import patcher_of
from automl.render.patch.patching import patch
from automl.render.typed import TypedTemplate
from automl.space.space import Params
from automl.study.spec import StudySpec
from automl.study.tasks.config_file import ConfigFile


@dataclass(frozen=True, slots=True)
class Applied:
    """A config file with other values.

    Attributes:
        path: the file, links resolved.
        before: its text.
        after: its text with the values.
        left: paths whose values the study sets, but not by parameters alone: they stay.
        is_base: whether trials of the study are made from the file.
    """

    path: Path
    before: str
    after: str
    left: Sequence[str]
    is_base: bool

    def write(self) -> None:
        """Write the file.

        Raises:
            AutomlError: it has changed since it was read, or cannot be written.
        """
        part = self.path.with_name(f"{self.path.name}.automl-part")
        try:
            if self.path.read_bytes() != self.before.encode():
                raise AutomlError(f"{self.path} has changed meanwhile; nothing was written")
            part.write_bytes(self.after.encode())
            part.chmod(self.path.stat().st_mode & 0o7777)
            part.replace(self.path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise AutomlError(f"{self.path} cannot be written: {error.strerror}") from error


def applied(spec: StudySpec, params: Params, file: str) -> Applied:
    """Return a config file with the values of a trial.

    The paths are those of the study's own `files`: of that with this base, or else of the only
    one. In a study without any, the names of the parameters are the paths.

    Args:
        spec: the study.
        params: the values.
        file: the path of the file.

    Raises:
        SpecError: it cannot be read or has no such path, or the study has paths for several files.
    """
    path = Path(os.path.realpath(os.path.expanduser(file)))  # noqa: PTH111 - as typed
    try:
        before = path.read_bytes().decode()
    except OSError as error:
        raise SpecError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SpecError(f"{file} is no UTF-8 text (byte {error.start})") from error
    described, is_base = _described(spec, path, file)
    asked = described.set if described else {name: _placeholder(name) for name in params}
    changes, left = _changes(spec, params, asked or {})
    try:
        patcher = patcher_of(str(path), described.format if described else None)
        after = patch(patcher, before, changes, create=bool(described and described.create))
    except SpecError as error:
        raise SpecError(f"{file}: {error}") from error
    return Applied(path, before, after, left, is_base)


def _described(spec: StudySpec, path: Path, shown: str) -> tuple[ConfigFile | None, bool]:
    """Return which of the study's files has the paths for this one; whether it is the very file."""
    files = [one for task in spec.tasks for one in task.files if one.set]
    same = [one for one in files if _base(one, spec.cwd) == path]
    found = same or files
    if len(found) > 1:
        bases = ", ".join(one.base for one in found)
        raise SpecError(
            f"the study has paths for several files, {bases}; give one of these, not {shown}"
        )
    return (found[0] if found else None), bool(same)


def _base(file: ConfigFile, cwd: str) -> Path:
    return Path(os.path.realpath(Path(cwd, os.path.expanduser(file.base))))  # noqa: PTH111 - as typed


def _placeholder(name: str) -> str:
    return f"{{{{ {PARAM_PREFIX.removesuffix('.')}[{name!r}] }}}}"


def _changes(
    spec: StudySpec, params: Params, asked: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Return the values by path, and the paths whose values are not of parameters alone."""
    context = TemplateContext(0, params, "", 0, spec.name, "")
    changes: dict[str, Any] = {}
    left: list[str] = []
    files = [one.name for task in spec.tasks for one in task.files]
    for path, value in asked.items():
        template = TypedTemplate(value, where=path)
        check_placeholders(template.templates, spec.space.names, files)
        names = set(_names(template))
        if not names or any(not one.startswith(PARAM_PREFIX) for one in names):
            left.append(path)
        elif all(one.removeprefix(PARAM_PREFIX) in params for one in names):
            changes[path] = template.value(context)
    return changes, left


def _names(template: TypedTemplate) -> Iterator[str]:
    for one in template.templates:
        yield from one.placeholders()
