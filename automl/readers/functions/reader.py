"""The reader by a function: `reader.create(type="function_reader", function="score.py:score")`."""

import os
from dataclasses import dataclass
from typing import ClassVar

from automl.errors import SpecError
from automl.readers.functions.follower import Called, FunctionFollower
from automl.readers.patterns.launched import ANY, Launched
from automl.space.numbers import is_finite
from automl.study.objective import METRIC
from automl.study.tasks.location import is_pattern

OF_FOLDER = "{{ trial.dir }}/stdout.log"
"""The location without one: a file that each trial has, and the function is not told of."""

_LONGEST_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionReader:
    """What a function of yours finds in a trial's folder, called once the trial has ended.

    Args:
        function: `module:name` or `path/to/file.py:name`, from the working directory.
        location: a file that it is told of besides, with placeholders; none, if not given.
        timeout: the seconds that one call may take.
        every: while the trial runs, call it so many seconds after the last call; 0: only at the
            end.
        metric: what a number is called that it gives without a name.
    """

    type: ClassVar[str] = "function_reader"
    cure: ClassVar[str] = "correct the function of its reader"
    of_folder: ClassVar[bool] = True

    function: str
    location: str = OF_FOLDER
    timeout: float = 60.0
    every: float = 0.0
    metric: str = METRIC

    def __post_init__(self) -> None:
        named = self.function if isinstance(self.function, str) else ""
        place, _, name = named.rpartition(":")
        if not all(map(str.isidentifier, name.split("."))) or not place or "\0" in named:
            raise SpecError(
                "reader: function must be 'module:name' or 'path/to/file.py:name', got "
                f"{self.function!r}"
            )
        if isinstance(self.location, str) and is_pattern(self.location):
            raise SpecError(
                f"reader: location {self.location!r} of function_reader must be one file, without "
                "'*'; the function has the trial's folder, and can look for files itself"
            )
        for field, least in (("timeout", "more than 0"), ("every", "0 or more")):
            value = getattr(self, field)
            if (
                not is_finite(value)
                or not 0 <= value <= _LONGEST_S
                or (value, field) == (0, "timeout")
            ):
                raise SpecError(f"reader: {field} must be {least} seconds, got {value!r}")

    def follow(self, path: str, launched: Launched = ANY) -> FunctionFollower:
        """Return what calls the function.

        Args:
            path: the file that the location became.
            launched: the launch whose numbers it is to find.
        """
        folder = launched.folder or os.path.dirname(path)  # noqa: PTH120 - as text
        called = Called(
            function=self.function,
            arguments=[folder] if self.location == OF_FOLDER else [folder, path],
            cwd=launched.cwd,
            timeout_s=self.timeout,
            every_s=self.every,
            metric=self.metric,
            path=path,
        )
        return FunctionFollower(called)
