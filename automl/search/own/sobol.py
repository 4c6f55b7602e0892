"""A space-filling design: points that cover the space more evenly than random ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automl.search.own.draw import generator
from automl.search.own.sobol_points import sobol_points
from automl.space.space import combination_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from automl.search.sampler import Told
    from automl.space.parameters import Parameter, ParamValue
    from automl.space.space import SearchSpace

FIRST = 256
"""Points drawn at first, then three times all before; powers of two keep the sequence balanced."""
PASSED_OVER = 1000
"""After so many points in a row that are forbidden or repeated, the next one is taken as it is."""


class SobolSampler:
    """Walks a scrambled Sobol sequence: trial k gets its k-th allowed and new combination.

    Each parameter has a coordinate of its own, also the conditional ones, and takes the value at
    that quantile. One scramble, drawn from the seed, holds for the whole study.

    Not Optuna's sampler: that one draws the first trial at random, has no conditional
    parameters, and counts its points in the study, which is forgotten at a restart. The
    sequence is scipy's in both.
    """

    def __init__(self, space: SearchSpace, seed: int) -> None:
        self._space = space
        self._seed = seed
        self._axes = {
            parameter.name: at
            for at, parameter in enumerate(each for each in space.parameters if each.searched)
        }
        self._met: list[dict[str, ParamValue]] = []
        self._walk = self._combinations()

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue]:
        """Return combination number `trial_id`; the history does not enter."""
        del history
        while len(self._met) <= trial_id:
            self._met.append(next(self._walk))
        return self._met[trial_id]

    def _combinations(self) -> Iterator[dict[str, ParamValue]]:
        keys: set[str] = set()
        passed = 0
        for point in self._points():
            params = self._at(point)
            key = combination_key(params)
            if (key in keys or not self._space.allows(params)) and passed < PASSED_OVER:
                passed += 1
                continue
            passed = 0
            keys.add(key)
            yield params

    def _at(self, point: Sequence[float]) -> dict[str, ParamValue]:
        def choose(parameter: Parameter) -> ParamValue:
            return parameter.quantile(point[self._axes[parameter.name]])

        return self._space.assemble(choose)

    def _points(self) -> Iterator[list[float]]:
        seed = generator(self._seed, 0, "scramble").getrandbits(31)
        drawn = 0
        while True:
            count = 3 * drawn or FIRST
            yield from sobol_points(max(1, len(self._axes)), seed, drawn, count)
            drawn += count
