"""How much of a source is read: enough for any program, and never without end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

_STEPS = 200_000
_AFTER_PARSING = 15_000
_OF_A_MODULE = 15_000
_SECONDS = 8.0
_LOOK_AT_CLOCK = 256


class Exhausted(Exception):  # noqa: N818 - no error: what was found until then counts
    """What may be spent is spent."""


class Budget:
    """Counts the steps of an evaluation, and ends it.

    A call gets half of what is left, and a module that is imported a part of its own, so that one
    which does much does not keep the rest of the program from being read.

    Args:
        steps: how many nodes of the source are looked at.
        seconds: a bound of time for a slow machine; steps end an evaluation before.
    """

    def __init__(self, steps: int = _STEPS, seconds: float = _SECONDS) -> None:
        self._left = steps
        self._until = time.monotonic() + seconds
        self._since_look = 0
        self._ending = False

    @property
    def over(self) -> bool:
        """Whether the time is over, so that nothing more is to be read."""
        return time.monotonic() > self._until

    def spend(self, steps: int = 1) -> None:
        """Count some steps.

        Raises:
            Exhausted: there are none left, or the time is over.
        """
        self._left -= steps
        self._since_look += steps
        if self._left < 0:
            raise Exhausted
        if self._since_look >= _LOOK_AT_CLOCK:
            self._since_look = 0
            if self.over:
                raise Exhausted

    @contextmanager
    def share(self, *, module: bool = False) -> Iterator[None]:
        """Let a call, or a module, spend only a part of what is left."""
        allowed = min(_OF_A_MODULE, self._left // 3) if module else self._left // 2
        kept = self._left - allowed
        self._left = allowed
        try:
            yield
        finally:
            self._left = max(self._left, 0) + kept
            if self._ending:
                self._left = min(self._left, _AFTER_PARSING)

    def nearly_done(self) -> None:
        """Leave only a few steps more: the program has read its command line."""
        self._ending = True
        self._left = min(self._left, _AFTER_PARSING)
