"""`task.create`: the commands of a trial."""

import os
from typing import Any, Literal, overload

from automl.brief_errors import ensure_brief_errors
from automl.launch.tasks.kinds import TASKS
from automl.study.tasks.task import BashTask, Task

__all__ = ["TASKS", "create"]

_COMMANDS = {"cmd", "cleanup"}


@overload
def create(type: Literal["BashTask"], **options: Any) -> BashTask: ...  # noqa: ANN401
@overload
def create(type: str, **options: Any) -> Task: ...  # noqa: ANN401


def create(type: str, **options: Any) -> Task:  # noqa: A002 - the script's words
    """Return one task of a trial.

    Args:
        type: `BashTask`: `cmd` as a list of words or one shell line, and a `metric_reader`; or a
            kind that an installed package adds.
        **options: as the type has them.

    Raises:
        SpecError: the type or an option is unknown, or the task refuses what it is given.
    """
    ensure_brief_errors()
    # A text would be a line for the shell, where a path is one word.
    words = {name: [value] for name, value in options.items() if isinstance(value, os.PathLike)}
    return TASKS.create(type, options | {one: words[one] for one in _COMMANDS & words.keys()})
