"""What proposes trials of a space that is learnt, none twice as far as names are known."""

import itertools
import math
from collections.abc import Mapping, Sequence

from automl.search.learnt.growing import Growing, MakeSampler
from automl.search.learnt.tried import Tried
from automl.search.own.draw import draw, generator
from automl.search.own.nearest import Nearest
from automl.search.problem import Problem
from automl.search.sampler import Answer, Nothing, Proposal, Proposer, Told
from automl.search.unread import Unread
from automl.space.learnt import Offer
from automl.space.parameters import ParamValue
from automl.space.space import COUNTED, Params, SearchSpace, combination_key

DRAWS = 1000
"""How often a free combination is drawn for before all are gone through, or there is none."""


class LearntProposer:
    """Proposes a value for each name known so far, with the range that it is from.

    As long as no name is known, nothing is proposed, and trials draw for themselves.

    Args:
        problem: what the search is made for.
        make: makes what gives values, for the space as it is known.
        asks: how often that is asked for one trial before another combination is looked for.
    """

    def __init__(self, problem: Problem, make: MakeSampler, asks: int) -> None:
        self._growing = Growing(problem, make)
        self._seed = problem.seed
        self._asks = asks
        self._tried = Tried()
        self._changed = problem.changed
        self._began: int | None = None
        self._answer: Answer | None = None
        self._answered = (-1, -1)
        self._nearest: tuple[SearchSpace, Nearest | None] | None = None

    def propose(self, trial_id: int, history: Sequence[Told]) -> Answer:
        """Return what is proposed to a trial, or that every combination has been tried."""
        asked_for = (trial_id, len(history))
        if self._answer is None or self._answered != asked_for:
            self._growing.learn(history)
            if self._began is None:
                self._began = trial_id if self._changed else 0
            self._tried.read(history)
            self._answer, self._answered = self._next(trial_id, history), asked_for
        return self._answer

    def _next(self, trial_id: int, history: Sequence[Told]) -> Answer:
        first: dict[str, ParamValue] = {}
        for avoided in range(self._asks):
            values = self._growing.suggest(trial_id, history)
            if self._tried.free(values):
                return self._proposal(values, avoided)
            first = first or values
        found = self._other(trial_id, first)
        if found is None and self._tried.running:
            return Nothing.NOT_YET
        if found is None and first and not self._all_tried():
            found = first
        return Nothing.USED_UP if found is None else self._proposal(found, self._asks)

    def _all_tried(self) -> bool:
        """Tell whether a space without a free combination is used up.

        It is not as long as no trial completed: nobody knows yet what there is to ask for. Nor is
        it with a name that has values without end: which trials ask for it, no name decides. Where
        the programs changed, what completed before does not count: what they ask for now is to be
        seen.
        """
        counted = all(one.count is not None for one in self._growing.names.space.parameters)
        return counted and self._tried.completed >= (self._began or 0)

    def _proposal(self, values: Mapping[str, ParamValue], avoided: int) -> Proposal:
        ranges = self._growing.names.ranges
        offers = {name: Offer(value, ranges[name]) for name, value in values.items()}
        return Proposal(params={}, proposed=offers, avoided=avoided)

    def _other(self, trial_id: int, first: Params) -> dict[str, ParamValue] | None:
        """Return a free combination near the first one proposed, or else any."""
        space = self._growing.names.space
        rng = generator(self._seed, trial_id, "unseen")
        # A sampler may leave a name out, and then there is no combination to begin at.
        nearest = self._nearest_in(space) if first.keys() >= {*space.names} else None
        near = nearest.find(first, self._tried.free, rng) if nearest else None
        if near is not None:
            return near
        drawn = (draw(space, rng) or {} for _ in range(DRAWS))
        found = next(filter(self._tried.free, drawn), None)
        if found is not None:
            return found
        counts = [one.count for one in space.parameters]
        if None in counts or math.prod(one or 1 for one in counts) > COUNTED:
            return None
        every = itertools.product(*(map(one.value_at, range(one.count or 0)) for one in space))
        combinations = (dict(zip(space.names, values, strict=True)) for values in every)
        return next(filter(self._tried.free, combinations), None)

    def _nearest_in(self, space: SearchSpace) -> Nearest | None:
        if self._nearest is None or self._nearest[0] is not space:
            countable = all(one.count is not None for one in space.parameters)
            self._nearest = space, Nearest(SearchSpace(space.parameters)) if countable else None
        return self._nearest[1]


class GivenFirst:
    """Proposes the combinations that the user gave, each once, then leaves the word to another.

    Their values are fixed.

    Args:
        given: the combinations.
        then: what proposes after them.
        fills: whether it also proposes values for the names that a combination leaves out.
    """

    def __init__(self, given: Sequence[Params], then: Proposer, *, fills: bool = True) -> None:
        self._given = {combination_key(one): dict(one) for one in given}
        self._then = then
        self._fills = fills
        self._unread = Unread()

    def propose(self, trial_id: int, history: Sequence[Told]) -> Answer:
        """Return the first of the combinations that was not planned, then the other's."""
        for told in self._unread.of(history) if self._given else ():
            offers = told.proposed or {}
            fixed = {name: one.value for name, one in offers.items() if one.range is None}
            self._given.pop(combination_key(fixed), None)
        if not self._given:
            return self._then.propose(trial_id, history)
        answer = self._then.propose(trial_id, history) if self._fills else Nothing.USED_UP
        others = (answer.proposed or {}) if isinstance(answer, Proposal) else {}
        first = next(iter(self._given.values()))
        given = {name: Offer(value, None) for name, value in first.items()}
        return Proposal(params={}, proposed={**others, **given})


class GivenGrid:
    """Proposes each combination of given values once, in order; they are fixed.

    Args:
        space: the names with their values.
    """

    def __init__(self, space: SearchSpace) -> None:
        self._left = space.combinations()
        self._planned: set[str] = set()
        self._unread = Unread()
        self._offer: dict[str, ParamValue] | None = None

    def propose(self, trial_id: int, history: Sequence[Told]) -> Answer:
        """Return the next combination that was not planned."""
        del trial_id
        for told in self._unread.of(history):
            values = {name: one.value for name, one in (told.proposed or {}).items()}
            self._planned.add(combination_key(values))
        while self._offer is None or combination_key(self._offer) in self._planned:
            self._offer = next(self._left, None)
            if self._offer is None:
                return Nothing.USED_UP
        offers = {name: Offer(value, None) for name, value in self._offer.items()}
        return Proposal(params={}, proposed=offers)
