"""`algorithm.create`: what proposes values."""

from typing import Any

from automl.brief_errors import ensure_brief_errors
from automl.search.algorithms import recipe_of
from automl.study.spec import Algorithm


def create(type: str = "auto", **options: Any) -> Algorithm:  # noqa: A002, ANN401 - the script's words
    """Return the choice of a search algorithm.

    Args:
        type: one of

            - `auto`: what was measured to be best: walks a space that the limit covers, spreads
              few trials evenly, else `tpe` with the settings that did best.
            - `grid`: every combination in order.
            - `random`: uniform draws.
            - `sobol`: points that cover the space evenly.
            - `tpe` (initial_trials_num=10, multivariate=True): a tree of Parzen estimators. With
              several objectives `multivariate` is False unless given.
            - `gp` (initial_trials_num=10, stop_when_exception=False): a Gaussian process, for
              expensive trials and at most 200 of them, then `tpe`; needs the extra `gp`.
            - `cmaes` (population_size=None): CMA-ES, for two numeric parameters or more without
              conditions, and one objective.
            - `evolution` (population_size=20, variant='II'): NSGA-II, or NSGA-III with 'III'.
            - `pbt` (population=8, interval=None, quantile=0.25, perturb=[0.8, 1.25],
              resample=0.25): population based training over checkpoints; needs a budget.
            - `package.module:Class` with its own options: any sampler class of Optuna.
        **options: as the type has them.

    Raises:
        SpecError: the type or an option is unknown, an option has a wrong value, or what the
            type needs is not installed.
    """
    recipe_of(type, options)
    ensure_brief_errors()
    return Algorithm(type=type, options=options)
