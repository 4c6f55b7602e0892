"""Walking a countable space, in order or shuffled."""

import math
from collections.abc import Iterator, Sequence

from automl.errors import SpecError
from automl.search.own.draw import generator
from automl.search.sampler import Told
from automl.space.parameters import ParamValue
from automl.space.space import COUNTED, SearchSpace
from automl.spelling.spelling import spelled


class GridSampler:
    """Walks every combination once: the first parameter slowest, each in its given order.

    Parameters that are not in use are not walked, and what the rules forbid is left out. The
    space may be too large to be counted.

    Not Optuna's grid sampler: that one looks at all earlier trials in every call, so that the cost
    of a trial grows with their number.

    Raises:
        SpecError: a parameter has no finite number of values.
    """

    def __init__(self, space: SearchSpace, seed: int) -> None:
        del seed  # the order is the user's
        _check_countable(space)
        self._left = space.combinations()

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue] | None:
        """Return the next combination of the walk, None after the last."""
        del trial_id, history
        return next(self._left, None)


class ShuffledWalk:
    """Walks every combination once, in a random order.

    Without conditions and rules no list is needed: the order is a walk by a step that has no
    common divisor with the size, from a random start, and meets every index once. Neighbours in
    time are far apart in every parameter for most steps, which is all that is asked of it. Where
    conditions or rules make the combinations fewer, and so counted, their list is shuffled.

    Raises:
        SpecError: a parameter has no finite number of values, or conditions and rules leave more
            combinations than are counted.
    """

    def __init__(self, space: SearchSpace, seed: int) -> None:
        _check_countable(space)
        if space.size is None:
            raise SpecError(
                f"the combinations that conditions and rules leave are more than {COUNTED} and "
                "not counted, so they cannot be walked in random order; use algorithm 'random'"
            )
        self._space = space
        self._left = _shuffled(space, space.size, seed)

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue] | None:
        """Return the next combination of the walk, None after the last."""
        del trial_id, history
        index = next(self._left, None)
        return None if index is None else self._space.combination_at(index)


def _shuffled(space: SearchSpace, size: int, seed: int) -> Iterator[int]:
    """Return each index of the space once."""
    rng = generator(seed, 0, "walk")
    if space.conditional or space.rules:
        return iter(rng.sample(range(size), size))
    start = rng.randrange(size)
    step = 1 if size <= 2 else rng.randrange(1, size)  # noqa: PLR2004
    while math.gcd(step, size) != 1:
        step = rng.randrange(1, size)
    # Not a range: its length may be more than an index can hold.
    return _stepped(start, step, size)


def _stepped(start: int, step: int, size: int) -> Iterator[int]:
    at = start
    done = 0
    while done < size:
        done += 1
        at = (at + step) % size
        yield at


def _check_countable(space: SearchSpace) -> None:
    for parameter in space:
        if parameter.count is None:
            stepped = "step" in parameter.options()
            without = f"without step; give {spelled('step')}, or"
            raise SpecError(
                "algorithm 'grid' needs a finite number of values, but parameter "
                f"{parameter.name!r} is a {type(parameter).__name__} "
                f"{without if stepped else 'that cannot be counted;'} "
                "use another algorithm"
            )
