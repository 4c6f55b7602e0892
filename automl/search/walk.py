"""Walking a countable space, in order or shuffled."""

import math
from collections.abc import Sequence

from automl.errors import SpecError
from automl.search.draw import generator
from automl.search.sampler import Told
from automl.spec.parameters import ParamValue
from automl.spec.space import SearchSpace


class GridSampler:
    """Walks every combination once: the first parameter slowest, each in its given order.

    Not Optuna's grid sampler: that one looks at all earlier trials in every call, so that the cost
    of a trial grows with their number.

    Raises:
        SpecError: a parameter has no finite number of values.
    """

    def __init__(self, space: SearchSpace, seed: int) -> None:
        del seed  # the order is the user's
        self._space = space
        self._size = _size(space)
        self._next = 0

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue] | None:
        """Return the next combination of the walk, None after the last."""
        del trial_id, history
        if self._next >= self._size:
            return None
        self._next += 1
        return self._space.combination_at(self._next - 1)


class ShuffledWalk:
    """Walks every combination once, in a random order that needs no list of them.

    The order is a walk by a step that has no common divisor with the size, from a random start:
    it meets every index once. Neighbours in time are far apart in every parameter for most steps,
    which is all that is asked of it.
    """

    def __init__(self, space: SearchSpace, seed: int) -> None:
        self._space = space
        self._size = _size(space)
        rng = generator(seed, 0, "walk")
        self._at = rng.randrange(self._size)
        self._step = 1 if self._size <= 2 else rng.randrange(1, self._size)  # noqa: PLR2004
        while math.gcd(self._step, self._size) != 1:
            self._step = rng.randrange(1, self._size)
        self._done = 0

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue] | None:
        """Return the next combination of the walk, None after the last."""
        del trial_id, history
        if self._done >= self._size:
            return None
        self._done += 1
        self._at = (self._at + self._step) % self._size
        return self._space.combination_at(self._at)


def _size(space: SearchSpace) -> int:
    for parameter in space:
        if parameter.count is None:
            raise SpecError(
                f"algorithm 'grid' needs a finite number of values, but parameter "
                f"{parameter.name!r} is a Real without step; give step=, or use another algorithm"
            )
    size = space.size
    return size if size is not None else 0
