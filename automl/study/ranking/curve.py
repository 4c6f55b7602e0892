"""The curve of a trial: its measurements by their steps."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right

from automl.study.ranking.mean import mean_of


class Curve:
    """The measurements of one trial by step, in growing order of the steps.

    A step that comes again replaces its value (a progress bar rewrites its line), so only the
    value of the last step can still change. A step that goes back is left out: a program that is
    started again from the beginning tells nothing new until it is further on. A step that is
    below 0, NaN or infinite is left out too. Values may be NaN or infinite. Takes 16 bytes a
    measurement.

    >>> curve = Curve()
    >>> curve.append(10, 0.5)
    >>> curve.append(20, 0.7)
    >>> curve.at(15), curve.at(20), curve.at(25), curve.at(5)
    (0.5, 0.7, None, None)
    """

    __slots__ = ("_changes", "_steps", "_values")

    def __init__(self) -> None:
        self._steps = array("d")
        self._values = array("d")
        self._changes = 0

    def append(self, step: float, value: float) -> None:
        """Add the measurement of a step, or replace it if this is the last step again."""
        last = self._steps[-1] if self._steps else 0.0
        if not last <= step < math.inf:
            return
        if self._steps and step == last:
            self._values[-1] = value
        else:
            self._steps.append(step)
            self._values.append(value)
        self._changes += 1

    def __len__(self) -> int:
        return len(self._steps)

    def __repr__(self) -> str:
        return f"Curve({dict(zip(self._steps, self._values, strict=True))})"

    @property
    def changes(self) -> int:
        """How often it was changed: it is as it was before if this number is."""
        return self._changes

    @property
    def steps(self) -> array[float]:
        """The steps, growing; not to be changed."""
        return self._steps

    @property
    def values(self) -> array[float]:
        """The values, one for each step; not to be changed."""
        return self._values

    @property
    def last_step(self) -> float:
        """The step reached; IndexError while there is no measurement."""
        return self._steps[-1]

    @property
    def last(self) -> float:
        """The value of the last step; IndexError while there is no measurement."""
        return self._values[-1]

    def at(self, step: float) -> float | None:
        """Return the last value at or before `step`; None if the curve has not reached `step`.

        Also None if its first measurement is behind `step`.
        """
        if not self._steps or self._steps[-1] < step:
            return None
        place = bisect_right(self._steps, step)
        return self._values[place - 1] if place else None

    def mean_until(self, step: float, count: int) -> float | None:
        """Return the mean of the last `count` values at or before `step`, of fewer at its start.

        None as in `at`; NaN where one of them is.
        """
        if self.at(step) is None:
            return None
        end = bisect_right(self._steps, step)
        values = self._values[max(0, end - count) : end]
        return mean_of(values) if all(map(math.isfinite, values)) else math.nan
