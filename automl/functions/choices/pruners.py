"""Optuna's pruners by their names and arguments, as pruners of a study."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError, shown
from automl.search.pruning.pruners import PRUNERS
from automl.space.numbers import whole_number
from automl.study.spec import PrunerSpec


@dataclass(frozen=True, slots=True)
class Pruner:
    """What ends trials that ask `should_prune`.

    Args:
        spec: by its type and options; None: nothing does.
    """

    spec: PrunerSpec | None

    def __init_subclass__(cls) -> None:
        raise TypeError(
            f"{cls.__name__}: pruners are those of automl.pruners; one of your own is not for a "
            "study here. Let the objective raise TrialPruned by a rule of its own"
        )


BasePruner = Pruner


def NopPruner() -> Pruner:  # noqa: N802 - Optuna's name
    """Return what ends no trial."""
    return Pruner(None)


def MedianPruner(  # noqa: N802 - Optuna's name
    n_startup_trials: int = 5,
    n_warmup_steps: int = 0,
    interval_steps: int = 1,
    *,
    n_min_trials: int = 1,
) -> Pruner:
    """Return `median`; for the arguments see `PercentilePruner`."""
    return _quantile("median", {}, n_startup_trials, n_warmup_steps, interval_steps, n_min_trials)


def PercentilePruner(  # noqa: N802 - Optuna's name
    percentile: float,
    n_startup_trials: int = 5,
    n_warmup_steps: int = 0,
    interval_steps: int = 1,
    *,
    n_min_trials: int = 1,
) -> Pruner:
    """Return `percentile`.

    Args:
        percentile: a trial that is not among so many percent of the best is ended.
        n_startup_trials: so many trials must have completed before.
        n_warmup_steps: the first step at which a trial may be ended.
        interval_steps: 1: at every step.
        n_min_trials: so many must have reached the step.
    """
    return _quantile(
        "percentile",
        {"percentile": percentile},
        n_startup_trials,
        n_warmup_steps,
        interval_steps,
        n_min_trials,
    )


def SuccessiveHalvingPruner(  # noqa: N802 - Optuna's name
    min_resource: str | int = "auto",
    reduction_factor: int = 4,
    min_early_stopping_rate: int = 0,
    bootstrap_count: int = 0,
) -> Pruner:
    """Return `asha`.

    Args:
        min_resource: the first rung; `auto`: by the length of the trials.
        reduction_factor: one trial in so many goes on from a rung.
        min_early_stopping_rate: the first rung is so many rungs higher.
        bootstrap_count: 0.
    """
    _check_only("bootstrap_count", bootstrap_count, 0)
    whole_number("min_early_stopping_rate", min_early_stopping_rate, 0)
    options: dict[str, Any] = {"factor": reduction_factor}
    if min_resource != "auto":
        first = whole_number("min_resource", min_resource, 1)
        whole_number("reduction_factor", reduction_factor, 2)
        options["start_step"] = first * reduction_factor**min_early_stopping_rate
    return _pruner("asha", options)


def HyperbandPruner(  # noqa: N802 - Optuna's name
    min_resource: int = 1,
    max_resource: str | int = "auto",
    reduction_factor: int = 3,
    bootstrap_count: int = 0,
) -> Pruner:
    """Return `hyperband`.

    Args:
        min_resource: the first rung.
        max_resource: the last step of a trial; `auto`: that of those that completed.
        reduction_factor: one trial in so many goes on from a rung.
        bootstrap_count: 0.
    """
    _check_only("bootstrap_count", bootstrap_count, 0)
    first = whole_number("min_resource", min_resource, 1)
    factor = whole_number("reduction_factor", reduction_factor, 2)
    options: dict[str, Any] = {"factor": factor, "start_step": first}
    if max_resource != "auto":
        last = whole_number("max_resource", max_resource, first)
        # As Optuna has it, with room for what a logarithm of whole powers is off by.
        brackets = math.floor(math.log(last / first, factor) + 1e-9) + 1
        options |= {"max_step": last, "brackets": brackets}
    return _pruner("hyperband", options)


def ThresholdPruner(  # noqa: N802 - Optuna's name
    lower: float | None = None,
    upper: float | None = None,
    n_warmup_steps: int = 0,
    interval_steps: int = 1,
) -> Pruner:
    """Return `threshold`."""
    _check_only("interval_steps", interval_steps, 1)
    return _pruner("threshold", {"lower": lower, "upper": upper, "start_step": n_warmup_steps})


def PatientPruner(  # noqa: N802 - Optuna's name
    wrapped_pruner: Pruner | None, patience: int, min_delta: float = 0.0
) -> Pruner:
    """Return `patient`.

    Args:
        wrapped_pruner: what must agree; None for nothing.
        patience: for so many steps nothing became better.
        min_delta: by more than this.
    """
    options: dict[str, Any] = {"wraps": None, "patience": patience, "min_delta": min_delta}
    if wrapped_pruner is not None:
        if not isinstance(wrapped_pruner, Pruner):
            raise SpecError(
                "PatientPruner: wrapped_pruner must be a pruner of automl.pruners, got "
                f"{shown(wrapped_pruner)}"
            )
        if wrapped_pruner.spec is None:
            return NopPruner()
        options |= {"wraps": wrapped_pruner.spec.type, **wrapped_pruner.spec.options}
    return _pruner("patient", options)


def WilcoxonPruner(  # noqa: N802 - Optuna's name
    *, p_threshold: float = 0.1, n_startup_steps: int = 2
) -> Pruner:
    """Return `wilcoxon`, for steps that are the same folds or data sets in each trial."""
    return _pruner("wilcoxon", {"p_threshold": p_threshold, "startup_steps": n_startup_steps})


def _quantile(
    kind: str,
    options: Mapping[str, Any],
    n_startup_trials: int,
    n_warmup_steps: int,
    interval_steps: int,
    n_min_trials: int,
) -> Pruner:
    _check_only("interval_steps", interval_steps, 1)
    whole_number("n_startup_trials", n_startup_trials, 0)
    whole_number("n_warmup_steps", n_warmup_steps, 0)
    whole_number("n_min_trials", n_min_trials, 1)
    return _pruner(
        kind,
        {
            **options,
            # Those that completed, and those that reached the step, are one number here.
            "startup_trials": max(n_startup_trials, n_min_trials),
            "start_step": n_warmup_steps,
        },
    )


def _check_only(name: str, given: object, only: int) -> None:
    if given != only:
        raise SpecError(
            f"{name} must be {only}, got {shown(given)}: curves are compared at common steps, and "
            "a verdict holds for a trial once it is made; leave it out"
        )


def _pruner(kind: str, options: Mapping[str, Any]) -> Pruner:
    PRUNERS.create(kind, options)
    return Pruner(PrunerSpec(type=kind, options=options))
