"""Uniform random draws from a search space."""

import math
import random
from collections.abc import Sequence

from automl.search.sampler import Told
from automl.spec.parameters import Categorical, Integer, Parameter, ParamValue
from automl.spec.space import SearchSpace


def generator(seed: int, trial_id: int, purpose: str) -> random.Random:
    """Return a generator of its own for one trial and purpose, the same for the same arguments."""
    return random.Random(f"{seed}/{trial_id}/{purpose}")  # noqa: S311 - a search, not a secret


def draw(space: SearchSpace, rng: random.Random) -> dict[str, ParamValue]:
    """Return a random combination: uniform over values, or over their logarithm where asked."""
    return {parameter.name: _draw_one(parameter, rng) for parameter in space}


def _draw_one(parameter: Parameter, rng: random.Random) -> ParamValue:
    if isinstance(parameter, Categorical):
        return parameter.value_at(rng.randrange(parameter.count))
    if parameter.count is not None and not parameter.log:
        return parameter.value_at(rng.randrange(parameter.count))
    low, high = parameter.min_value, parameter.max_value
    if isinstance(parameter, Integer):
        # Half a step on either side gives the end values their full share.
        power = rng.uniform(math.log(low - 0.5), math.log(high + 0.5))
        return min(max(round(math.exp(power)), parameter.min_value), parameter.max_value)
    if parameter.log:
        return min(max(math.exp(rng.uniform(math.log(low), math.log(high))), low), high)
    part = rng.random()
    # Not low + part * (high - low): the width of a range may be more than a float can hold.
    return min(max(low * (1.0 - part) + high * part, low), high)


class RandomSampler:
    """Draws every combination uniformly and independently of the others."""

    def __init__(self, space: SearchSpace, seed: int) -> None:
        self._space = space
        self._seed = seed

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue]:
        """Return a random combination; it may repeat an earlier one.

        The history does not enter, so that the values of a trial do not depend on which of those
        that run beside it ended first.
        """
        del history
        return draw(self._space, generator(self._seed, trial_id, "random"))
