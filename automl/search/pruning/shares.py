"""Curves by shares of their trials' lengths, so that trials of any length are compared."""

from collections.abc import Callable, Mapping

from automl.space.space import Params
from automl.study.ranking.curve import Curve
from automl.study.trial import Trial

WHOLE = 100.0
"""The last step of every trial: steps are percent of its length."""


class _Shared:
    """One curve by shares, kept up to date as it grows."""

    __slots__ = ("curve", "length", "original", "seen")

    def __init__(self, original: Curve, length: float) -> None:
        self.original = original
        self.length = length
        self.curve = Curve()
        self.seen = 0

    def update(self) -> Curve:
        """Take in what the curve has new; its last value may have been replaced."""
        steps, values = self.original.steps, self.original.values
        if len(steps) < self.seen:
            self.curve, self.seen = Curve(), 0
        # Whoever counts from 0 is at its end one step earlier.
        first = 1.0 if len(steps) and steps[0] == 0 else 0.0
        for place in range(max(0, self.seen - 1), len(steps)):
            share = WHOLE * (steps[place] + first) / self.length
            self.curve.append(min(share, WHOLE), values[place])
        self.seen = len(steps)
        return self.curve


class Shares:
    """The curves of a study by shares of their trials' lengths, each mapped once.

    Args:
        length_of: gives the last step of a trial by its values, None where that is not known.
    """

    def __init__(self, length_of: Callable[[Params], float | None]) -> None:
        self._length_of = length_of
        self._kept: dict[int, _Shared] = {}

    def of(self, curves: Mapping[int, Curve], trials: Mapping[int, Trial]) -> dict[int, Curve]:
        """Return the curves by shares; those of unknown length are left out."""
        shared = {one: self._one(trials[one], curve) for one, curve in curves.items()}
        return {trial_id: curve for trial_id, curve in shared.items() if curve is not None}

    def _one(self, trial: Trial, curve: Curve) -> Curve | None:
        kept = self._kept.get(trial.id)
        if kept is None or kept.original is not curve:
            length = self._length_of(trial.params)
            if length is None:
                return None
            kept = self._kept[trial.id] = _Shared(curve, length)
        return kept.update() if len(curve) else None
