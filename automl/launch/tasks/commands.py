"""The commands of a study, filled in for one trial."""

from collections.abc import Iterator

from automl.launch.tasks.command import CommandTemplates
from automl.launch.tasks.filled import Filled, TaskTemplates
from automl.launch.tasks.function import given_besides
from automl.launch.tasks.kinds import templates_of
from automl.launch.tasks.measured import check_measurable
from automl.launch.written.written_file import WrittenFile
from automl.render.lone import Lone
from automl.render.template import Template, TemplateContext
from automl.study.spec import StudySpec
from automl.study.tasks.task import Command, Task


class Commands:
    """The commands of all tasks as templates.

    Args:
        spec: the study.
        cleanup: take the cleanups of the tasks in place of what they run.

    Attributes:
        templates: all of them.
        measured: those of the paths of which commands are asked how large they are.
        places: those of the paths of files that the tasks write.
        given: placeholders whose values tasks are given without naming them.

    Raises:
        SpecError: a template is malformed, or a task is of no registered kind.
    """

    def __init__(self, spec: StudySpec, *, cleanup: bool = False) -> None:
        tasks = [(f"task {number}", task) for number, task in enumerate(spec.tasks, 1)]
        self._tasks = (
            [
                CommandTemplates(task.cleanup, where, what="cleanup")
                for where, task in tasks
                if task.cleanup is not None
            ]
            if cleanup
            else [_measurable(templates_of(task, where), task, where) for where, task in tasks]
        )
        self.templates = [one for task in self._tasks for one in task.templates]
        commands = [one for one in self._tasks if isinstance(one, CommandTemplates)]
        self.measured = [path for command in commands for path in command.measured]
        self.places = [one for task in self._tasks for one in getattr(task, "places", ())]
        self.given = given_besides(spec, self._tasks)

    @property
    def lone(self) -> Iterator[tuple[Template, Lone]]:
        """The parameters that are a word by themselves, each with the template that it is in.

        Only those of plain commands: what other kinds of task make of their templates is theirs.
        """
        for task in self._tasks:
            if isinstance(task, CommandTemplates):
                yield from task.lone

    def filled(self, context: TemplateContext) -> Filled:
        """Return the commands of all tasks, each as words or as a shell line.

        Raises:
            RenderError: a template cannot be filled in.
        """
        if len(self._tasks) == 1:
            return self._tasks[0].filled(context)
        return Filled(tuple(one for task in self._tasks for one in task.filled(context).commands))

    def files(self, context: TemplateContext) -> list[WrittenFile]:
        """Return the files that the tasks write before any command begins.

        Raises:
            RenderError: a template cannot be filled in.
        """
        if not self.places:
            return []
        return [file for task in self._tasks for file in task.filled(context).files]

    def shown(self, context: TemplateContext) -> list[Command]:
        """Return the same as people are shown them: nothing measures what they take.

        Raises:
            RenderError: a template cannot be filled in.
        """
        return [
            command
            for task in self._tasks
            for command in (
                task.shown(context) if isinstance(task, CommandTemplates) else task.filled(context)
            ).commands
        ]


def _measurable(templates: TaskTemplates, task: Task, where: str) -> TaskTemplates:
    """Return the templates of a task; refuse it if it is asked what it takes and cannot tell."""
    if not isinstance(templates, CommandTemplates):
        check_measurable(task.readers, where)
    return templates
