"""How the algorithms of our own make the search for a problem."""

from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError
from automl.search.learnt.common import CommonNumbers
from automl.search.learnt.proposer import GivenFirst, GivenGrid
from automl.search.own.cma import CmaSampler
from automl.search.own.draw import RandomSampler
from automl.search.own.sobol import SobolSampler
from automl.search.own.walk import GridSampler
from automl.search.problem import Problem, Recipe, Search
from automl.search.sampler import Sampler
from automl.search.search_of import or_walk, search_of
from automl.space.numbers import whole_number
from automl.space.parameters import Categorical
from automl.space.space import SearchSpace


def grid(*, search_space: Mapping[str, Any] | None = None) -> Recipe:
    """Every combination once, in the order of the space, or of the one given for a function."""
    given = None if search_space is None else _given_space(search_space)

    def make(problem: Problem) -> Search:
        _check_grid(problem, given)
        if given is not None:
            walk = GivenFirst(problem.start_with, GivenGrid(given), fills=False)
            return Search(proposer=walk, aside=False)
        # Looking for the few combinations that a rule allows may take long.
        return search_of(problem, _grid, asks=None, aside=bool(problem.space.rules))

    return make


def random() -> Recipe:
    """Independent draws."""

    def make(problem: Problem) -> Search:
        return search_of(problem, random_sampler, aside=bool(problem.space.rules))

    return or_walk(make)


def sobol() -> Recipe:
    """Points that cover the space evenly."""
    return or_walk(lambda problem: search_of(problem, sobol_sampler))


def cmaes(*, population_size: int | None = None) -> Recipe:
    """CMA-ES for numbers."""
    if population_size is not None:
        whole_number("population_size", population_size, least=2)

    def make(problem: Problem) -> Search:
        _check_cmaes(problem)

        def sampler(problem: Problem) -> Sampler:
            if problem.space.learnt:
                return CommonNumbers(problem, population_size)
            direction = problem.directions[0]
            return CmaSampler(problem.space, direction, problem.seed, population_size)

        return search_of(problem, sampler)

    return or_walk(make)


def _grid(problem: Problem) -> GridSampler:
    return GridSampler(problem.space, problem.seed)


def random_sampler(problem: Problem) -> RandomSampler:
    """Return a sampler that draws at random."""
    return RandomSampler(problem.space, problem.seed)


def sobol_sampler(problem: Problem) -> SobolSampler:
    """Return a sampler that covers the space evenly."""
    return SobolSampler(problem.space, problem.seed)


def _check_cmaes(problem: Problem) -> None:
    problem.only_direction("cmaes")
    axes = [each for each in problem.space.parameters if each.searched]
    for parameter in axes:
        if parameter.when is not None:
            raise SpecError(
                f"algorithm 'cmaes' cannot take conditions, but parameter {parameter.name!r} is "
                f"used only when {parameter.when}; use algorithm 'auto' or 'tpe'"
            )
        if not parameter.ordered:
            raise SpecError(
                f"algorithm 'cmaes' needs numbers, but the values of parameter "
                f"{parameter.name!r} have no order; use algorithm 'auto', 'tpe' or 'evolution'"
            )
    if len(axes) < 2 and not problem.space.learnt:  # noqa: PLR2004 - nothing to adapt between fewer
        raise SpecError(
            f"algorithm 'cmaes' needs two numeric parameters or more, got {len(axes)}; "
            "use algorithm 'auto' or 'tpe'"
        )


def _check_grid(problem: Problem, given: SearchSpace | None) -> None:
    if problem.space.learnt and given is None:
        raise SpecError(
            "algorithm 'grid' walks combinations that are known before the first trial, and the "
            "parameters of this study are learnt while it runs; give it search_space=, a dict of "
            "names to lists of values"
        )
    if given is not None and not problem.space.learnt:
        raise SpecError(
            "algorithm 'grid': search_space= is for studies whose parameters are learnt while they "
            "run; this one describes its own, which are walked"
        )


def _given_space(search_space: object) -> SearchSpace:
    if not isinstance(search_space, Mapping) or not search_space:
        raise SpecError(
            "algorithm 'grid': search_space must be a dict of names to lists of values, got "
            f"{search_space!r}"
        )
    return SearchSpace(
        Categorical(name=name, candidates=values) for name, values in search_space.items()
    )
