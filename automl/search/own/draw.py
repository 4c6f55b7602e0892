"""Random draws from a search space."""

import random
from collections.abc import Sequence

from automl.search.sampler import Told
from automl.search.unread import Asks
from automl.space.parameters import Parameter, ParamValue
from automl.space.space import SearchSpace

TRIES = 10_000
"""How many combinations are drawn at the most before a counted space is drawn from by its list."""

UNCOUNTED_TRIES = 500_000
"""How many are drawn at the most where there is no list: rules that leave one in 20,000 pass the
check before the start now and then, and must not end a study; about 2 s, once, at its end."""


def generator(seed: int, trial_id: int, purpose: str) -> random.Random:
    """Return a generator of its own for one trial and purpose, the same for the same arguments."""
    return random.Random(f"{seed}/{trial_id}/{purpose}")  # noqa: S311 - a search, not a secret


def draw(space: SearchSpace, rng: random.Random) -> dict[str, ParamValue] | None:
    """Return a random combination, or None where the rules allow none.

    Each parameter that is in use is drawn for itself: uniformly over values, over their logarithm
    where asked, or from its distribution. What breaks a rule is drawn anew: in a counted space up
    to `TRIES` times, then its list is drawn from; in another one up to `UNCOUNTED_TRIES` times,
    then None is returned.
    """

    def choose(parameter: Parameter) -> ParamValue:
        return parameter.draw(rng)

    if not space.rules:
        return space.assemble(choose)
    for _ in range(UNCOUNTED_TRIES if space.size is None else TRIES):
        params = space.assemble(choose)
        if space.allows(params):
            return params
    return space.combination_at(rng.randrange(space.size)) if space.size else None


class RandomSampler:
    """Draws every combination at random, independently of the others."""

    def __init__(self, space: SearchSpace, seed: int) -> None:
        self._space = space
        self._seed = seed
        self._asks = Asks()

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue] | None:
        """Return a random combination; it may repeat an earlier one. None: the rules allow none.

        The history does not enter, so that the values of a trial do not depend on which of those
        that run beside it ended first. Asked again before anything was told, it draws again.
        """
        asks = self._asks.count(trial_id, len(history))
        purpose = "random" if asks == 1 else f"random {asks}"
        return draw(self._space, generator(self._seed, trial_id, purpose))
