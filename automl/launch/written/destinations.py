"""Where the config files of trials are written, if not in their trial's folder."""

import os
from collections.abc import Mapping

from automl.errors import RenderError, SpecError
from automl.launch.written.written_file import FOLDER, check_place, place_of
from automl.render.context import FILE_PREFIX
from automl.render.template import Template, TemplateContext
from automl.study.spec import StudySpec
from automl.study.tasks.config_file import ConfigFile


class Destinations:
    """The paths of the config files of trials.

    Args:
        places: all files, by their places in the description of the study.
        spec: the study.

    Attributes:
        templates: the texts with placeholders in them.

    Raises:
        SpecError: a text is no template.
    """

    def __init__(self, places: Mapping[str, ConfigFile], spec: StudySpec) -> None:
        self._spec = spec
        self._files = {one.name: one for one in places.values()}
        self._places = {one.name: place for place, one in places.items()}
        self._templates = {
            one.name: Template(one.dest, where=f"file {one.name!r}: dest")
            for one in places.values()
            if one.dest is not None
        }
        self.templates = list(self._templates.values())

    def check(self) -> None:
        """Refuse a place that several trials would share; the templates know all parameters.

        Raises:
            SpecError: there is one, or one that is told by where a file is.
        """
        for name, template in self._templates.items():
            place = f"{self._places[name]}.dest"
            used = template.placeholders()
            if any(one.startswith(FILE_PREFIX) for one in used):
                told = f"{template.where}: {template.shown} names a file; name a path"
                raise SpecError(told, place=place)
            check_place(self._spec, template, place)

    def paths(self, context: TemplateContext) -> Mapping[str, str]:
        """Return where the files of a trial are, by name."""
        found = {}
        for name in self._files:
            try:
                found[name] = self.path(name, context)
            except RenderError:
                # Whoever writes the file is told of it.
                found[name] = self._usual(name, context)
        return found

    def path(self, name: str, context: TemplateContext) -> str:
        """Return where one file of a trial is.

        Raises:
            RenderError: its place cannot be filled in, or is that of its base, or of what automl
                writes itself.
        """
        template = self._templates.get(name)
        if template is None:
            return self._usual(name, context)
        path = place_of(template, context)
        base = os.path.join(self._spec.cwd, os.path.expanduser(self._files[name].base))  # noqa: PTH111, PTH118
        if os.path.realpath(path) == os.path.realpath(base):
            raise RenderError(
                f"trial {context.trial_id}: {template.where}: {path} is the base itself, which is "
                "only read; give it another name"
            )
        return path

    def _usual(self, name: str, context: TemplateContext) -> str:
        return f"{context.trial_dir}/{FOLDER}/{self._files[name].file_name}"
