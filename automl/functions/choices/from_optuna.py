"""Samplers and pruners that are Optuna's own objects, as ours by their arguments."""

import inspect
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FunctionType
from typing import Any

from automl.errors import SpecError
from automl.functions.choices import pruners, samplers
from automl.functions.choices.pruners import Pruner
from automl.functions.choices.samplers import Sampler
from automl.quiet import muted

_SAMPLERS = {
    "TPESampler": ("n_startup_trials", "multivariate", "group", "constant_liar"),
    "RandomSampler": (),
    "QMCSampler": ("qmc_type", "scramble"),
    "BruteForceSampler": (),
    "GridSampler": ("search_space",),
    "CmaEsSampler": ("n_startup_trials", "popsize"),
    "NSGAIISampler": ("population_size",),
    "NSGAIIISampler": ("population_size",),
    "GPSampler": ("n_startup_trials",),
}
"""The arguments of samplers that ours have too; Optuna keeps them by these names."""

_QUANTILE = ("n_startup_trials", "n_warmup_steps", "interval_steps", "n_min_trials")
_PRUNERS = {
    "MedianPruner": _QUANTILE,
    "PercentilePruner": ("percentile", *_QUANTILE),
    "SuccessiveHalvingPruner": (
        "min_resource",
        "reduction_factor",
        "min_early_stopping_rate",
        "bootstrap_count",
    ),
    "HyperbandPruner": ("min_resource", "max_resource", "reduction_factor", "bootstrap_count"),
    "NopPruner": (),
    "ThresholdPruner": ("lower", "upper", "n_warmup_steps", "interval_steps"),
    "PatientPruner": ("wrapped_pruner", "patience", "min_delta"),
    "WilcoxonPruner": ("p_threshold", "n_startup_steps"),
}
"""The same of pruners; they have no others."""

_PLAIN = (bool, int, float, str, tuple, dict, list, FunctionType)
_DRAWS = {"_rng", "_seed", "_cma_rng", "_random_sampler"}
"""What follows from the seed."""

_DEPTH = 4
"""So deep are the settings of a sampler within what it is made of."""


def sampler_from(given: object) -> Sampler | None:
    """Return our sampler for one of Optuna's, None for any other object.

    Its seed is not taken, as Optuna does not keep it: `create_study` has one of its own.

    Raises:
        SpecError: it has settings that ours does not have.
    """
    name = type(given).__name__
    if not type(given).__module__.startswith("optuna.samplers") or name not in _SAMPLERS:
        return None
    with _readable("sampler", name):
        arguments = _arguments(given, _SAMPLERS[name])
        further = _further(given, arguments)
    if further:
        raise SpecError(
            f"sampler: {name} has {further} set, which automl has not; "
            f"{samplers.instead(name, further)}",
            place="sampler",
        )
    found: Sampler = getattr(samplers, name)(**arguments)
    return found


def pruner_from(given: object) -> Pruner | None:
    """Return our pruner for one of Optuna's, None for any other object.

    Raises:
        SpecError: it has settings that ours does not have.
    """
    name = type(given).__name__
    if not type(given).__module__.startswith("optuna.pruners") or name not in _PRUNERS:
        return None
    with _readable("pruner", name):
        arguments = _arguments(given, _PRUNERS[name])
        further = _newer(given, _PRUNERS[name])
    if further:
        raise SpecError(
            f"pruner: {name} has {further} set, which automl has not; leave it out, or give "
            f"automl.pruners.{name}(...)",
            place="pruner",
        )
    if name == "PatientPruner" and arguments["wrapped_pruner"] is not None:
        arguments["wrapped_pruner"] = pruner_from(arguments["wrapped_pruner"])
    if name == "SuccessiveHalvingPruner" and arguments["min_resource"] is None:
        # Optuna keeps the word as nothing, until it knows the number.
        arguments["min_resource"] = "auto"
    found: Pruner = getattr(pruners, name)(**arguments)
    return found


@contextmanager
def _readable(what: str, name: str) -> Iterator[None]:
    """Tell what to do where another release of Optuna keeps arguments otherwise."""
    try:
        yield
    except (AttributeError, TypeError, LookupError) as error:
        raise SpecError(
            f"{what}: the arguments of {name} cannot be read from the object of this release of "
            f"Optuna ({error}); give automl.{what}s.{name}(...) with the same arguments",
            place=what,
        ) from error


def _newer(given: object, known: tuple[str, ...]) -> str:
    """Return the name of an argument of a pruner that is not known here, and was given."""
    for name, one in inspect.signature(type(given)).parameters.items():
        if name not in known and getattr(given, f"_{name}") != one.default:
            return name
    return ""


def _arguments(given: object, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the arguments of an object; bounds that are none are left out."""
    found = {name: getattr(given, f"_{name}") for name in names}
    return {
        name: value
        for name, value in found.items()
        if not (isinstance(value, float) and math.isinf(value))
    }


def _further(given: Any, arguments: Mapping[str, Any]) -> str:  # noqa: ANN401 - a sampler
    """Return the name of a setting that the arguments do not tell, empty if there is none."""
    if type(given).__name__ == "GridSampler":
        # It has no others, and keeps its grid in an order of its own.
        return ""
    # What it says of itself, it has said when the user made it.
    with muted(Warning):
        plain = type(given)(**arguments)
    # What a setting was called when it was given comes before what follows from it.
    called = inspect.signature(type(given)).parameters
    names = sorted(vars(given), key=lambda name: name.lstrip("_") not in called)
    settings = {name: getattr(given, name) for name in names}
    return _difference(settings, vars(plain), _DEPTH).lstrip("_")


def _difference(given: Mapping[str, Any], plain: Mapping[str, Any], depth: int) -> str:
    for name, mine in given.items():
        if name in _DRAWS or name not in plain:
            continue
        theirs = plain[name]
        if type(mine) is not type(theirs):
            return name
        if hasattr(mine, "_asdict"):
            fields, others = mine._asdict(), theirs._asdict()
            inner = next((key for key, value in fields.items() if value != others[key]), "")
        elif isinstance(mine, _PLAIN):
            inner = "" if mine == theirs else name
        else:
            within = depth and hasattr(mine, "__dict__")
            inner = _difference(vars(mine), vars(theirs), depth - 1) if within else ""
        if inner:
            return inner
    return ""
