"""All files that are written for the commands of a trial before they begin."""

from collections.abc import Collection, Mapping

from automl.launch.config_files import ConfigFiles, WrittenFile
from automl.launch.written.params_files import ParamsFiles
from automl.render.template import TemplateContext
from automl.study.spec import StudySpec

__all__ = ["WrittenFile", "WrittenFiles"]


class WrittenFiles:
    """The config files of a study, and the files of its trials' values.

    Args:
        spec: the study.

    Attributes:
        templates: all texts with placeholders in them.
        names: what `trial.file.<name>` stands for, each with the file's name.

    Raises:
        SpecError: as for `ConfigFiles`.
        StorageError: a base cannot be read now.
    """

    def __init__(self, spec: StudySpec) -> None:
        self._space = spec.space
        self._config = ConfigFiles(spec)
        self._params = ParamsFiles((), spec.space)
        self.templates = self._config.templates
        self.names: Mapping[str, str] = self._config.names

    def know(self, used: Collection[str]) -> None:
        """Take in which placeholders the templates of the study use, before any is filled in."""
        self._params = ParamsFiles(used, self._space)

    def paths(self, trial_dir: str) -> dict[str, str]:
        """Return where the config files of a trial are, by name."""
        return self._config.paths(trial_dir)

    def filled(self, context: TemplateContext) -> list[WrittenFile]:
        """Return the files of one trial.

        Raises:
            RenderError: one cannot be filled in.
        """
        return [*self._params.filled(context), *self._config.filled(context)]
