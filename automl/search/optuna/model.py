"""A sampler of Optuna for the problem of a study."""

from automl.search.learnt.growing import MakeSampler
from automl.search.optuna.axes import with_axes
from automl.search.optuna.sampler import Manner, OptunaSampler
from automl.search.problem import Problem


def model(manner: Manner) -> MakeSampler:
    """Return what makes the sampler that is asked in this manner."""

    def make(problem: Problem) -> OptunaSampler:
        space = problem.space
        if space.learnt:
            # Of the others, trials draw values themselves.
            space = with_axes(space)
        return OptunaSampler(
            space,
            problem.directions,
            problem.seed,
            manner,
            constrained=problem.constrained,
        )

    return make
