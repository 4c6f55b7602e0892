"""What the history says of the trials within a space, and which of them a model is shown."""

from collections.abc import Sequence

from automl.search.own.elite import Elite
from automl.search.sampler import Told
from automl.search.unread import Unread
from automl.space.space import SearchSpace
from automl.study.objective import Direction
from automl.study.trial import TrialState

SHOWN = 2000
"""Up to this many ended trials a model is shown all of them."""
THINNED = 750
"""How many of the old trials are shown for being evenly spread over time."""
RECENT = 500
"""At least this many of the newest ended trials are shown."""
BLOCK = 250
"""Trials become old by so many at a time."""


class Known:
    """The trials of a history by what was told last of each, those outside the space left out.

    The cost of a model's suggestion grows with the trials that it is shown. Beyond `SHOWN` ended
    trials it is shown the best `elite.BEST` of the old ones, `THINNED` more of them spread evenly
    over time, and all recent ones, `RECENT` to `RECENT + BLOCK`: never more than `SHOWN`. Left out
    are mediocre old trials, of which the model keeps every so-manieth: what it knows of bad
    regions becomes coarser, what it knows of good ones does not. The choice is a function of the
    history alone, and changes once in `BLOCK` trials or when an old trial is told again.

    Args:
        space: what is searched now.
        directions: which values are better, by objective.

    Attributes:
        numbers: each trial's place in the order of planning, from 0.
        running: the trials that were planned and have not ended, by id.
        ended: the ended trials by id, in the order in which they first ended.
    """

    def __init__(self, space: SearchSpace, directions: Sequence[Direction]) -> None:
        self.numbers: dict[int, int] = {}
        self.running: dict[int, Told] = {}
        self.ended: dict[int, Told] = {}
        self._space = space
        self._elite = Elite(directions)
        self._places: dict[int, int] = {}
        self._order: list[int] = []
        self._old: list[int] = []
        self._old_count = 0
        self._unread = Unread()

    def read(self, history: Sequence[Told]) -> None:
        """Take in what was told since the last call."""
        for told in self._unread.of(history):
            if told.trial_id in self.numbers or self._space.contains(told.params):
                self._take(told)

    def shown(self) -> list[Told]:
        """Return the ended trials that a model is shown, in the order of their ends."""
        total = len(self._order)
        old = 0 if total <= SHOWN else (total - RECENT) // BLOCK * BLOCK
        if old != self._old_count:
            self._old, self._old_count = self._choose(old), old
        return [self.ended[trial_id] for trial_id in (*self._old, *self._order[old:])]

    def _take(self, told: Told) -> None:
        trial_id = told.trial_id
        self.numbers.setdefault(trial_id, len(self.numbers))
        if told.state is TrialState.PLANNED:
            # One that is tried again keeps what it gave before until it ends again.
            if trial_id not in self.ended:
                self.running[trial_id] = told
            return
        self.running.pop(trial_id, None)
        self.ended[trial_id] = told
        if trial_id not in self._places:
            self._places[trial_id] = len(self._order)
            self._order.append(trial_id)
        elif self._places[trial_id] < self._old_count:
            self._elite.forget()
            self._old_count = -1

    def _choose(self, old: int) -> list[int]:
        block = (self._order[at : at + BLOCK] for at in range(self._elite.seen, old, BLOCK))
        for trial_ids in block:
            self._elite.add([self.ended[trial_id] for trial_id in trial_ids])
        chosen = {self._order[index * old // THINNED] for index in range(THINNED)} if old else set()
        chosen.update(told.trial_id for told in self._elite.best)
        return sorted(chosen, key=self._places.__getitem__)
