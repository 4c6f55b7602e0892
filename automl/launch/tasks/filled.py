"""What a task runs in one trial, and the contract of what fills it in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from automl.inside.calling.words import Call
from automl.launch.written.written_file import WrittenFile
from automl.render.template import Template, TemplateContext
from automl.study.tasks.task import Command


@dataclass(frozen=True, slots=True)
class Filled:
    """What a task runs in one trial.

    Args:
        commands: run in their order; the first that fails ends the trial.
        call: the call of a function, if its only command does that.
        files: written before any command of the trial begins.
    """

    commands: tuple[Command, ...] = ()
    call: Call | None = None
    files: tuple[WrittenFile, ...] = ()


class TaskTemplates(Protocol):
    """One task of a study: made once, before anything starts, and filled in for each trial."""

    @property
    def templates(self) -> Sequence[Template]:
        """All texts with placeholders, whose names are checked before anything starts."""
        ...

    def filled(self, context: TemplateContext) -> Filled:
        """Return what the task runs in one trial; the same for the same context.

        Raises:
            RenderError: a template cannot be filled in.
        """
        ...
