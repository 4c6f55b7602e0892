"""The config files of a study, filled in for one trial."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from automl.errors import RenderError, SpecError
from automl.launch.base_files import read_base
from automl.launch.written.destinations import Destinations
from automl.launch.written.written_file import WrittenFile
from automl.render.context import PARAM_PREFIX
from automl.render.patch.formats import patcher_of
from automl.render.patch.patcher import Patcher
from automl.render.patch.patching import patch
from automl.render.template import Template, TemplateContext
from automl.render.typed import TypedTemplate
from automl.study.spec import StudySpec
from automl.study.tasks.config_file import ConfigFile

_OURS = re.compile(r"(?:\{\{|<<)\s*(?:trial|study)\.[^}>\n]*(?:\}\}|>>)")
"""A placeholder of ours in a file; other programs have such braces, too."""


class ConfigFiles:
    """The files of all tasks, as templates.

    Args:
        spec: the study.

    Attributes:
        templates: all texts with placeholders in them.
        names: those of all files, as in `trial.file.<name>`.

    Raises:
        SpecError: a base cannot be read or is not of its format, it has no such path, two files
            have one name, or a template is malformed.
        StorageError: a base cannot be read now.
    """

    def __init__(self, spec: StudySpec) -> None:
        places = {
            f"task_list[{number}].files[{place}]": file
            for number, task in enumerate(spec.tasks)
            for place, file in enumerate(task.files)
        }
        self.names = [file.name for file in places.values()]
        if len(set(self.names)) < len(places):
            names = self.names
            twice = next(name for name in names if names.count(name) > 1)
            raise SpecError(f"files: two have the name {twice!r}; give one another `name`")
        self._destinations = Destinations(places, spec)
        self._files = [_placed(file, spec.cwd, place) for place, file in places.items()]
        filled = [one for file in self._files for one in file.templates]
        self.templates = [*filled, *self._destinations.templates]
        self.check = self._destinations.check
        self.paths = self._destinations.paths

    def filled(self, context: TemplateContext) -> list[WrittenFile]:
        """Return the files of one trial.

        Raises:
            RenderError: one cannot be filled in.
        """
        return [
            WrittenFile(
                self._destinations.path(file.name, context), file.text(context), file.private
            )
            for file in self._files
        ]


class _Patched:
    """A file of which some values are changed."""

    def __init__(self, file: ConfigFile, base: str, patcher: Patcher, *, private: bool) -> None:
        self.name = file.name
        self.private = private
        self._base = base
        self._patcher = patcher
        self._where = f"file {file.name!r}"
        self._create = file.create
        self._values = {
            path: TypedTemplate(value, where=f"{self._where}: {path}")
            for path, value in (file.set or {}).items()
        }
        self.templates = [one for value in self._values.values() for one in value.templates]

    def check(self, shown: str) -> None:
        """Raise SpecError unless the base is of the format and has all the paths."""
        try:
            patched = self._patched(dict.fromkeys(self._values, 0))
        except SpecError as error:
            place = next(filter(self._cannot_set, self._values), "")
            place = f"set.{place}" if place.isidentifier() else f"set[{place!r}]"
            raise SpecError(f"{self._where}: {shown}: {error}", place=place) from error
        if (found := _OURS.search(patched)) is not None:
            line = patched.count("\n", 0, found.start()) + 1
            raise SpecError(
                f"{self._where}: {shown}: line {line} has the placeholder {found[0]!r}, which is "
                "filled in only where no paths are given; set that value by its path too, or give "
                "no paths"
            )

    def _cannot_set(self, path: str) -> bool:
        try:
            self._patched({path: 0})
        except SpecError:
            return True
        return False

    def _patched(self, changes: Mapping[str, Any]) -> str:
        return patch(self._patcher, self._base, changes, create=self._create)

    def text(self, context: TemplateContext) -> str:
        changes = {}
        for path, value in self._values.items():
            try:
                changes[path] = value.value(context)
            except RenderError:
                # What needs a parameter that is off leaves the base's own value.
                if not _off(value.templates, context):
                    raise
        try:
            return self._patched(changes)
        except SpecError as error:
            raise RenderError(f"trial {context.trial_id}: {self._where}: {error}") from error


class _Template:
    """A file that has placeholders itself."""

    def __init__(self, file: ConfigFile, base: str, *, private: bool) -> None:
        self.name = file.name
        self.private = private
        where = f"file {file.name!r}: {file.base}"
        self.templates: Sequence[Template] = [Template(base, where=where)]

    def text(self, context: TemplateContext) -> str:
        return self.templates[0].render(context)


def _placed(file: ConfigFile, cwd: str, place: str) -> "_Patched | _Template":
    """Return a file; an error names its place in the description."""
    try:
        return _file(file, cwd)
    except SpecError as error:
        error.place = f"{place}.{error.place or 'base'}"
        raise


def _file(file: ConfigFile, cwd: str) -> _Patched | _Template:
    found = read_base(file, cwd)
    private = found.private
    try:
        base = found.content.decode()
    except UnicodeDecodeError as error:
        raise SpecError(
            f"file {file.name!r}: {file.base} is no UTF-8 text (byte {error.start}); "
            "save it as such"
        ) from error
    if file.set is None:
        return _Template(file, base, private=private)
    try:
        patcher = patcher_of(file.base, file.format)
    except SpecError as error:
        raise SpecError(f"file {file.name!r}: {file.base}: {error}") from error
    patched = _Patched(file, base, patcher, private=private)
    patched.check(file.base)
    return patched


def _off(templates: Sequence[Template], context: TemplateContext) -> bool:
    """Tell whether a value names a parameter that a trial does not have."""
    names = {name for one in templates for name in one.placeholders()}
    needed = {name.removeprefix(PARAM_PREFIX) for name in names if name.startswith(PARAM_PREFIX)}
    return not needed <= context.params.keys()
