"""All files that are written for the commands of a trial before they begin."""

from collections.abc import Collection, Mapping

from automl.launch.config_files import ConfigFiles
from automl.launch.tasks.commands import Commands
from automl.launch.written.params_files import ParamsFiles
from automl.launch.written.workspaces import Workspaces
from automl.launch.written.written_file import WrittenFile, check_place
from automl.render.template import TemplateContext
from automl.study.spec import StudySpec

__all__ = ["WrittenFile", "WrittenFiles"]


class WrittenFiles:
    """The config files of a study, those of its tasks, and the files of its trials' values.

    Args:
        spec: the study.
        commands: what its tasks run, and write themselves.

    Attributes:
        templates: all texts with placeholders in them.
        names: those of the config files, as in `trial.file.<name>`.
        workspaces: the folders where the commands run.

    Raises:
        SpecError: as for `ConfigFiles`.
        StorageError: a base cannot be read now.
    """

    def __init__(self, spec: StudySpec, commands: Commands) -> None:
        self._spec = spec
        self._commands = commands
        self._config = ConfigFiles(spec)
        self.workspaces = Workspaces(spec)
        self._params = ParamsFiles((), spec.space)
        self.templates = [*self._config.templates, *self.workspaces.templates]
        self.names = self._config.names

    def know(self, used: Collection[str]) -> None:
        """Take in which placeholders the templates of the study use, before any is filled in.

        Raises:
            SpecError: several trials would share a file.
        """
        self.workspaces.check()
        self._config.check()
        for template in self._commands.places:
            check_place(self._spec, template, "task_list")
        self._params = ParamsFiles(used, self._spec.space)

    def paths(self, context: TemplateContext) -> Mapping[str, str]:
        """Return where the config files of a trial are, by name."""
        return self._config.paths(context)

    def filled(self, context: TemplateContext) -> list[WrittenFile]:
        """Return the files of one trial.

        Raises:
            RenderError: one cannot be filled in.
        """
        own = [*self._params.filled(context), *self._commands.files(context)]
        return [*own, *self._config.filled(context)]
