"""What a kind of task is: how it is described, and what a launch makes of it."""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError
from automl.launch.tasks.command import command_templates
from automl.launch.tasks.filled import TaskTemplates
from automl.study.tasks.task import Task

_MEMBERS = ("cmd", "cleanup", "files", "readers", "describe")
"""What a `Task` has."""


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A kind of task.

    To call it is to describe a task of this kind: `TaskKind(MakeTask)(target="train")`.

    Args:
        description: a frozen dataclass that is a `Task`; its fields are the options, which it
            checks when it is made. Its class name is the type by which users and journals name it.
        templates: makes the templates of a described task; the second argument names it in
            messages (`task 1`). If not given, the task runs its `cmd`.
    """

    description: type[Any]
    templates: Callable[[Any, str], TaskTemplates] = command_templates

    @property
    def name(self) -> str:
        """The type by which users and journals name it."""
        return self.description.__name__

    @property
    def __signature__(self) -> inspect.Signature:
        """The options, for whoever looks at it as at a function."""
        return inspect.signature(self.description)

    def __call__(self, **options: Any) -> Task:  # noqa: ANN401 - the description checks them
        """Return a described task.

        Raises:
            SpecError: the description refuses the options, or they cannot be kept in a journal.
        """
        task = self.description(**options)
        if not isinstance(task, Task):
            lacking = [name for name in _MEMBERS if not hasattr(task, name)]
            raise SpecError(
                f"task type {self.name!r}: its class {self.description.__module__}.{self.name} "
                f"lacks {', '.join(lacking)}, which every task has"
            )
        try:
            json.dumps(task.describe(), allow_nan=False)
        except (TypeError, ValueError) as error:
            raise SpecError(
                f"task type {self.name!r}: its options must be JSON values, to be kept with the "
                f"study ({error})"
            ) from error
        return task
