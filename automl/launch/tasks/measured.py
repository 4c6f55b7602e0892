"""A command of which is measured what it takes."""

import json
from collections.abc import Sequence
from pathlib import Path

from automl.errors import SpecError
from automl.inside import measured
from automl.readers.run.reader import RunReader
from automl.render.footprint import at_home
from automl.render.template import Template, TemplateContext
from automl.study.launch import SHELL
from automl.study.tasks.reader import Reader
from automl.study.tasks.task import Command

_PROGRAM = str(Path(measured.__file__).resolve())


class Measuring:
    """Puts what measures a command before it, where its task has readers that ask for it.

    Args:
        readers: those of the task.
        where: what messages call the task.

    Attributes:
        paths: the templates of the paths whose sizes are asked for.
    """

    def __init__(self, readers: Sequence[Reader], where: str) -> None:
        self._asked = [one for one in readers if isinstance(one, RunReader)]
        self._paths = [
            Template(one.path, where=f"{where}: path of the reader of {one.metric!r}")
            if one.path
            else None
            for one in self._asked
        ]
        self._into = Template(self._asked[0].location, where=where) if self._asked else None
        self.paths = [one for one in self._paths if one]

    def measured(self, command: Command, context: TemplateContext) -> Command:
        """Return a command that runs this one, and tells what it took if that is asked for.

        Raises:
            RenderError: a path cannot be filled in.
        """
        if not self._into:
            return command
        numbers = [
            (one.metric, one.measure, at_home(one.path, path.render(context)) if path else "")
            for one, path in zip(self._asked, self._paths, strict=True)
        ]
        asked = json.dumps({"into": self._into.render(context), "numbers": numbers})
        words = (SHELL, "-c", command) if isinstance(command, str) else command
        return (context.python, "-I", "-S", _PROGRAM, asked, *words)


def check_measurable(readers: Sequence[Reader], where: str) -> None:
    """Refuse readers of what a command takes, for a task that is no plain command.

    Raises:
        SpecError: there is one.
    """
    if any(isinstance(one, RunReader) for one in readers):
        raise SpecError(f"{where}: type={RunReader.type!r} measures the command of a BashTask only")
