"""Optuna's samplers by their names and arguments, as algorithms of a study."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, ParamSpec

from automl.errors import SpecError, shown
from automl.registry import did_you_mean
from automl.search.algorithms import recipe_of
from automl.study.spec import Algorithm

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Sampler:
    """What proposes values, and the seed that it was given.

    Args:
        algorithm: by its type and options.
        seed: makes the proposals reproducible; None: drawn, and kept.
    """

    algorithm: Algorithm
    seed: int | None = None

    def __init_subclass__(cls) -> None:
        raise TypeError(
            f"{cls.__name__}: a sampler of your own derives from optuna.samplers.BaseSampler, and "
            f"a study names its class, as it is made anew: sampler='{cls.__module__}:"
            f"{cls.__name__}'"
        )


BaseSampler = Sampler


def instead(name: str, what: str) -> str:
    """Return what to write for a sampler of Optuna with an argument that none of ours has."""
    return (
        f"for Optuna's own, give sampler=algorithm.create('optuna.samplers:{name}', {what}=...) "
        "of automl.hpo, or the class of your own, sampler='package:Class'"
    )


def _named(make: Callable[P, Sampler]) -> Callable[P, Sampler]:
    """Let a sampler tell what to do instead where it has no such argument."""
    known = inspect.signature(make).parameters

    @functools.wraps(make)
    def made(*given: P.args, **named: P.kwargs) -> Sampler:
        for name in named:
            if name not in known:
                raise TypeError(
                    f"{make.__name__} has no argument {name!r}{did_you_mean(name, known)}; "
                    f"{instead(make.__name__, name)}"
                )
        return make(*given, **named)

    return made


@_named
def TPESampler(  # noqa: N802 - Optuna's name
    *,
    n_startup_trials: int = 10,
    multivariate: bool | None = None,
    group: bool = False,
    constant_liar: bool = True,
    seed: int | None = None,
) -> Sampler:
    """Return `tpe`.

    Args:
        n_startup_trials: so many trials must have ended before a model is asked.
        multivariate: whether parameters are seen together; None for what was measured to be best.
        group: nothing: parameters that appear together are grouped wherever that is needed.
        constant_liar: nothing: running trials are always taken into account.
        seed: makes the proposals reproducible.
    """
    del group, constant_liar
    options: dict[str, Any] = {"initial_trials_num": n_startup_trials}
    if multivariate is not None:
        options["multivariate"] = multivariate
    return _sampler("tpe", options, seed)


@_named
def RandomSampler(seed: int | None = None) -> Sampler:  # noqa: N802 - Optuna's name
    """Return `random`."""
    return _sampler("random", {}, seed)


@_named
def QMCSampler(  # noqa: N802 - Optuna's name
    *, qmc_type: str = "sobol", scramble: bool = False, seed: int | None = None
) -> Sampler:
    """Return `sobol`.

    Args:
        qmc_type: `sobol`.
        scramble: nothing: points are always scrambled, by the seed.
        seed: makes the proposals reproducible.

    Raises:
        SpecError: another type of points is asked for.
    """
    del scramble
    if qmc_type != "sobol":
        raise SpecError(
            f"QMCSampler: qmc_type must be 'sobol', got {shown(qmc_type)}; "
            f"{instead('QMCSampler', 'qmc_type')}"
        )
    return _sampler("sobol", {}, seed)


@_named
def GridSampler(  # noqa: N802 - Optuna's name
    search_space: Mapping[str, Sequence[Any]], seed: int | None = None
) -> Sampler:
    """Return `grid` over the given values."""
    return _sampler("grid", {"search_space": search_space}, seed)


@_named
def BruteForceSampler(  # noqa: N802 - Optuna's name
    seed: int | None = None, *, avoid_premature_stop: bool = False
) -> Sampler:
    """Return `random`: nothing is tried twice, and the study ends once all was tried.

    Args:
        seed: makes the order reproducible.
        avoid_premature_stop: nothing: trials that failed count as tried.
    """
    del avoid_premature_stop
    return _sampler("random", {}, seed)


def PartialFixedSampler(  # noqa: N802 - Optuna's name
    *_: object, **__: object
) -> NoReturn:
    """Refuse, as no value of a search is fixed from outside."""
    raise SpecError(
        "PartialFixedSampler is not here; let the objective use a fixed value in place of asking "
        "for it, or give some trials theirs by study.enqueue_trial({...})"
    )


@_named
def CmaEsSampler(  # noqa: N802 - Optuna's name
    *, n_startup_trials: int = 1, popsize: int | None = None, seed: int | None = None
) -> Sampler:
    """Return `cmaes`.

    Args:
        n_startup_trials: nothing: it begins in the middle of the space.
        popsize: how many trials a generation has.
        seed: makes the proposals reproducible.
    """
    del n_startup_trials
    return _sampler("cmaes", {} if popsize is None else {"population_size": popsize}, seed)


@_named
def NSGAIISampler(  # noqa: N802 - Optuna's name
    *, population_size: int = 50, seed: int | None = None
) -> Sampler:
    """Return `evolution` by NSGA-II."""
    return _sampler("evolution", {"population_size": population_size}, seed)


@_named
def NSGAIIISampler(  # noqa: N802 - Optuna's name
    *, population_size: int = 50, seed: int | None = None
) -> Sampler:
    """Return `evolution` by NSGA-III."""
    return _sampler("evolution", {"population_size": population_size, "variant": "III"}, seed)


@_named
def GPSampler(  # noqa: N802 - Optuna's name
    *, seed: int | None = None, n_startup_trials: int = 10
) -> Sampler:
    """Return `gp`, which needs the extra `gp`."""
    return _sampler("gp", {"initial_trials_num": n_startup_trials}, seed)


def _sampler(kind: str, options: Mapping[str, Any], seed: int | None) -> Sampler:
    recipe_of(kind, options)
    return Sampler(Algorithm(type=kind, options=options), seed)
