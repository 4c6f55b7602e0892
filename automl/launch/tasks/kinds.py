"""All kinds of task by their names, those of installed packages too."""

from automl.errors import SpecError
from automl.launch.tasks.adapter import LOCAL_ADAPTER_TASK
from automl.launch.tasks.bash import BASH_TASK
from automl.launch.tasks.filled import TaskTemplates
from automl.launch.tasks.function import FUNCTION_TASK
from automl.launch.tasks.kind import TaskKind
from automl.registry import Registry
from automl.study.tasks.task import Task

TASKS: Registry[Task] = Registry(
    "task",
    {
        BASH_TASK.name: BASH_TASK,
        FUNCTION_TASK.name: FUNCTION_TASK,
        LOCAL_ADAPTER_TASK.name: LOCAL_ADAPTER_TASK,
    },
    group="automl.tasks",
    # As EasyRec and others write it.
    also={"localadaptertask": LOCAL_ADAPTER_TASK.name},
)
"""Each name stands for a `TaskKind`; a package adds one as an entry point, or by `TASKS.add`."""


def templates_of(task: Task, where: str) -> TaskTemplates:
    """Return the templates of a task.

    Args:
        task: what the user described.
        where: what messages call it.

    Raises:
        SpecError: a template is malformed, or no kind has tasks of this class.
    """
    name = type(task).__name__
    kind = TASKS.factory(name)
    if not isinstance(kind, TaskKind) or not isinstance(task, kind.description):
        raise SpecError(
            f"{where}: {name!r} is registered for other tasks than {type(task).__module__}."
            f"{name}; register a TaskKind of that class, under a name of its own"
        )
    return kind.templates(task, where)
