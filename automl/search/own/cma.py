"""CMA-ES over trials that end in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automl.search.own.draw import generator
from automl.search.unread import Asks, Unread
from automl.study.objective import Direction
from automl.study.trial import TrialState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmaes import CMA  # type: ignore[import-untyped]

    from automl.search.sampler import Told
    from automl.space.parameters import Parameter, ParamValue
    from automl.space.space import Params, SearchSpace

WIDTH = 1 / 6
"""The first standard deviation, in a space where every parameter reaches from 0 to 1."""

_Standing = tuple[float, float]
"""Violation and loss: the smaller is better."""


class CmaSampler:
    """The covariance matrix adaptation evolution strategy, asked and told one trial at a time.

    Every parameter is its quantile, from 0 to 1. A generation is complete when as many trials
    have ended as the population is large; then the distribution is adapted. Trials asked of the
    generation before the current one count too, older ones do not: with as many slots as members
    half of the trials would otherwise be lost. A failed trial counts as the worst so far. When
    the strategy has converged it starts anew around a random point with twice the population.
    An earlier study's best (`warm_start`) is the first centre.

    Source: Hansen, The CMA Evolution Strategy: A Tutorial, 2016, as the package `cmaes` has it.
    Not Optuna's sampler: that one keeps the strategy in the trials as they are asked for, which
    is forgotten at a restart. This one is computed anew from the history.

    Args:
        space: at least two numeric parameters, no conditions.
        direction: which values are better.
        seed: decides all draws.
        population_size: members of a generation; by the number of parameters if not given.
    """

    def __init__(
        self,
        space: SearchSpace,
        direction: Direction,
        seed: int,
        population_size: int | None = None,
    ) -> None:
        self._space = space
        self._sign = -1.0 if direction is Direction.MAXIMIZE else 1.0
        self._seed = seed
        self._population_size = population_size
        self._axes = {
            parameter.name: parameter.in_order()
            for parameter in space.parameters
            if parameter.searched
        }
        self._strategy: CMA | None = None
        self._generation = 0
        self._restarts = 0
        self._born: dict[int, int] = {}
        self._used: set[int] = set()
        self._ended: dict[int, tuple[list[float], _Standing]] = {}
        self._warm: tuple[_Standing, list[float]] | None = None
        self._worst: _Standing | None = None
        self._unread = Unread()
        self._asks = Asks()

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue]:
        """Return a draw from the current distribution; it may repeat an earlier one."""
        for told in self._unread.of(history):
            self._take(told)
        asks = self._asks.count(trial_id, len(history))
        strategy = self._current()
        strategy.reseed_rng(generator(self._seed, trial_id, f"cma {asks}").getrandbits(31))
        point = dict(zip(self._axes, strategy.ask().tolist(), strict=True))

        def choose(parameter: Parameter) -> ParamValue:
            return self._axes[parameter.name].quantile(min(max(point[parameter.name], 0.0), 1.0))

        return self._space.assemble(choose)

    def _take(self, told: Told) -> None:
        if told.trial_id not in self._born and not self._space.contains(told.params):
            return
        born = self._born.setdefault(told.trial_id, self._generation)
        tally = self._tally(told)
        if tally is None:
            return
        self._worst = max(tally, self._worst or tally)
        point = self._point(told.params)
        if told.trial_id < 0:
            self._warm = min((tally, point), self._warm or (tally, point))
        elif born >= self._generation - 1 and told.trial_id not in self._used:
            self._ended[told.trial_id] = point, tally
            if len(self._ended) == self._current().population_size:
                self._adapt()

    def _tally(self, told: Told) -> _Standing | None:
        if told.state is TrialState.FAILED:
            return self._worst
        if told.state is not TrialState.COMPLETED or told.value is None:
            return None
        return max(told.violation, 0.0), self._sign * told.value

    def _point(self, params: Params) -> list[float]:
        chosen: Mapping[str, Any] = self._space.chosen(params)
        return [axis.share_of(chosen[name]) for name, axis in self._axes.items()]

    def _current(self) -> CMA:
        if self._strategy is None:
            centre = self._warm[1] if self._warm else [0.5] * len(self._axes)
            self._strategy = self._started(centre, self._population_size)
        return self._strategy

    def _started(self, centre: Sequence[float], population_size: int | None) -> CMA:
        import numpy as np  # noqa: PLC0415
        from cmaes import CMA  # noqa: PLC0415

        bounds = np.array([[0.0, 1.0]] * len(self._axes))
        return CMA(np.array(centre), WIDTH, bounds=bounds, seed=1, population_size=population_size)

    def _adapt(self) -> None:
        import numpy as np  # noqa: PLC0415

        strategy = self._current()
        # Only the order counts for the strategy, so constraints fit in.
        order = sorted(self._ended.values(), key=lambda each: each[1])
        strategy.tell([(np.array(point), float(rank)) for rank, (point, _) in enumerate(order)])
        if strategy.should_stop():
            self._restarts += 1
            rng = generator(self._seed, self._restarts, "cma restart")
            centre = [rng.random() for _ in self._axes]
            self._strategy = self._started(centre, 2 * strategy.population_size)
        self._generation += 1
        # One of these that is told again changes nothing any more.
        self._used.update(self._ended)
        self._ended = {}
