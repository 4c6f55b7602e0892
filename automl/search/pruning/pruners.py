"""The pruners by the names that users give them, and their options.

Figures of what a rule costs are from 60 random configurations of five tuning tasks, 30 runs with 4
workers each: the share of runs in which the best configuration was stopped, and the compute used.
"""

import importlib.util
from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError
from automl.registry import Registry
from automl.search.pruning.assessor import Assessor, AssessorPruner
from automl.search.pruning.halving import Halving, HalvingPruner
from automl.search.pruning.median_and_bound import MedianAndBound, MedianAndBoundPruner
from automl.search.pruning.options import check_number, checked_window
from automl.search.pruning.own_curve import PatientPruner, ThresholdPruner
from automl.search.pruning.pruner import MakePruner, Pruner
from automl.search.pruning.quantile import Quantile, QuantilePruner
from automl.search.pruning.wilcoxon import WilcoxonPruner
from automl.search.pruning.window import Window
from automl.space.numbers import whole_number
from automl.study.objective import Direction


def _both(
    *,
    startup_trials: int = 8,
    start_fraction: float = 0.25,
    start_step: float | None = None,
    max_step: float | None = None,
    length: str | float | None = None,
    factor: float = 1.25,
) -> MakePruner:
    """The median and a calibrated bound must agree. Measured: best stopped 2 %, compute 65 %."""
    whole_number("pruner 'both': startup_trials", startup_trials, 1)
    check_number("'both': factor", factor, 1)
    window = checked_window(
        "both",
        start_fraction=start_fraction,
        start_step=start_step,
        max_step=max_step,
        length=length,
    )
    options = MedianAndBound(startup_trials=startup_trials, factor=factor, window=window)
    return lambda direction: MedianAndBoundPruner(options, direction)


def _median(
    *,
    startup_trials: int = 5,
    start_fraction: float = 0.25,
    start_step: float | None = None,
    max_step: float | None = None,
    length: str | float | None = None,
) -> MakePruner:
    """Worse than half of the completed. Measured: best stopped 9 %, compute 58 %.

    With Optuna's defaults (from the first step on): 25 %, 36 %.
    """
    whole_number("pruner 'median': startup_trials", startup_trials, 1)
    window = checked_window(
        "median",
        start_fraction=start_fraction,
        start_step=start_step,
        max_step=max_step,
        length=length,
    )
    options = Quantile(
        name="median", keep_percent=50.0, startup_trials=startup_trials, window=window
    )
    return lambda direction: QuantilePruner(options, direction)


def _percentile(
    *,
    percentile: float = 75.0,
    startup_trials: int = 5,
    start_fraction: float = 0.25,
    start_step: float | None = None,
    max_step: float | None = None,
    length: str | float | None = None,
) -> MakePruner:
    """Worse than `percentile` percent of the completed. Measured: best stopped 3 %, compute 73 %.

    As with Optuna, 25.0 keeps only what is among the best quarter.
    """
    check_number("'percentile': percentile", percentile, 0, 100)
    whole_number("pruner 'percentile': startup_trials", startup_trials, 1)
    window = checked_window(
        "percentile",
        start_fraction=start_fraction,
        start_step=start_step,
        max_step=max_step,
        length=length,
    )
    options = Quantile(
        name="percentile", keep_percent=percentile, startup_trials=startup_trials, window=window
    )
    return lambda direction: QuantilePruner(options, direction)


def _asha(
    *,
    factor: int = 3,
    start_fraction: float = 1 / 9,
    start_step: float | None = None,
    max_step: float | None = None,
    length: str | float | None = None,
) -> MakePruner:
    """Only the best 1/factor pass a rung. Measured: best stopped 21 %, compute 30 %.

    With Optuna's defaults: 53 %, 19 %.
    """
    window = _first_rung("asha", start_fraction, start_step, max_step, length)
    return _halving("asha", factor, 1, window)


def _hyperband(
    *,
    factor: int = 3,
    brackets: int = 3,
    start_fraction: float = 1 / 9,
    start_step: float | None = None,
    max_step: float | None = None,
    length: str | float | None = None,
) -> MakePruner:
    """Several ladders of `asha`, each from one rung higher. Not measured; milder than `asha`."""
    whole_number("pruner 'hyperband': brackets", brackets, 1)
    window = _first_rung("hyperband", start_fraction, start_step, max_step, length)
    return _halving("hyperband", factor, brackets, window)


def _first_rung(
    name: str,
    start_fraction: float,
    start_step: float | None,
    max_step: float | None,
    length: str | float | None,
) -> Window:
    if start_fraction == 0 or start_step == 0:
        raise SpecError(
            f"pruner {name!r}: the first rung must be above step 0; give start_fraction or "
            "start_step above 0"
        )
    return checked_window(
        name,
        start_fraction=start_fraction,
        start_step=start_step,
        max_step=max_step,
        length=length,
    )


def _halving(name: str, factor: int, brackets: int, window: Window) -> MakePruner:
    whole_number(f"pruner {name!r}: factor", factor, 2)
    options = Halving(name=name, factor=factor, brackets=brackets, window=window)
    return lambda direction: HalvingPruner(options, direction)


def _threshold(
    *, lower: float | None = None, upper: float | None = None, start_step: float = 0
) -> MakePruner:
    """Out of the user's bounds, or NaN. What it costs depends on the bounds."""
    if lower is None and upper is None:
        raise SpecError("pruner 'threshold': give lower= or upper=, or both")
    for what, bound in (("lower", lower), ("upper", upper)):
        if bound is not None:
            check_number(f"'threshold': {what}", bound)
    if lower is not None and upper is not None and lower > upper:
        raise SpecError(
            f"pruner 'threshold': lower={lower!r} is above upper={upper!r}; swap or correct them"
        )
    check_number("'threshold': start_step", start_step, 0)
    return lambda _: ThresholdPruner(lower, upper, start_step)


def _patient(
    *,
    wraps: str | None = "median",
    patience: int = 3,
    min_delta: float = 0.0,
    **options: Any,  # noqa: ANN401 - those of the wrapped type, checked by it
) -> MakePruner:
    """No improvement for a while, and another rule agrees. Measured on a median: 0 %, 84 %."""
    whole_number("pruner 'patient': patience", patience, 1)
    check_number("'patient': min_delta", min_delta, 0)
    if wraps is None and options:
        raise SpecError(
            f"pruner 'patient': {', '.join(map(repr, options))} belongs to no wrapped pruner; "
            "give wraps= with its type, or leave it out"
        )
    make = None if wraps is None else PRUNERS.create(wraps, options)
    return lambda direction: PatientPruner(
        patience, min_delta, make(direction) if make else None, direction
    )


def _wilcoxon(*, p_threshold: float = 0.1, startup_steps: int = 2) -> MakePruner:
    """Loses against the best on the same folds. Measured with ten folds: 0 %, 49 %."""
    check_number("'wilcoxon': p_threshold", p_threshold, 0, 1)
    whole_number("pruner 'wilcoxon': startup_steps", startup_steps, 2)

    def make(direction: Direction) -> Pruner:
        if importlib.util.find_spec("scipy") is None:
            raise SpecError(
                "pruner 'wilcoxon' needs scipy, which is not installed: pip install scipy"
            )
        return WilcoxonPruner(p_threshold, startup_steps, direction)

    return make


def _assessor(  # noqa: PLR0913 - the manual's four, and three more
    *,
    start_step: float | None = None,
    moving_avg: int = 5,
    proportion: float = 0.25,
    patience: int = 3,
    startup_trials: int = 5,
    start_fraction: float = 0.25,
    max_step: float | None = None,
    length: str | float | None = None,
) -> MakePruner:
    """Among the worst for some rungs in a row. Not measured; the worst quarter at most."""
    whole_number("pruner 'assessor': moving_avg", moving_avg, 1)
    whole_number("pruner 'assessor': patience", patience, 1)
    whole_number("pruner 'assessor': startup_trials", startup_trials, 1)
    check_number("'assessor': proportion", proportion, 0, 1)
    window = checked_window(
        "assessor",
        start_fraction=start_fraction,
        start_step=start_step,
        max_step=max_step,
        length=length,
    )
    options = Assessor(
        moving_avg=moving_avg,
        proportion=proportion,
        patience=patience,
        startup_trials=startup_trials,
        window=window,
    )
    return lambda direction: AssessorPruner(options, direction)


PRUNERS: Registry[MakePruner] = Registry(
    "pruner",
    {
        "asha": _asha,
        "assessor": _assessor,
        "both": _both,
        "hyperband": _hyperband,
        "median": _median,
        "patient": _patient,
        "percentile": _percentile,
        "threshold": _threshold,
        "wilcoxon": _wilcoxon,
    },
)


def make_pruner(spec_type: str, options: Mapping[str, Any], direction: Direction) -> Pruner:
    """Return a pruner; some load Optuna, which takes 0.2 s once, here or when they compare.

    Raises:
        SpecError: the type or an option is unknown, or an option's value is not allowed.
    """
    return PRUNERS.create(spec_type, options)(direction)
