"""Which values the members of a population begin with, and how they change those taken over."""

import random
from collections.abc import Callable
from typing import TypeAlias

from automl.search.own.draw import draw, generator
from automl.space.parameters import (
    Categorical,
    Constant,
    Integer,
    Linked,
    LogNormal,
    Normal,
    Parameter,
    ParamValue,
    Real,
)
from automl.space.space import Params, SearchSpace
from automl.space.values import written

TRIES = 20
"""How often values are changed anew when the outcome is forbidden or in use."""

_Numeric: TypeAlias = Integer | Real | Normal | LogNormal


def explore(
    space: SearchSpace,
    params: Params,
    rng: random.Random,
    *,
    perturb: tuple[float, ...],
    resample: float,
) -> dict[str, ParamValue]:
    """Return values near `params` in every parameter, or quite other ones here and there.

    With probability `resample` a parameter is drawn anew from its range. Else a number is
    multiplied by one of `perturb`, kept within its range and on its steps, and moves by one step
    at least if there is room. A list of nothing but numbers is taken in rising order, and its
    neighbour above or below is chosen. Any other list keeps its value: a better member does well
    with it, and none of the others is near.

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
        return _moved(parameter, chosen[parameter.name], rng.choice(perturb))

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


def _moved(parameter: Parameter, value: ParamValue, factor: float) -> ParamValue:
    if isinstance(parameter, Categorical):
        return _neighbour(parameter.candidates, value, factor)
    if isinstance(parameter, Linked | Constant) or not isinstance(value, int | float):
        return value
    if parameter.count is None:
        return min(max(value * factor, parameter.min_value), parameter.max_value)
    return _on_grid(parameter, parameter.count, value, factor)


def _neighbour(candidates: tuple[ParamValue, ...], value: ParamValue, factor: float) -> ParamValue:
    rising = sorted(one for one in candidates if type(one) is int or type(one) is float)
    if len(rising) < len(candidates) or not isinstance(value, int | float):
        return value
    place = rising.index(value) + _sign(factor - 1)
    return rising[min(max(place, 0), len(rising) - 1)]


def _on_grid(parameter: _Numeric, count: int, value: float, factor: float) -> float:
    """Return the value of the grid nearest to `value * factor`, but a step from `value` at least.

    It is computed exactly: whole numbers may be larger than any float.
    """
    if count == 1:
        return value
    low, next_value = written(parameter.value_at(0)), written(parameter.value_at(1))
    step, exact = next_value - low, written(value)
    here, there = round((exact - low) / step), round((exact * written(factor) - low) / step)
    if here == there:
        there += _sign(factor - 1) * (_sign(value) or 1)  # 0 is left as if it were above 0
    return parameter.value_at(min(max(there, 0), count - 1))


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)
