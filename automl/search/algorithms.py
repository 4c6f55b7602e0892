"""The search algorithms by the names that users give them."""

from collections.abc import Callable
from dataclasses import dataclass

from automl.registry import Registry
from automl.search.draw import RandomSampler
from automl.search.optuna_bridge import OptunaSampler, make_tpe
from automl.search.sampler import Sampler
from automl.search.unseen import ASKS, Unseen
from automl.search.walk import GridSampler, ShuffledWalk
from automl.spec.limits import whole_number
from automl.spec.objective import Direction
from automl.spec.space import SearchSpace
from automl.spec.study import Algorithm


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a sampler is made for.

    Attributes:
        space: what to search.
        direction: which values are better.
        seed: decides every random draw.
    """

    space: SearchSpace
    direction: Direction
    seed: int


MakeForProblem = Callable[[Problem], Sampler]


def _grid() -> MakeForProblem:
    return lambda problem: GridSampler(problem.space, problem.seed)


def _random() -> MakeForProblem:
    return lambda problem: RandomSampler(problem.space, problem.seed)


def _tpe(*, initial_trials_num: int = 10, multivariate: bool = True) -> MakeForProblem:
    whole_number("initial_trials_num", initial_trials_num)
    make = make_tpe(initial_trials_num=initial_trials_num, multivariate=multivariate)
    return lambda problem: OptunaSampler(problem.space, problem.direction, problem.seed, make)


ALGORITHMS: Registry[MakeForProblem] = Registry(
    "algorithm", {"grid": _grid, "random": _random, "tpe": _tpe}
)


def make_sampler(algorithm: Algorithm, problem: Problem, max_trials: int) -> Sampler:
    """Return the sampler of a study; it never proposes a combination twice.

    When the limit covers the whole space, it is walked, in random order unless the grid was asked
    for: no algorithm can do better than trying everything.

    Raises:
        SpecError: the algorithm or one of its options is unknown, or it cannot take this space.
    """
    sampler = ALGORITHMS.create(algorithm.type, algorithm.options)(problem)
    size = problem.space.size
    walks = isinstance(sampler, GridSampler)
    if not walks and size is not None and size <= max_trials:
        sampler, walks = ShuffledWalk(problem.space, problem.seed), True
    return Unseen(sampler, problem.space, problem.seed, asks=None if walks else ASKS)
