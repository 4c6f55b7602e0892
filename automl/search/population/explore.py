"""Which values the members of a population begin with, and how they change those taken over."""

import random
from collections.abc import Callable

from automl.search.own.draw import draw, generator
from automl.space.parameters import Parameter, ParamValue
from automl.space.space import Params, SearchSpace

TRIES = 20
"""How often values are changed anew when the outcome is forbidden or in use."""


def explore(
    space: SearchSpace,
    params: Params,
    rng: random.Random,
    *,
    perturb: tuple[float, ...],
    resample: float,
) -> dict[str, ParamValue]:
    """Return values near `params` in every parameter, or quite other ones here and there.

    With probability `resample` a parameter is drawn anew from its range. Else it is moved as its
    kind does (`Parameter.moved`): a number is multiplied by one of `perturb`, kept within its range
    and on its steps, and moves by one step at least if there is room. A list of nothing but numbers
    is taken in rising order, and its neighbour above or below is chosen. Any other list keeps its
    value: a better member does well with it, and none of the others is near.

    Source: Jaderberg et al., Population Based Training of Neural Networks, 2017 (explore). There
    a study perturbs or resamples; here each parameter does, as in Ray's scheduler.

    Args:
        space: without conditions; its rules are kept.
        params: a combination of this space.
        rng: decides everything.
        perturb: factors above 0.
        resample: a probability, 0 and 1 included.
    """
    chosen = space.chosen(params)

    def change(parameter: Parameter) -> ParamValue:
        if rng.random() < resample:
            return parameter.quantile(rng.random())
        return parameter.moved(chosen[parameter.name], rng.choice(perturb))

    return _allowed(space, change) or dict(params)


def spread(space: SearchSpace, seed: int, place: int, count: int) -> dict[str, ParamValue] | None:
    """Return the values of member `place`, from 0, of `count`: each alone random, together even.

    Every parameter has one value in each of `count` equal parts of its range (a Latin hypercube),
    as a few members drawn independently would leave large gaps. What breaks a rule is drawn at
    random instead; None where the rules allow nothing.
    """

    def choose(parameter: Parameter) -> ParamValue:
        parts = list(range(count))
        generator(seed, 0, f"spread {parameter.name}").shuffle(parts)
        within = generator(seed, place, f"within {parameter.name}").random()
        return parameter.quantile((parts[place % count] + within) / count)

    params = space.assemble(choose)
    rng = generator(seed, place, "spread")
    return params if space.allows(params) else draw(space, rng)


def _allowed(
    space: SearchSpace, change: Callable[[Parameter], ParamValue]
) -> dict[str, ParamValue] | None:
    for _ in range(TRIES):
        changed = space.assemble(change)
        if space.allows(changed):
            return changed
    return None
