"""The planned trials that wait for a slot."""

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from automl.study.trial import Trial, TrialState


def _any(_: int) -> bool:
    return True


class WaitingTrials:
    """Which planned trial is launched next: first come first served, with two exceptions.

    A trial that waits out a back-off is passed over until then. A trial that ran out of memory
    waits until nothing else is left to run, as it then runs alone.
    """

    def __init__(self, trial_ids: Iterable[int] = (), alone: Iterable[int] = ()) -> None:
        self._ready = deque(trial_ids)
        self._alone = deque(alone)
        self._later: dict[int, float] = {}

    @classmethod
    def of(cls, trials: Iterable[Trial]) -> "WaitingTrials":
        """Return the planned ones among `trials`, each in its line."""
        # One that a program asked for waits for that.
        planned = [one for one in trials if one.state is TrialState.PLANNED and not one.asked]
        return cls(
            (trial.id for trial in planned if not trial.runs_alone),
            (trial.id for trial in planned if trial.runs_alone),
        )

    def __len__(self) -> int:
        return len(self._ready) + len(self._alone) + len(self._later)

    def __bool__(self) -> bool:
        return bool(self._ready or self._alone or self._later)

    def __iter__(self) -> Iterator[int]:
        return chain(self._ready, self._alone, self._later)

    def add(self, trial_id: int) -> None:
        """Let a trial wait at the end of the line."""
        self._ready.append(trial_id)

    def requeue(self, trial_id: int, due_s: float | None = None, *, alone: bool = False) -> None:
        """Let a trial wait that is to be launched again.

        Args:
            trial_id: which.
            due_s: the monotonic second until which it waits; None: it goes to the head of the line.
            alone: it waits until it can run alone, whenever that is.
        """
        if alone:
            self._alone.append(trial_id)
        elif due_s is not None:
            self._later[trial_id] = due_s
        else:
            self.put_back(trial_id)

    def put_back(self, trial_id: int, *, alone: bool = False) -> None:
        """Let a trial that could not be launched just now wait at the head of its line."""
        (self._alone if alone else self._ready).appendleft(trial_id)

    def remove(self, trial_id: int) -> None:
        """Forget a trial, wherever it waits."""
        for line in (self._ready, self._alone):
            if trial_id in line:
                line.remove(trial_id)
        self._later.pop(trial_id, None)

    @property
    def next_due_s(self) -> float:
        """The monotonic second at which the next back-off ends; infinite if there is none."""
        return min(self._later.values(), default=math.inf)

    def take(self, now_s: float, fits: Callable[[int], bool] = _any) -> int | None:
        """Take the next trial that may share the machine and fits, or None."""
        for trial_id, due_s in list(self._later.items()):
            if due_s <= now_s:
                del self._later[trial_id]
                self._ready.append(trial_id)
        return _take(self._ready, fits)

    def take_alone(self, fits: Callable[[int], bool] = _any) -> int | None:
        """Take the next trial that must run alone and fits, or None."""
        return _take(self._alone, fits)


def _take(line: deque[int], fits: Callable[[int], bool]) -> int | None:
    chosen = next((trial_id for trial_id in line if fits(trial_id)), None)
    if chosen is not None:
        line.remove(chosen)
    return chosen
