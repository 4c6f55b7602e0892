"""CMA-ES over the numbers that each trial has, in a space that is learnt."""

from collections.abc import Sequence
from dataclasses import replace

from automl.search.learnt.names import LearntNames
from automl.search.own.cma import CmaSampler
from automl.search.own.draw import RandomSampler
from automl.search.problem import Problem
from automl.search.sampler import Told
from automl.search.unread import Unread
from automl.space.parameters import ParamValue
from automl.space.space import SearchSpace

LEAST = 2
"""There is nothing to adapt between fewer numbers."""


class CommonNumbers:
    """Asks CMA-ES for the numbers that every completed trial asked for; draws all else at random.

    It adapts one distribution, in which each trial must be a whole point. As in Optuna, what only
    some trials have is none of it. When fewer names are common it begins anew with what it was
    told so far.

    Args:
        problem: what the search is made for; its space is the one that is known now.
        population_size: members of a generation, None for as many as suit the parameters.
    """

    def __init__(self, problem: Problem, population_size: int | None) -> None:
        self._problem = problem
        self._population_size = population_size
        self._names = LearntNames()
        self._others = RandomSampler(problem.space, problem.seed)
        self._common: tuple[str, ...] = ()
        self._sampler: CmaSampler | None = None
        self._told: list[Told] = []
        self._history: list[Told] = []
        self._unread = Unread()

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue]:
        """Return values for all names."""
        self._names.read(history)
        new = self._unread.of(history)
        self._told.extend(new)
        common = self._common_now()
        if common != self._common:
            self._common, self._history, new = common, [], self._told
            self._sampler = self._made() if len(common) >= LEAST else None
        self._history.extend(map(self._shortened, new))
        values = self._others.suggest(trial_id, history) or {}
        if self._sampler is not None:
            values |= self._sampler.suggest(trial_id, self._history)
        return values

    def _common_now(self) -> tuple[str, ...]:
        ordered = [one.name for one in self._problem.space if one.ordered]
        return tuple(filter(self._names.always, ordered))

    def _made(self) -> CmaSampler:
        space = SearchSpace(one for one in self._problem.space if one.name in self._common)
        return CmaSampler(
            space, self._problem.directions[0], self._problem.seed, self._population_size
        )

    def _shortened(self, told: Told) -> Told:
        params = {name: told.params[name] for name in self._common if name in told.params}
        return replace(told, params=params)
