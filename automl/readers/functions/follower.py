"""Reads what a user's function finds, once the trial has ended."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from automl.errors import ReadError
from automl.readers.follower import NO_NEWS, Look
from automl.readers.functions.process import Answer, FunctionProcess
from automl.readers.patterns.told import Numbers, news
from automl.readers.whole.follower import state_of

WAIT_S = 0.2
"""So long a look waits for the function, as others wait for their turn."""

_MARGIN_S = 5.0
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What is called.

    Attributes:
        function: `module:name` or `path/to/file.py:name`.
        arguments: what it is called with.
        cwd: the working directory of its process.
        timeout_s: the seconds that it may take.
        every_s: while the trial runs, it is called again so many seconds later; 0: never.
        metric: what a number is called that it gives without a name.
        path: the file whose other content lets it be called once more.
    """

    function: str
    arguments: Sequence[str]
    cwd: str
    timeout_s: float
    every_s: float
    metric: str
    path: str


class FunctionFollower:
    """Calls the function.

    Args:
        called: what is called.

    Attributes:
        patience_s: so many seconds a look may take by itself.
    """

    def __init__(self, called: Called) -> None:
        self._called = called
        self._process: FunctionProcess | None = None
        self._of_end = False
        self._next_s = -math.inf
        self._state: object = None
        self._reason = ""
        self._odd: float | None = None
        self._shown: dict[str, Numbers] = {}
        self.patience_s = called.timeout_s + _MARGIN_S

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return the numbers that are new; nothing as long as the function is not asked.

        Raises:
            ReadError: no process can be started now.
        """
        del limit_bytes
        if self._process is None and not self._begins(ended=ended):
            return NO_NEWS
        if self._process is None:
            self._begin(ended=ended)
        assert self._process is not None  # noqa: S101 - for the type checker
        answer = self._process.answer(WAIT_S)
        if answer is None:
            return Look(pending=True)
        self._process = None
        self._next_s = time.monotonic() + self._called.every_s
        look = self._taken(answer)
        if self._of_end or not ended:
            return look
        # It was begun before the end, after which there may be more.
        return replace(look, more=True)

    def problem(self) -> str:
        """Return why there is no usable number."""
        function = f"function {self._called.function!r}"
        if self._reason:
            return f"{function}: {self._reason}"
        if self._odd is not None:
            return f"{function} gave {self._odd}"
        if not self._shown:
            return f"{function} was not called, as the trial did not come to its end"
        names = ", ".join(map(repr, list(self._shown)[:_SHOWN]))
        return f"{function} gave {names}, and not {self._called.metric!r}"

    def close(self) -> None:
        """End a call that goes on."""
        if self._process:
            self._process.end()
            self._process = None

    def _begins(self, *, ended: bool) -> bool:
        if not ended:
            return self._called.every_s > 0 and time.monotonic() >= self._next_s
        state = _state(self._called.path)
        if self._of_end and state == self._state:
            return False
        self._state = state
        return True

    def _begin(self, *, ended: bool) -> None:
        called = self._called
        try:
            self._process = FunctionProcess(
                called.function, called.arguments, called.cwd, called.timeout_s
            )
        except OSError as error:
            refused = ReadError(f"function {called.function!r} cannot be called: {error}")
            refused.errno = error.errno
            raise refused from error
        self._of_end = ended

    def _taken(self, answer: Answer) -> Look:
        self._reason = answer.reason
        curves = {name or self._called.metric: curve for name, curve in answer.curves.items()}
        own = curves.get(self._called.metric, ())
        self._odd = next((value for _, value in own if not math.isfinite(value)), None)
        if answer.reason and self._shown and self._of_end:
            return Look(left_out=self.problem())
        found = news(self._shown, [{name: _numbers(curve) for name, curve in curves.items()}])
        return Look(found) if found else NO_NEWS


def _numbers(curve: Sequence[tuple[float | None, float]]) -> Numbers:
    steps = [math.nan if step is None else step for step, _ in curve]
    return Numbers([value for _, value in curve], steps, not all(map(math.isnan, steps)))


def _state(path: str) -> object:
    try:
        return state_of(path)
    except (OSError, ValueError) as error:
        return str(error)
