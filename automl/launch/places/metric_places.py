"""The files in which the metrics of a study's trials appear."""

import glob
import os
from collections.abc import Mapping
from dataclasses import replace

from automl.errors import RenderError, SpecError
from automl.journal.folder import TrialFolder
from automl.launch.template_checks import are_apart, is_own
from automl.readers.patterns.files import without_escapes
from automl.render.context import TemplateContext
from automl.render.footprint import at_home
from automl.render.template import Template
from automl.study.spec import StudySpec
from automl.study.tasks.location import is_pattern, is_standing, location_of
from automl.study.tasks.remote import check_remote, copy_place, is_remote
from automl.study.tasks.task import metrics_read


class MetricPlaces:
    """Where each metric of a trial is read.

    Args:
        spec: the study.
        environ: the controller's environment.

    Attributes:
        templates: all locations.
        own: those of what is of one launch, by metric.
        patterns: the metrics whose locations are patterns.
        remote: the metrics whose locations are URLs.
        shared: those of patterns whose files other trials may write, too.
        standing: the metrics in what is of many launches, and tells itself of which.
        open: those of them where not only one trial can write.

    Raises:
        SpecError: a location is malformed.
    """

    def __init__(self, spec: StudySpec, environ: Mapping[str, str]) -> None:
        self._spec = spec
        readers = {name: spec.reader_of(name) for name in metrics_read(spec.objectives, spec.tasks)}
        given = {**environ, **spec.env}
        self._locations = {
            name: Template(location_of(one, given), where="reader: location")
            for name, one in readers.items()
        }
        self.templates = list(self._locations.values())
        self.standing = {name for name, one in readers.items() if is_standing(one)}
        self.own = {one: each for one, each in self._locations.items() if one not in self.standing}
        self.patterns = {one for one, each in self.own.items() if is_pattern(each.text)}
        self.remote = {one for one, each in self.own.items() if is_remote(each.text)}
        self.shared: set[str] = set()
        self.open: set[str] = set()

    def know(self) -> None:
        """Take in that the placeholders of all templates are known."""
        self.open = {one for one in self.standing if not is_own(self._spec, self._locations[one])}
        self.shared = {one for one in self.patterns if not are_apart(self._spec, self.own[one])}

    def paths(self, context: TemplateContext) -> dict[str, str]:
        """Return the absolute path of the file in which each metric of one trial appears.

        Of a pattern, it is a pattern, in which values stand for themselves, whatever they hold. Of
        a URL, it is where the copy is.

        Raises:
            RenderError: a location cannot be filled in.
        """
        plain = _plain(context) if self.patterns else context
        paths = {
            name: os.path.join(  # noqa: PTH118 - hot
                context.cwd,
                at_home(
                    location.text, location.render(plain if name in self.patterns else context)
                ),
            )
            for name, location in self._locations.items()
            if name not in self.remote
        }
        if not self.remote:
            return paths
        folder, objects = TrialFolder(context.trial_dir), self.objects(context)
        copies = {name: f"{folder.metric}/{copy_place(url)}" for name, url in objects.items()}
        return {name: paths.get(name) or copies[name] for name in self._locations}

    def objects(self, context: TemplateContext) -> dict[str, str]:
        """Return the URL of the file of each metric of one trial that is on another machine.

        Raises:
            RenderError: one cannot be filled in, or values made of it what cannot be taken.
        """
        urls = {
            name: location.render(context)
            for name, location in self._locations.items()
            if name in self.remote
        }
        for url in urls.values():
            try:
                check_remote(url)
            except SpecError as error:
                raise RenderError(f"trial {context.trial_id}: {error}") from error
        return urls

    def own_paths(self, context: TemplateContext) -> dict[str, str]:
        """Return the paths, without files and folders that are of many launches."""
        return {
            name: path for name, path in self.paths(context).items() if name not in self.standing
        }

    def written(self, context: TemplateContext) -> list[str]:
        """Return the files of one launch; what is there under the very name of a pattern, too."""
        paths = self.own_paths(context)
        literal = [without_escapes(paths.pop(name)) for name in self.patterns]
        return [*paths.values(), *filter(os.path.lexists, literal)]


def _plain(context: TemplateContext) -> TemplateContext:
    """Return values of which no character means anything in a pattern."""
    params = {
        name: glob.escape(value) if isinstance(value, str) else value
        for name, value in context.params.items()
    }
    return replace(context, params=params, study_name=glob.escape(context.study_name))
