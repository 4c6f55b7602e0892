"""`task.create`: the commands of a trial."""

from typing import Any

from automl.registry import Registry
from automl.study.task import BashTask

TASKS: Registry[BashTask] = Registry("task", {"BashTask": BashTask})


def create(type: str, **options: Any) -> BashTask:  # noqa: A002, ANN401 - the script's words
    """Return one command of a trial.

    Args:
        type: `BashTask`: `cmd` as a list of words or one shell line, and a `metric_reader`.
        **options: as the type has them.

    Raises:
        SpecError: the type or an option is unknown, or the command is empty.
    """
    return TASKS.create(type, options)
