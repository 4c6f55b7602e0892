"""The commands of a study, filled in for one trial."""

from collections.abc import Iterator

from automl.launch.tasks.command import CommandTemplates
from automl.launch.tasks.function import given_besides
from automl.launch.tasks.kinds import templates_of
from automl.render.lone import Lone
from automl.render.template import Template, TemplateContext
from automl.study.spec import StudySpec
from automl.study.tasks.task import Command


class Commands:
    """The commands of all tasks as templates.

    Args:
        spec: the study.
        cleanup: take the cleanups of the tasks in place of what they run.

    Attributes:
        templates: all of them.
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
            else [templates_of(task, where) for where, task in tasks]
        )
        self.templates = [one for task in self._tasks for one in task.templates]
        self.given = given_besides(spec, self._tasks)

    @property
    def lone(self) -> Iterator[tuple[Template, Lone]]:
        """The parameters that are a word by themselves, each with the template that it is in.

        Only those of plain commands: what other kinds of task make of their templates is theirs.
        """
        for task in self._tasks:
            if isinstance(task, CommandTemplates):
                yield from task.lone

    def filled(self, context: TemplateContext) -> list[Command]:
        """Return the commands of all tasks, each as words or as a shell line.

        Raises:
            RenderError: a template cannot be filled in.
        """
        return [command for task in self._tasks for command in task.filled(context).commands]
