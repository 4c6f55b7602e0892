"""Never the same combination twice, whatever proposes."""

import dataclasses
import itertools
from collections.abc import Sequence

from automl.search.own.draw import draw, generator
from automl.search.own.nearest import Nearest
from automl.search.sampler import Nothing, Proposal, Sampler, Told
from automl.search.unread import Unread
from automl.space.parameters import ParamValue
from automl.space.space import Params, SearchSpace, combination_key

ASKS = 5
"""How often a sampler is asked for one trial before the nearest free combination is taken.

On the digits example 20 find nothing that 5 do not, and take five times as long.
"""

DRAWS = 1000
"""How often a range that cannot be counted is drawn from before it counts as used up."""


class Unseen:
    """Wraps a sampler so that it proposes only combinations that were never planned.

    A proposal that was tried before or breaks a rule is asked for again; then the nearest free
    combination is taken, or, where a parameter cannot be counted, a random one. Asking again
    before anything was told gives the same answer, and a combination that was proposed but not
    planned stays free. What an earlier study found (negative trial ids) does not count as tried.

    Args:
        sampler: what proposes.
        space: where combinations come from when a sampler gives no free one.
        seed: decides these draws.
        asks: how often the sampler is asked for one trial; None: until it has nothing left, for
            a walk that meets every combination once.
    """

    def __init__(
        self, sampler: Sampler, space: SearchSpace, seed: int, asks: int | None = ASKS
    ) -> None:
        self._sampler = sampler
        self._space = space
        self._size = space.size
        self._seed = seed
        self._asks = asks
        countable = all(parameter.count is not None for parameter in space.parameters)
        self._nearest = Nearest(space) if countable else None
        self._seen: set[str] = set()
        self._seen_here = 0
        self._unread = Unread()
        self._offer: Proposal | None = None
        self._offered_for = (-1, -1)

    def propose(self, trial_id: int, history: Sequence[Told]) -> Proposal | Nothing:
        """Return an unseen combination, or that every one has been planned."""
        self._catch_up(history)
        if self._size is not None and self._seen_here >= self._size:
            return Nothing.USED_UP
        asked_for = (trial_id, len(history))
        # A walk never comes back to what it offered, so it must be taken before it goes on.
        if self._offer is None or (asked_for != self._offered_for and self._asks is not None):
            self._offer, self._offered_for = self._next(trial_id, history), asked_for
        if self._offer is None:
            return Nothing.USED_UP
        return dataclasses.replace(self._offer, params=dict(self._offer.params))

    def _next(self, trial_id: int, history: Sequence[Told]) -> Proposal | None:
        first: dict[str, ParamValue] | None = None
        for avoided in itertools.count() if self._asks is None else range(self._asks):
            params = self._sampler.suggest(trial_id, history)
            if params is None:
                return None
            if self._free(params):
                # What a walk passes over was not proposed anew.
                return Proposal(params=params, avoided=avoided if self._asks else 0)
            first = first or params
        params = self._unseen(trial_id, first) if first is not None else None
        return None if params is None else Proposal(params=params, avoided=self._asks or 0)

    def _catch_up(self, history: Sequence[Told]) -> None:
        for told in self._unread.of(history):
            if told.trial_id >= 0:
                self._remember(told.params)

    def _remember(self, params: Params) -> None:
        key = combination_key(params)
        if key not in self._seen:
            self._seen.add(key)
            self._seen_here += self._space.contains(params)
            if self._offer and key == combination_key(self._offer.params):
                self._offer = None

    def _free(self, params: Params) -> bool:
        return combination_key(params) not in self._seen and self._space.allows(params)

    def _unseen(self, trial_id: int, first: Params) -> dict[str, ParamValue] | None:
        rng = generator(self._seed, trial_id, "unseen")
        near = self._nearest.find(first, self._free, rng) if self._nearest else None
        if near is not None:
            return near
        for _ in range(DRAWS):
            drawn = draw(self._space, rng)
            if drawn is None:
                return None
            if self._free(drawn):
                return drawn
        if self._size is None:
            return None
        return next(filter(self._free, self._space.combinations()), None)
