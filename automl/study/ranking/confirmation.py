"""How sure a result is: means over seeds, and the best against the user's default."""

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from statistics import stdev

from automl.spelling.spelling import OPEN, spelled
from automl.study.objective import Direction
from automl.study.ranking.mean import mean_of
from automl.study.ranking.student import t_bound
from automl.study.trial import Trial

_SHARE = 0.95
_ROUNDING = 1e-12
"""A half width below this share of the mean is what rounding left of equal differences."""


def interval(values: Iterable[float]) -> float | None:
    """Return the half width of the 95 % interval of the mean; None with fewer than two values.

    It is that of Student's t, at most the largest float. Values that are not finite are left out.

    >>> round(interval([0.90, 0.92, 0.94]), 4)
    0.0497
    """
    finite = [value for value in values if math.isfinite(value)]
    if len(finite) < 2:  # noqa: PLR2004 - one value has no spread
        return None
    try:
        half = t_bound(len(finite) - 1, _SHARE) * stdev(finite) / math.sqrt(len(finite))
    except OverflowError:
        half = math.inf
    return min(half, sys.float_info.max)


def confirmed_mean(trial: Trial) -> float | None:
    """Return the mean over the fresh seeds with which a trial was confirmed, None without any."""
    values = [value for value in trial.confirmations.values() if math.isfinite(value)]
    return mean_of(values) if values else None


def verdict(best: Trial, default: Trial | None, direction: Direction) -> str:
    """Return one sentence that says whether `best` can be told apart from the default.

    The two are compared on the seeds with which both were confirmed, pair by pair, by the 95 %
    interval of the mean difference. The difference is that of the values, `best` minus default,
    whatever the direction.

    Args:
        best: a trial that was confirmed.
        default: the trial with the user's own values, None where there is none.
        direction: which value is better.
    """
    name = f"trial {best.id}"
    if default is None:
        return (
            f"{name} cannot be compared with a default, as none is known; "
            f"give yours as the first of {spelled('start_with', [OPEN])}"
        )
    if default.id == best.id:
        return f"the best is the default itself ({name})"
    if not default.confirmations:
        return (
            f"{name} cannot be compared with the default (trial {default.id}), which did not "
            "complete and so was not confirmed"
        )
    differences = _differences(best.confirmations, default.confirmations)
    half = interval(differences)
    if half is None:
        return (
            f"{name} cannot be compared with the default (trial {default.id}): seeds in common: "
            f"{len(differences)}, needed: 2"
        )
    mean = mean_of(differences)
    figures = f"{_plus_minus(mean, half)} (95 %, {len(differences)} seeds)"
    if abs(mean) <= half:
        return f"{name} cannot be told apart from the default (trial {default.id}): {figures}"
    word = "better" if direction.better(mean, 0) else "worse"
    return f"{name} is {word} than the default (trial {default.id}): {figures}"


def _differences(best: Mapping[int, float], default: Mapping[int, float]) -> Sequence[float]:
    differences = (best[seed] - default[seed] for seed in best if seed in default)
    return [difference for difference in differences if math.isfinite(difference)]


def _plus_minus(mean: float, half: float) -> str:
    """Return both with the decimals that the half width's second digit asks for.

    >>> _plus_minus(0.012345, 0.0061), _plus_minus(-12.3, 4.56), _plus_minus(0.5, 6.2e-17)
    ('+0.0123 ± 0.0061', '-12.3 ± 4.6', '+0.5 ± 0')
    """
    if half <= abs(mean) * _ROUNDING:
        half = 0.0
    if half == 0 or not 1e-9 < half < 1e9:  # noqa: PLR2004 - beyond, decimals say nothing
        return f"{mean:+.4g} ± {half:.2g}"
    decimals = max(0, 1 - math.floor(math.log10(half)))
    return f"{mean:+.{decimals}f} ± {half:.{decimals}f}"
