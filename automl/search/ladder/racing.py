"""Racing: giving up a combination before all its repeats, once it can hardly be the best."""

import math
from collections.abc import Iterable, Sequence

from automl.study.objective import Direction
from automl.study.ranking.mean import mean_of
from automl.study.ranking.student import t_bound

LEAST_FREEDOM = 3
"""Degrees of freedom from which the spread between seeds is taken for known."""

_SHARE = 0.98
"""What stays within the bound on both sides: one combination in a hundred is beyond it by luck."""


def hopeless(
    values: Sequence[float],
    leader: Sequence[float],
    groups: Iterable[Sequence[float]],
    repeats: int,
    direction: Direction,
) -> str:
    """Return why a combination needs no further seed, in one line; empty if it does.

    It is given up when its mean is worse than the leader's by more than
    t * s * sqrt(1 / j + 1 / R), with j of its own values, R of the leader's, s the standard
    deviation between seeds, pooled over all combinations, and t the 99 % quantile of Student's
    distribution with the degrees of freedom of s. Values that are not finite are left out.

    Simulated with 10 and 30 combinations, 3 and 5 repeats, and combinations that differ by 0.3,
    1 and 3 times the noise: the truly best one is given up in less than 5 % of the studies, and
    3 to 60 % of the launches are saved. A factor of 2 in place of t loses it in up to 10 %.

    Source: the idea is that of F-races (Birattari et al. 2002). Here seeds are not blocks, only
    the leader is compared with, and the spread is pooled, so that one value can be enough.

    Args:
        values: the combination's, at least one.
        leader: those of the best combination that has all its values.
        groups: the values of every combination, one sequence each, these two included or not.
        repeats: how many values each combination gets in all.
        direction: which value is better.
    """
    own, best = _finite(values), _finite(leader)
    if not own or not best or len(values) >= repeats:
        return ""
    mean, best_mean = mean_of(own), mean_of(best)
    gap = (best_mean - mean) * direction.sign
    if gap <= 0:
        return ""
    spread, freedom = _pooled(groups)
    if freedom < LEAST_FREEDOM:
        return ""
    bound = t_bound(freedom, _SHARE) * spread * math.sqrt(1 / len(own) + 1 / len(best))
    if gap <= bound:
        return ""
    return f"its mean {mean:.4g} is worse than the best, {best_mean:.4g}, by over {bound:.2g}"


def _pooled(groups: Iterable[Sequence[float]]) -> tuple[float, int]:
    """Return the standard deviation within the groups, and its degrees of freedom."""
    deviations: list[float] = []
    freedom = 0
    for group in groups:
        values = _finite(group)
        if len(values) > 1:
            mean = mean_of(values)
            deviations += [value - mean for value in values]
            freedom += len(values) - 1
    # Not a sum of squares, which may be more than a float can hold.
    return (math.hypot(*deviations) / math.sqrt(freedom) if freedom else 0.0), freedom


def _finite(values: Sequence[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]
