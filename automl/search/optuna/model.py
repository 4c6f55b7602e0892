"""A sampler of Optuna for the problem of a study."""

from automl.errors import SpecError
from automl.search.learnt.growing import MakeSampler
from automl.search.optuna.axes import axis_of
from automl.search.optuna.sampler import Manner, OptunaSampler
from automl.search.problem import Problem
from automl.space.parameter import Parameter
from automl.space.space import SearchSpace


def model(manner: Manner) -> MakeSampler:
    """Return what makes the sampler that is asked in this manner."""

    def make(problem: Problem) -> OptunaSampler:
        space = problem.space
        if space.learnt:
            # Nobody could be told of it before the study began: trials draw such a one themselves.
            space = SearchSpace((one for one in space if _has_axis(one)), learnt=True)
        return OptunaSampler(
            space,
            problem.directions,
            problem.seed,
            manner,
            constrained=problem.constrained,
        )

    return make


def _has_axis(parameter: Parameter) -> bool:
    """Tell whether Optuna can compute with a parameter."""
    try:
        axis_of(parameter)
    except SpecError:
        return False
    return True
