"""When the time of a controller is up."""

import math

_NEARLY = 0.9
"""The share of the time that the first launch gets at least; the rest is for starting up."""


IS_UP = "(max_runtime) is up"
"""How it is told that the time is up."""


class Deadline:
    """The end of the time that one run of a study may take.

    Args:
        max_runtime_s: seconds that it may take, None for any.
        began_s: the monotonic second at which it began.
    """

    def __init__(self, max_runtime_s: float | None, began_s: float) -> None:
        self._max_runtime_s = max_runtime_s
        self._at_s = None if max_runtime_s is None else began_s + max_runtime_s

    def passed(self, now_s: float, needed_s: float = 0.0) -> bool:
        """Tell whether the time is up, or will be in `needed_s` seconds."""
        return self._at_s is not None and now_s + needed_s >= self._at_s

    def all_for(self, lasted_s: float) -> bool:
        """Tell whether one launch took nearly all the time, so that another start is no help."""
        return self._max_runtime_s is not None and lasted_s >= self.nearly_all_s

    @property
    def nearly_all_s(self) -> float:
        """The seconds that the first launch gets at least, infinite without an end."""
        return math.inf if self._max_runtime_s is None else _NEARLY * self._max_runtime_s

    @property
    def reason(self) -> str:
        """That it is up, for the user."""
        return f"the study's time of {self._max_runtime_s:g} s {IS_UP}"
