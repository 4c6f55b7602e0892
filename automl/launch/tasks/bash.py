"""The task that runs one command, as the user gave it."""

from automl.launch.tasks.kind import TaskKind
from automl.study.tasks.task import BashTask

BASH_TASK = TaskKind(BashTask)
