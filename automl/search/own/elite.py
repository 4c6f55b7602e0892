"""The best of many trials, kept block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automl.study.objective import Direction
from automl.study.trial import TrialState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automl.search.sampler import Told

BEST = 500
"""How many are kept."""


class Elite:
    """Keeps the `BEST` trials of those added, each block compared with the best so far.

    Feasible trials are before infeasible ones, completed before pruned ones, pruned by how far
    they came; then by value. With several objectives a trial counts by how many of those it is
    compared with dominate it. Trials without a value are never among the best.

    Attributes:
        best: the best trials, in no order that means anything.
        seen: how many trials were added.
    """

    def __init__(self, directions: Sequence[Direction]) -> None:
        self._signs = [-1.0 if each is Direction.MAXIMIZE else 1.0 for each in directions]
        self.best: list[Told] = []
        self.seen = 0

    def forget(self) -> None:
        """Begin anew."""
        self.best, self.seen = [], 0

    def add(self, trials: Sequence[Told]) -> None:
        """Add a block of trials."""
        pool = self.best + [told for told in trials if result(told, len(self._signs))]
        standings = self._standings(pool)
        order = sorted(range(len(pool)), key=standings.__getitem__)
        self.best = [pool[index] for index in order[:BEST]]
        self.seen += len(trials)

    def _standings(self, pool: list[Told]) -> list[tuple[float, ...]]:
        losses = [
            [
                sign * value
                for sign, value in zip(self._signs, result(told, len(self._signs)), strict=True)
            ]
            for told in pool
        ]
        single = len(self._signs) == 1
        counts = [loss[0] for loss in losses] if single else _dominated_by(losses)
        return [
            (
                max(told.violation, 0.0),
                told.state is not TrialState.COMPLETED,
                -(told.reached or 0.0),
                count,
                told.trial_id,
            )
            for told, count in zip(pool, counts, strict=True)
        ]


def result(told: Told, objectives: int) -> tuple[float, ...]:
    """Return the values of so many objectives that a trial gave; empty if it gave none."""
    if told.state in {TrialState.FAILED, TrialState.PLANNED}:
        return ()
    if objectives == 1:
        return () if told.value is None else (told.value,)
    return told.values if len(told.values) == objectives else ()


def _dominated_by(losses: list[list[float]]) -> list[float]:
    """Return for each row how many others are nowhere worse and somewhere better."""
    import numpy as np  # noqa: PLC0415 - only for several objectives

    if not losses:
        return []
    rows = np.array(losses)
    no_worse = (rows[:, None] <= rows[None]).all(axis=2)
    better = (rows[:, None] < rows[None]).any(axis=2)
    return [float(count) for count in (no_worse & better).sum(axis=0)]
