"""What a simulated search did: the ends of its trainings, and what a user would have chosen."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from benchmarks.search.front import Front
from benchmarks.search.hypervolume import Point, front_of
from benchmarks.search.task import Task, Values

CHECKS = (20, 50, 100, 200)
"""Numbers of ended trials after which the regret is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a search is run.

    Attributes:
        slots: trainings at the same time.
        seed: decides everything random.
        trials: how many trainings are started at the most.
    """

    slots: int
    seed: int
    trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One training that ended.

    Attributes:
        trial_id: whose it was; with budgets, a trial trains several times.
        values: its parameters.
        ended_s: simulated second of its end.
        spent_s: simulated seconds that it took.
        value: what was seen of it; None if it was stopped early.
        whole: what would have been seen of the full training.
        budget: the share of the full training that the trial has now, above 0, at most 1.
    """

    trial_id: int
    values: Values
    ended_s: float
    spent_s: float
    value: float | None
    whole: float
    budget: float = 1.0


Change: TypeAlias = tuple[int, float, float]
"""Trials ended, simulated seconds, and regret of what would be chosen from then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A search in short, as it is kept.

    Attributes:
        changes: when the chosen combination changed, the first one included.
        ended: how many trials ended.
        lasted_s: simulated seconds from the first start to the last end.
        spent_s: simulated seconds of all trainings together.
        repeats: trainings among the first 100 whose combination had been started before.
        winner_stopped: the one that would have been chosen, had all run to their end, did not.
    """

    changes: tuple[Change, ...]
    ended: int
    lasted_s: float
    spent_s: float
    repeats: int
    winner_stopped: bool

    def regret_after(self, trials: int) -> float | None:
        """Return the regret once so many trials have ended; None before there is a choice."""
        known = [regret for count, _, regret in self.changes if count <= trials]
        return known[-1] if known else None

    def regret_at(self, second: float) -> float | None:
        """Return the regret at a simulated second; None before there is a choice."""
        known = [regret for _, at, regret in self.changes if at <= second]
        return known[-1] if known else None

    def reached(self, regret: float) -> tuple[int, float] | None:
        """Return after how many trials and seconds the regret stayed within a bound, or None."""
        found: tuple[int, float] | None = None
        for count, at, now in self.changes:
            if now > regret:
                found = None
            elif found is None:
                found = count, at
        return found


def trace_of(task: Task, ends: Sequence[Ended]) -> Trace:
    """Return a search in short.

    A user chooses the highest or lowest value seen, among those with the largest budget.

    Args:
        task: what was searched.
        ends: in the order of time.
    """
    changes: list[Change] = []
    first: dict[int, Values] = {}
    chosen: tuple[float, float] | None = None
    for end in ends:
        first.setdefault(end.trial_id, end.values)
        if end.value is None:
            continue
        rank = (end.budget, end.value if task.maximize else -end.value)
        if chosen is None or rank > chosen:
            chosen = rank
            regret = round(task.regret(end.values), 3)
            changes.append((len(first), round(end.ended_s, 2), regret))
    stopped = _winner_stopped(ends, maximize=task.maximize)
    return _trace(ends, changes, first, winner_stopped=stopped)


def front_trace(front: Front, ends: Sequence[Ended]) -> Trace:
    """Return a search by two objectives in short: its regret is that of all it has found.

    Args:
        front: what was searched.
        ends: in the order of time; all ran to their end.
    """
    changes: list[Change] = []
    first: dict[int, Values] = {}
    points: list[Point] = []
    for end in ends:
        first[end.trial_id] = end.values
        points = front_of([*points, front.losses(end.values)])
        regret = round(front.regret(points), 3)
        if not changes or regret != changes[-1][2]:
            changes.append((len(first), round(end.ended_s, 2), regret))
    return _trace(ends, changes, first, winner_stopped=False)


def _trace(
    ends: Sequence[Ended],
    changes: Sequence[Change],
    tried: Mapping[int, Values],
    *,
    winner_stopped: bool,
) -> Trace:
    return Trace(
        changes=tuple(changes),
        ended=len(tried),
        lasted_s=round(ends[-1].ended_s, 2),
        spent_s=round(sum(end.spent_s for end in ends), 2),
        repeats=_repeats([tried[number] for number in sorted(tried)][:100]),
        winner_stopped=winner_stopped,
    )


def _repeats(tried: Sequence[Values]) -> int:
    return len(tried) - len({json.dumps(values) for values in tried})


def _winner_stopped(ends: Sequence[Ended], *, maximize: bool) -> bool:
    best = (max if maximize else min)(end.whole for end in ends)
    finished = [end for end in ends if end.value is not None and end.budget >= 1]
    return all(end.whole != best for end in finished)
