"""Never the same combination twice, whatever proposes."""

import itertools
from collections.abc import Sequence

from automl.search.draw import draw, generator
from automl.search.sampler import Sampler, Told
from automl.spec.parameters import ParamValue
from automl.spec.space import Params, SearchSpace, combination_key

ASKS = 20
"""How often a sampler is asked again before a random unseen combination is taken instead."""

DRAWS = 1000
"""How often a range that cannot be counted is drawn from before it counts as used up."""


class Unseen:
    """Wraps a sampler so that it proposes only combinations that were never planned.

    Asking again before anything was told gives the same answer, and a combination that was
    proposed but not planned stays free.

    Args:
        sampler: what proposes.
        space: where a random combination is drawn from when a sampler proposes only seen ones.
        seed: decides these draws.
        asks: how often the sampler is asked for one trial; None: until it has nothing left, for
            a walk that meets every combination once.
    """

    def __init__(
        self, sampler: Sampler, space: SearchSpace, seed: int, asks: int | None = ASKS
    ) -> None:
        self._sampler = sampler
        self._space = space
        self._seed = seed
        self._asks = asks
        self._seen: set[str] = set()
        self._seen_here = 0
        self._read = 0
        self._offer: dict[str, ParamValue] | None = None
        self._offered_for = (-1, -1)

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue] | None:
        """Return an unseen combination, or None when every one has been planned."""
        self._catch_up(history)
        size = self._space.size
        if size is not None and self._seen_here >= size:
            return None
        asked_for = (trial_id, self._read)
        # A walk never comes back to what it offered, so it must be taken before it goes on.
        if self._offer is None or (asked_for != self._offered_for and self._asks is not None):
            self._offer, self._offered_for = self._next(trial_id, history), asked_for
        return dict(self._offer) if self._offer else None

    def _next(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue] | None:
        for _ in itertools.count() if self._asks is None else range(self._asks):
            params = self._sampler.suggest(trial_id, history)
            if params is None:
                return None
            if combination_key(params) not in self._seen:
                return params
        return self._unseen(trial_id)

    def _catch_up(self, history: Sequence[Told]) -> None:
        while self._read < len(history):
            self._remember(history[self._read].params)
            self._read += 1

    def _remember(self, params: Params) -> None:
        key = combination_key(params)
        if key not in self._seen:
            self._seen.add(key)
            self._seen_here += self._space.contains(params)
            if self._offer and key == combination_key(self._offer):
                self._offer = None

    def _unseen(self, trial_id: int) -> dict[str, ParamValue] | None:
        rng = generator(self._seed, trial_id, "unseen")
        size = self._space.size
        for _ in range(DRAWS if size is None else ASKS):
            params = draw(self._space, rng)
            if combination_key(params) not in self._seen:
                return params
        if size is None:
            return None
        start = rng.randrange(size)
        for offset in range(size):
            params = self._space.combination_at((start + offset) % size)
            if combination_key(params) not in self._seen:
                return params
        return None
