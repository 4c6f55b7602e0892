"""The combination closest to a proposed one that is still free."""

import heapq
import itertools
import random
from collections.abc import Callable, Iterator, Mapping

from automl.search.own.positions import Positions
from automl.space.parameters import Parameter, ParamValue
from automl.space.space import Params, SearchSpace, combination_key

LOOKED_AT = 2000
"""How many combinations are looked at around a proposal before the search for a near one ends."""
MADE = 50_000
"""How many combinations are made at the most: each has hundreds of neighbours in long lists."""

Chosen = Mapping[str, ParamValue]
"""The values of the axes of a combination."""


class Nearest:
    """Searches outward from a combination of a countable space.

    The distance of two combinations is the sum over the axes: the part of the row between them
    for ordered values, 1 for different values without order. Parameters that a step switches on
    begin at their first value. Combinations that a rule forbids are passed through, not given.

    Args:
        space: what to search; every parameter must be countable.
    """

    def __init__(self, space: SearchSpace) -> None:
        self._space = space
        self._places = {parameter.name: Positions(parameter) for parameter in space.parameters}

    def find(
        self, start: Params, free: Callable[[Params], bool], rng: random.Random
    ) -> dict[str, ParamValue] | None:
        """Return the nearest free combination, None if none is among the `LOOKED_AT` nearest.

        Once `MADE` combinations are known, only these are looked at.

        Args:
            start: where the search begins.
            free: tells whether a combination may be given.
            rng: decides between those that are equally near.
        """
        origin = self._space.chosen(start)
        known = {combination_key(start)}
        count = itertools.count()
        waiting = [(0.0, 0.0, next(count), dict(start))]
        for _ in range(LOOKED_AT):
            if not waiting:
                return None
            *_, params = heapq.heappop(waiting)
            if free(params):
                return params
            for other in self._beside(params) if len(known) < MADE else ():
                key = combination_key(other)
                if key not in known:
                    known.add(key)
                    far = self._distance(origin, self._space.chosen(other))
                    heapq.heappush(waiting, (far, rng.random(), next(count), other))
        return None

    def _beside(self, params: Params) -> Iterator[dict[str, ParamValue]]:
        chosen = self._space.chosen(params)
        for name, value in chosen.items():
            places = self._places[name]
            for place in places.beside(places.place(value)):
                yield self._assemble({**chosen, name: places.value(place)})

    def _assemble(self, chosen: Chosen) -> dict[str, ParamValue]:
        def choose(parameter: Parameter) -> ParamValue:
            name = parameter.name
            return chosen[name] if name in chosen else self._places[name].value(0)

        return self._space.assemble(choose)

    def _distance(self, left: Chosen, right: Chosen) -> float:
        # Rounded, so that equal distances stay equal whatever the order of the sum.
        return round(sum(self._apart(name, left, right) for name in {**left, **right}), 9)

    def _apart(self, name: str, left: Chosen, right: Chosen) -> float:
        if name not in left or name not in right:
            return 1.0
        places = self._places[name]
        return places.distance(places.place(left[name]), places.place(right[name]))
