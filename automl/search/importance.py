"""Which parameters matter for a good result."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from automl.errors import AutomlError
from automl.quiet import muted
from automl.search.learnt.names import space_of
from automl.search.optuna.axes import axis_of, with_axes
from automl.search.optuna.library import load_optuna
from automl.search.optuna.plain_study import new_study
from automl.space.space import SearchSpace
from automl.study.objective import Direction
from automl.study.ranking.rank import has_value
from automl.study.trial import Trial, TrialState

if TYPE_CHECKING:
    import optuna

FEWEST_TRIALS = 16
"""With fewer, the eight best are more than half of all."""

_TOP_SHARE = 0.1

_FEWEST_TOP = 8
"""Measured on five parameters of which two matter, with noise: how often the most important one is
named first, of 60 random searches of 20 trials: 0.63 with the best three, 0.87 with the best five,
0.97 with the best eight; of 10 trials never above 0.77."""


def importance(
    space: SearchSpace, direction: Direction, trials: Iterable[Trial]
) -> dict[str, float]:
    """Return each parameter's share in what makes a trial one of the best, largest first.

    The shares sum to 1; all are 0 where nothing can be told (all values are equal, or nothing
    varies). Linked parameters are one, under the name `a+b`. Constants and parameters that were
    never active have 0. Interactions are not seen: two parameters that matter only together may
    have small shares.

    A parameter's share is how much its distribution over the best trials differs from that over
    all. The best are a tenth, but at least eight. Numeric lists and ranges with a step are compared
    by their places, as they are searched, so that neighbours count as alike.

    A parameter that holds only sometimes is compared over the trials in which it was active. What
    comes out is weighted by a**2 / b, with a the share of these among the best and b among all:
    a parameter of a branch that few good trials took counts little.

    Source: Watanabe, Bansal & Hutter, IJCAI 2023 (PED-ANOVA), and its extension to conditional
    parameters (arXiv 2601.20800), both by Optuna's evaluator, which by itself takes a tenth as the
    best, of 30 trials three.

    Args:
        space: the parameters. Trials outside it are left out. One that is learnt while the study
            runs is as its trials know it; a value outside the usual range of its name counts as
            none.
        direction: which value is better.
        trials: in any state; those that completed count, by the value that ranks them.

    Raises:
        AutomlError: fewer than 16 trials count; or a range is too wide for Optuna.
    """
    trials = list(trials)
    space = space_of(space, trials)
    usable = [trial for trial in trials if _counts(trial, space)]
    if len(usable) < FEWEST_TRIALS:
        raise AutomlError(
            f"importance() needs at least {FEWEST_TRIALS} completed trials within the space, and "
            f"there are {len(usable)}; run more of them (what failed, was stopped or given up, or "
            "did not get the whole budget has not completed)"
        )
    found = _evaluate(_study(space, direction, usable), max(_TOP_SHARE, _FEWEST_TOP / len(usable)))
    shares = {parameter.name: found.get(parameter.name, 0.0) for parameter in space.parameters}
    total = math.fsum(shares.values())
    if total > 0:
        shares = {name: share / total for name, share in shares.items()}
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _counts(trial: Trial, space: SearchSpace) -> bool:
    return trial.state is TrialState.COMPLETED and has_value(trial) and space.contains(trial.params)


def _study(space: SearchSpace, direction: Direction, trials: Sequence[Trial]) -> optuna.Study:
    """Return a study whose parameters are the axes of the search."""
    load_optuna()
    from optuna.trial import create_trial  # noqa: PLC0415 - 0.2 s

    if space.learnt:
        space = with_axes(space)
    axes = {
        parameter.name: axis_of(parameter) for parameter in space.parameters if parameter.searched
    }
    distributions = {name: axis.distribution() for name, axis in axes.items()}
    study = new_study("importance", [direction])
    for trial in trials:
        chosen = space.chosen(trial.params)
        study.add_trial(
            create_trial(
                value=trial.value,
                params={name: axes[name].inside(value) for name, value in chosen.items()},
                distributions={name: distributions[name] for name in chosen},
            )
        )
    return study


def _evaluate(study: optuna.Study, top_share: float) -> dict[str, float]:
    load_optuna()
    from optuna.importance import PedAnovaImportanceEvaluator  # noqa: PLC0415

    # That too few trials have a parameter, or that all trials are equally good: both give 0.
    with muted(UserWarning):
        return PedAnovaImportanceEvaluator(target_quantile=top_share).evaluate(study)
