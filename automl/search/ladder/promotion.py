"""Which trial goes on with a larger budget: successive halving by promotion, asynchronously."""

import bisect
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeAlias

from automl.study.budget import Budget
from automl.study.objective import Direction

_Place: TypeAlias = tuple[float, float, int]
"""Violation, badness, trial id: the smallest of a rung is its best; ties go to the older trial."""


@dataclass(slots=True)
class _Rung:
    results: list[_Place] = field(default_factory=list)
    free: list[_Place] = field(default_factory=list)
    """Those of the results whose trial waits at this rung and may go on."""


class Promotion:
    """Finds the trial that has earned the next rung of its budget.

    Of a rung with n results the best floor(n / factor) go on as soon as they are seen to be among
    these, the highest rung first. No slot waits for a rung to fill up. It can happen that more
    than floor(n / factor) go on in the end, when a better trial comes after a worse one was
    promoted: the better one must not pay for that.

    Brackets are kept apart: a trial is compared only with those that began at the same rung. Each
    bracket is then a successive halving of its own, which is what Hyperband's guarantee is for.

    Once no new trial will come, n grows no more, and floor would leave the best of a small rung
    where it is. So a rung that no trial can reach any more promotes its best ceil(n / factor), and
    at least one trial of each bracket is brought to the whole budget, unless all of them fail.

    What it answers is a function of what it was told, in any order: `told`, `busy`, `free` and
    `gone` only note facts. A call takes microseconds at 10,000 trials.

    Source: Li et al., A System for Massively Parallel Hyperparameter Tuning, MLSys 2020,
    algorithm 2 (ASHA) and its brackets; Jamieson and Talwalkar, AISTATS 2016, for the end, where
    every rung promotes at least one. The paper has no end and no failures.

    Args:
        budget: the rungs and brackets.
        direction: which values are better.
    """

    def __init__(self, budget: Budget, direction: Direction) -> None:
        self._budget = budget
        self._rungs = budget.rungs
        self._sign = -1.0 if direction is Direction.MAXIMIZE else 1.0
        self._brackets = {start: self._empty() for start in self._rungs[: budget.brackets]}
        self._places: dict[int, dict[float, _Place]] = {}
        self._busy: set[int] = set()
        self._gone: set[int] = set()

    def told(self, trial_id: int, budget: float, value: float, violation: float = 0.0) -> None:
        """Note the value that a trial has at a rung; it replaces an earlier one.

        A budget that is no rung, as after a change of the budget, is left out: such a value can be
        compared with no other. NaN counts as the worst value.
        """
        if budget not in self._rungs:
            return
        self._unlist(trial_id)
        results = self._bracket(trial_id)[budget].results
        places = self._places.setdefault(trial_id, {})
        if budget in places:
            results.remove(places[budget])
        badness = math.inf if math.isnan(value) else self._sign * value
        places[budget] = (violation, badness, trial_id)
        bisect.insort(results, places[budget])
        self._list(trial_id)

    def busy(self, trial_id: int) -> None:
        """Note that a trial is planned, waits or runs, be it its first launch or a later one."""
        self._unlist(trial_id)
        self._gone.discard(trial_id)
        self._busy.add(trial_id)

    def free(self, trial_id: int) -> None:
        """Note that a trial's launch is over and that it may go on."""
        self._unlist(trial_id)
        self._gone.discard(trial_id)
        self._busy.discard(trial_id)
        self._list(trial_id)

    def gone(self, trial_id: int) -> None:
        """Note that a trial failed or was stopped: it goes no further, but its values count."""
        self._unlist(trial_id)
        self._busy.discard(trial_id)
        self._gone.add(trial_id)

    def next(self, *, last: bool, without: Collection[float] = ()) -> tuple[int, float] | None:
        """Return the trial to launch again and its new budget, None if none has earned it.

        It notes nothing: the caller says `busy` when the trial is planned.

        Args:
            last: no new trial will come.
            without: budgets to which none can go on now; who has earned one of them waits.
        """
        for chosen in chain(self._by_rule(), self._by_end() if last else ()):
            after = self._budget.next_after(max(self._places[chosen]))
            if after is not None and after not in without:
                return chosen, after
        return None

    def _by_rule(self) -> Iterator[int]:
        for rung in self._rungs[-2::-1]:
            for bracket in self._brackets.values():
                at = bracket[rung]
                chosen = _best(at, math.floor(len(at.results) / self._budget.factor))
                if chosen is not None:
                    yield chosen

    def _by_end(self) -> Iterator[int]:
        for start, bracket in self._brackets.items():
            chosen = self._by_end_of(bracket, start)
            if chosen is not None:
                yield chosen

    def _by_end_of(self, bracket: dict[float, _Rung], start: float) -> int | None:
        coming = min(
            (self._top(one) for one in self._busy if self._budget.start(one) == start),
            default=math.inf,
        )
        for rung in self._rungs[:-1]:
            if coming < rung:
                break  # its result may still change who is the best of this rung
            at = bracket[rung]
            chosen = _best(at, math.ceil(len(at.results) / self._budget.factor))
            if chosen is not None:
                return chosen
        if coming == math.inf and not bracket[self._rungs[-1]].results:
            return self._instead(bracket)
        return None

    def _instead(self, bracket: dict[float, _Rung]) -> int | None:
        """Return the best of those left when all that were promoted have failed."""
        for rung in self._rungs[-2::-1]:
            if bracket[rung].free:
                return bracket[rung].free[0][-1]
        return None

    def _held(self, trial_id: int) -> bool:
        return trial_id in self._busy or trial_id in self._gone

    def _top(self, trial_id: int) -> float:
        return max(self._places.get(trial_id, ()), default=0.0)

    def _list(self, trial_id: int) -> None:
        if trial_id in self._places and not self._held(trial_id):
            top = self._top(trial_id)
            bisect.insort(self._bracket(trial_id)[top].free, self._places[trial_id][top])

    def _unlist(self, trial_id: int) -> None:
        if trial_id in self._places:
            top = self._top(trial_id)
            free = self._bracket(trial_id)[top].free
            at = bisect.bisect_left(free, self._places[trial_id][top])
            if free[at : at + 1] == [self._places[trial_id][top]]:
                del free[at]

    def _bracket(self, trial_id: int) -> dict[float, _Rung]:
        return self._brackets[self._budget.start(trial_id)]

    def _empty(self) -> dict[float, _Rung]:
        return {rung: _Rung() for rung in self._rungs}


def _best(at: _Rung, count: int) -> int | None:
    """Return the best of those that may go on if it is among the best `count` of its rung."""
    if at.free and bisect.bisect_left(at.results, at.free[0]) < count:
        return at.free[0][-1]
    return None
