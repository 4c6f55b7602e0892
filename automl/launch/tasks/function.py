"""The task that calls a Python function."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from automl.errors import SpecError
from automl.inside.calling.words import Call, Target, command_of
from automl.launch.tasks.filled import Filled
from automl.launch.tasks.kind import TaskKind
from automl.readers.reported.reader import ReportReader
from automl.render.context import (
    BUDGET,
    CHECKPOINT_DIR,
    PREVIOUS_BUDGET,
    PYTHON,
    SEED,
    TRIAL_DIR,
)
from automl.render.template import Template, TemplateContext
from automl.study.spec import StudySpec
from automl.study.tasks.config_file import ConfigFile
from automl.study.tasks.reader import Reader
from automl.study.tasks.task import check_readers, described_readers, readers_of

_FOLDERS = {BUDGET, PREVIOUS_BUDGET, CHECKPOINT_DIR}
"""What a function is given of a study whose trials go on from what they left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionTask:
    """A Python function, called with the trial in a process of its own.

    Args:
        function: `module:name`, or `path/to/script.py:name` from the working directory.
        metric_reader: what reads the numbers that it returns and reports, in this order; one
            number called `value` if not given.
        pickled: the path of a file that holds it, where it cannot be imported.
        path: folders where modules are looked for besides.
        arguments: what `sys.argv` has behind the script's name.
    """

    is_function: ClassVar[bool] = True

    function: str
    metric_reader: Reader | tuple[Reader, ...] | None = None
    pickled: str = ""
    path: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        named = self.function if isinstance(self.function, str) else ""
        place, _, name = named.rpartition(":")
        if not name or not (place or self.pickled) or "\0" in named:
            raise SpecError(
                f"function must be 'module:name' or 'path/to/script.py:name', got {self.function!r}"
            )
        for option in ("path", "arguments"):
            given = getattr(self, option)
            if not isinstance(given, list | tuple) or not all(isinstance(x, str) for x in given):
                raise SpecError(f"function: {option} must be a list of texts, got {given!r}")
            object.__setattr__(self, option, tuple(given))
        if isinstance(self.metric_reader, list):
            object.__setattr__(self, "metric_reader", tuple(self.metric_reader))
        check_readers(self.readers)

    @property
    def place(self) -> str:
        """The module, or the path of the script, that has the function."""
        return self.function.rpartition(":")[0]

    @property
    def target(self) -> Target:
        """The function, and how it is found; paths are from the working directory."""
        script = self.place if self.place.endswith(".py") else ""
        return Target(
            function=self.function.rpartition(":")[2],
            script=script,
            module="" if script or self.pickled else self.place,
            pickled=self.pickled,
            path=self.path,
            arguments=self.arguments,
        )

    @property
    def sources(self) -> tuple[str, ...]:
        """The file with the source of one that cannot be imported, where that is known."""
        if not self.pickled:
            return ()
        name = re.sub(r"\W+", "-", self.target.function).strip("-")
        return (str(Path(self.pickled).with_name(f"{name}.py")),)

    @property
    def cmd(self) -> tuple[str, ...]:
        """The command, without what differs between trials."""
        return command_of(f"{{{{ {PYTHON} }}}}", self.target.words())

    @property
    def cleanup(self) -> None:
        """A function has none."""

    @property
    def files(self) -> tuple[ConfigFile, ...]:
        """A function has none."""
        return ()

    @property
    def readers(self) -> tuple[Reader, ...]:
        """What reads the numbers that it gives."""
        return readers_of(self.metric_reader) or (ReportReader(),)

    def describe(self) -> dict[str, Any]:
        """Return what may not change while a study goes on: which function it is."""
        return {
            "type": type(self).__name__,
            "function": self.function,
            "metric_reader": described_readers(self.metric_reader),
        }


class FunctionTemplates:
    """The call of a function, filled in for one trial.

    Args:
        task: the function.
        where: what messages call the task.

    Attributes:
        templates: what names the placeholders that every function is given.
        takes: what a function is given besides, in a study that has it.
    """

    takes = frozenset({SEED, *_FOLDERS})

    def __init__(self, task: FunctionTask, where: str) -> None:
        self.templates: Sequence[Template] = [
            Template(f"{{{{ {TRIAL_DIR} }}}}", where=f"{where}: the function's folder")
        ]
        self._target = task.target
        self._values = tuple(one.metric for one in task.readers)

    def filled(self, context: TemplateContext) -> Filled:
        """Return the command that calls it for one trial."""
        own = f"{context.trial_dir}/checkpoint"
        call = Call(
            target=self._target,
            folder=context.trial_dir,
            trial=context.trial_id,
            seed=context.seed,
            values=self._values,
            budget=context.budget,
            from_budget=context.previous_budget,
            # That of each trial by itself is known to it.
            checkpoint="" if context.checkpoint_dir == own else context.checkpoint_dir,
        )
        return Filled((command_of(context.python, call.words()),), call)


FUNCTION_TASK = TaskKind(FunctionTask, FunctionTemplates)


def given_besides(spec: StudySpec, templates: Sequence[object]) -> set[str]:
    """Return what tasks are given in a study without a placeholder for it."""
    taken = {name for one in templates for name in getattr(one, "takes", ())}
    continues = spec.budget is not None or spec.trains_population
    return taken if continues else taken - _FOLDERS
