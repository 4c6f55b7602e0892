"""The search algorithms by the names that users give them."""

from collections.abc import Mapping
from typing import Any

from automl.registry import Registry
from automl.search import recipes
from automl.search.own import recipes as own
from automl.search.problem import Problem, Recipe, Search
from automl.study.spec import Algorithm

__all__ = ["ALGORITHMS", "Problem", "Search", "make_proposer", "recipe_of"]

ALGORITHMS: Registry[Recipe] = Registry(
    "algorithm",
    {
        "auto": recipes.auto,
        "cmaes": own.cmaes,
        "evolution": recipes.evolution,
        "gp": recipes.gp,
        "grid": own.grid,
        "pbt": recipes.pbt,
        "random": own.random,
        "sobol": own.sobol,
        "tpe": recipes.tpe,
    },
)


def recipe_of(type_name: object, options: Mapping[str, Any]) -> Recipe:
    """Return how an algorithm makes a search, by its type and options.

    Raises:
        SpecError: the type is unknown, an option is unknown or has a wrong value, or what it
            needs is not installed.
    """
    if isinstance(type_name, str) and ":" in type_name:
        return recipes.any_class(type_name, options)
    recipe = ALGORITHMS.create(type_name, options)
    recipes.check_installed(type_name)
    return recipe


def make_proposer(algorithm: Algorithm, problem: Problem) -> Search:
    """Return what proposes the trials of a study, none twice, `start_with` first.

    When the limit covers the whole space, it is walked, in random order unless the grid was asked
    for: no algorithm can do better than trying everything. Only `pbt` goes its own way: its trials
    are intervals of training, and several of them have the same values.

    Raises:
        SpecError: as for `recipe_of`, or the algorithm cannot take this space, or a combination
            to start with is not in it.
    """
    return recipe_of(algorithm.type, algorithm.options)(problem)
