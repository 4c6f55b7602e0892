"""How each algorithm makes the search for a problem; the options are those that users give."""

import importlib.util
from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError
from automl.search.guard import Guarded
from automl.search.optuna.makers import (
    GP_ENDS_AT,
    SWITCH_AT,
    Memory,
    SteadyState,
    make_any,
    make_evolution,
    make_gp,
    make_mixture,
    make_tpe,
)
from automl.search.optuna.model import model
from automl.search.optuna.sampler import Manner
from automl.search.own.recipes import random_sampler, sobol_sampler
from automl.search.plugin import load_sampler
from automl.search.population.proposer import Population, PopulationOptions
from automl.search.problem import Problem, Recipe, Search
from automl.search.search_of import or_walk, search_of
from automl.search.shown import with_failures_pruned, with_normal_values
from automl.search.start import checked
from automl.space.numbers import whole_number

GP_NEEDS = 2
"""Of so many trials a Gaussian process must know the value: there is no slope between fewer."""

GP_ASKS = 3
"""A Gaussian process finds the same best point again when asked again, and takes long for it."""


def tpe(*, initial_trials_num: int = 10, multivariate: bool | None = None) -> Recipe:
    """A tree of Parzen estimators; multivariate by default for one objective."""
    whole_number("initial_trials_num", initial_trials_num)
    if multivariate is not None and type(multivariate) is not bool:
        raise SpecError(f"multivariate must be True or False, got {multivariate!r}")

    def make(problem: Problem) -> Search:
        single = len(problem.directions) == 1
        together = single if multivariate is None else multivariate
        tpe = make_tpe(
            initial_trials_num=initial_trials_num,
            multivariate=together,
            group=problem.space.learnt,
        )
        return search_of(problem, model(Manner(make=tpe, looks=with_failures_pruned)))

    return or_walk(make)


def auto() -> Recipe:
    """What was measured to be best for the space and the limit."""

    def make(problem: Problem) -> Search:
        few = problem.max_trials <= 2 * problem.max_parallel
        if few and problem.space.learnt:
            note = (
                f"search: {problem.max_trials} trials, {problem.max_parallel} at a time, end "
                "before a model could learn; values are drawn at random"
            )
            return search_of(problem, random_sampler, aside=False, note=note)
        if few:
            note = (
                f"search: {problem.max_trials} trials, {problem.max_parallel} at a time, end "
                "before a model could learn; they are spread evenly over the space (sobol)"
            )
            return search_of(problem, sobol_sampler, note=note)
        single = len(problem.directions) == 1
        mixture = make_mixture(
            initial_trials_num=10, multivariate=single, group=problem.space.learnt
        )
        sampler = model(Manner(make=mixture, looks=with_failures_pruned))
        return search_of(problem, sampler, note=_mixture_note(problem))

    return or_walk(make)


def gp(*, initial_trials_num: int = 10, stop_when_exception: bool = False) -> Recipe:
    """A Gaussian process, as long as it is affordable."""
    whole_number("initial_trials_num", initial_trials_num)
    if type(stop_when_exception) is not bool:
        raise SpecError(f"stop_when_exception must be True or False, got {stop_when_exception!r}")

    def make(problem: Problem) -> Search:
        gp = make_gp(initial_trials_num=initial_trials_num)
        process = model(Manner(make=gp, looks=with_normal_values, needs=GP_NEEDS))

        def guarded(problem: Problem) -> Guarded:
            return Guarded(
                process(problem),
                random_sampler(problem),
                "the Gaussian process",
                stop=stop_when_exception,
            )

        note = ""
        if problem.max_trials > GP_ENDS_AT:
            note = (
                f"search: a Gaussian process for the first {GP_ENDS_AT} trials, then tpe, "
                "as its cost grows too fast"
            )
        return search_of(problem, guarded, asks=GP_ASKS, note=note)

    return or_walk(make)


def check_installed(type_name: object) -> None:
    """Raise SpecError where an algorithm needs a package that is not installed here."""
    if type_name == "gp" and importlib.util.find_spec("torch") is None:
        raise SpecError(
            "algorithm 'gp' needs torch, which is not installed; install it with "
            "pip install 'automl-hpo[gp]', or use algorithm 'auto'"
        )


def evolution(*, population_size: int = 20, variant: str = "II") -> Recipe:
    """NSGA-II, or NSGA-III as `variant='III'`."""
    whole_number("population_size", population_size, least=2)
    if variant not in {"II", "III"}:
        raise SpecError(f"variant must be 'II' (NSGA-II) or 'III' (NSGA-III), got {variant!r}")

    def make(problem: Problem) -> Search:
        nsga = make_evolution(population_size=population_size, variant=variant)
        marks = SteadyState(population_size, variant)
        return search_of(problem, model(Manner(make=nsga, marks=marks)))

    return or_walk(make)


def pbt(
    *,
    population: int = 8,
    interval: float | None = None,
    quantile: float = 0.25,
    perturb: Any = (0.8, 1.25),  # noqa: ANN401 - checked where it is used
    resample: float = 0.25,
) -> Recipe:
    """Population based training over checkpoints."""
    options = PopulationOptions(
        population=population,
        interval=interval,
        quantile=quantile,
        perturb=perturb,
        resample=resample,
    )

    def make(problem: Problem) -> Search:
        if problem.space.learnt:
            raise SpecError(
                "algorithm 'pbt' needs parameters that are described before the first trial, and "
                "those of this study are learnt while it runs; use algorithm 'auto'"
            )
        proposer = Population(
            space=problem.space,
            direction=problem.only_direction("pbt"),
            budget=problem.budget,
            seed=problem.seed,
            start_with=checked(problem.space, problem.start_with),
            options=options,
        )
        note = ""
        if problem.max_trials < proposer.trials:
            note = (
                f"search: a population of {options.population} takes {proposer.trials} trials to "
                f"train to its end, and {problem.max_trials} trials end before"
            )
        return Search(proposer=proposer, aside=False, note=note)

    return make


def any_class(type_name: str, options: Mapping[str, Any]) -> Recipe:
    """A sampler class of Optuna that the user named as `package.module:Class`."""
    kind, seeded = load_sampler(type_name, options)

    def make(problem: Problem) -> Search:
        manner = Manner(make=make_any(kind, options, seeded=seeded), marks=Memory())
        return search_of(problem, model(manner))

    return or_walk(make)


def _mixture_note(problem: Problem) -> str:
    if len(problem.directions) > 1:
        return (
            f"search: tpe for {len(problem.directions)} objectives, after 10 random trials; no "
            "other model holds up in spaces of every kind"
        )
    return (
        f"search: tpe after 10 random trials, multivariate up to trial {SWITCH_AT}, then "
        "independent: the best that was measured over spaces of every kind"
    )
