"""Curves mapped to the common rungs, kept up to date as they grow."""

from bisect import bisect_right
from collections.abc import Mapping

from automl.search.pruning.rungs import rung_above, rung_below, rung_step
from automl.study.ranking.curve import Curve


class Levels:
    """One curve on the rungs: at each, the mean of its last `window` values up to there.

    A rung's value is known once the curve has reached it, and never looks ahead.

    Args:
        curve: what is mapped; `update` follows its growth.
        window: how many values the mean is of, 1 for the last value alone.

    Attributes:
        curve: as given.
        rungs: the rungs reached that have a measurement between the rung before and them.
        values: the value at each of `rungs`, NaN where one of the window's is not finite.
        known: the value at every rung reached, those without a measurement of their own included;
            rungs before the first measurement and those with NaN are left out.
    """

    __slots__ = ("_changes", "_last_step", "_place", "_window", "curve", "known", "rungs", "values")

    def __init__(self, curve: Curve, window: int) -> None:
        self.curve = curve
        self.rungs: list[int] = []
        self.values: list[float] = []
        self.known: dict[int, float] = {}
        self._window = window
        self._changes = 0
        self._place = 0
        self._last_step = -1.0

    @property
    def changes(self) -> int:
        """How often the curve had changed when it was mapped."""
        return self._changes

    def update(self) -> None:
        """Map what the curve has new."""
        curve = self.curve
        if curve.changes == self._changes:
            return
        self._forget_what_may_change()
        steps = curve.steps
        end = rung_below(curve.last_step)
        while self._place < len(steps) and (rung := rung_above(steps[self._place])) <= end:
            self._fill_up_to(rung)
            self._place = bisect_right(steps, rung_step(rung), self._place)
            value = curve.mean_until(rung_step(rung), self._window)
            self.rungs.append(rung)
            self.values.append(value)  # type: ignore[arg-type] # the curve has reached the rung
        self._fill_up_to(end + 1)
        self._changes = curve.changes
        self._last_step = curve.last_step

    def _forget_what_may_change(self) -> None:
        """Take back the last rung if its measurement is the curve's last, which may be replaced."""
        if self.rungs and rung_step(self.rungs[-1]) == self._last_step:
            self._place -= 1
            self.known.pop(self.rungs.pop(), None)
            self.values.pop()

    def _fill_up_to(self, end: int) -> None:
        """Let the last value stand for all the rungs before `end`."""
        if self.values and self.values[-1] == self.values[-1]:
            start = max(self.rungs[-1], next(reversed(self.known), -1) + 1)
            for rung in range(start, end):
                self.known[rung] = self.values[-1]


class LevelsOf:
    """The mapped curves of a study by trial, each mapped once.

    Args:
        window: as for `Levels`.
    """

    def __init__(self, window: int = 1) -> None:
        self._window = window
        self._kept: dict[int, Levels] = {}

    def one(self, trial_id: int, curve: Curve) -> Levels:
        """Return the levels of one trial's curve as it is now."""
        levels = self._kept.get(trial_id)
        if levels is None or levels.curve is not curve:
            levels = self._kept[trial_id] = Levels(curve, self._window)
        levels.update()
        return levels

    def all(self, curves: Mapping[int, Curve]) -> dict[int, Levels]:
        """Return the levels of several trials."""
        return {trial_id: self.one(trial_id, curve) for trial_id, curve in curves.items()}
