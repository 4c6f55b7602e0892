"""The arguments of `tune`, checked, as what its trials do: the same in each of their processes."""

import operator
from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError, shown
from automl.inside.calling.numbers import as_number
from automl.inside.models.batches import Cut, is_function, source_of
from automl.inside.models.callbacks import given_callbacks
from automl.inside.models.data import TRAIN, VALIDATION, Data
from automl.inside.models.metrics import MAXIMIZE, MINIMIZE, direction_of, ranked_name
from automl.inside.models.options import call_with, options_of
from automl.inside.models.training import Training
from automl.inside.models.weights import weights_of

LAST, BEST = "last", "best"
"""Which epoch of a model counts."""

DEFAULTS: Mapping[str, Any] = {
    "train": None,
    "validation": None,
    "steps_per_epoch": None,
    "epochs": 1,
    "metric": "loss",
    "direction": None,
    "final": LAST,
    "validation_steps": None,
    "batch_size": 32,
    "shuffle": True,
    "data_fraction": None,
    "stratify": False,
    "class_weight": None,
    "callbacks": (),
    "verbose": 2,
}
"""The arguments of `tune` for the training of each model; what else it takes is for the study."""


def training_of(
    build_model: Any,  # noqa: ANN401 - whatever a user gives
    params: object,
    arguments: Mapping[str, Any],
) -> Training:
    """Return what each trial does.

    Args:
        build_model: builds a model.
        params: the options that there are.
        arguments: the other arguments of `tune`, those for the study included.

    Raises:
        SpecError: an argument is not allowed; a ValueError too.
    """
    if not callable(build_model):
        raise SpecError(
            f"build_model must be a function that returns a compiled model, got "
            f"{shown(build_model)}; give the function itself, without calling it",
            place="build_model",
        )
    given = {**DEFAULTS, **arguments}
    options = options_of(params)
    call_with(build_model, {name: values[0] for name, values in options.choices.items()})
    data = _data(given)
    metric, direction = _ranked_by(given, validated=data.validation is not None)
    return Training(
        build_model=build_model,
        options=options,
        data=data,
        epochs=whole("epochs", given["epochs"]),
        metric=metric,
        direction=direction,
        of_best=_one_of("final", given["final"], (LAST, BEST)) == BEST,
        class_weight=weights_of(given["class_weight"]),
        callbacks=given_callbacks(given["callbacks"]),
        verbose=given["verbose"],
        # Trials that are repeated to see how much they differ need different seeds.
        seed=None if given.get("repeats", 1) != 1 or given.get("confirm") else data.seed,
    )


def _data(given: Mapping[str, Any]) -> Data:
    if given["train"] is None:
        raise SpecError(
            "train is needed: a function that returns a generator of batches, or arrays (x, y)",
            place="train",
        )
    batch_size = whole("batch_size", given["batch_size"])
    for name in (TRAIN, VALIDATION):
        _check_source(name, given[name], batch_size)
    if given["data_fraction"] is None and given["stratify"] is not False:
        raise SpecError(
            "stratify is for a share of the data, so data_fraction is needed too", place="stratify"
        )
    seed = given.get("seed")
    return Data(
        train=given["train"],
        validation=given["validation"],
        steps_per_epoch=_whole_or_none("steps_per_epoch", given["steps_per_epoch"]),
        validation_steps=_whole_or_none("validation_steps", given["validation_steps"]),
        batch_size=batch_size,
        shuffle=bool(given["shuffle"]),
        data_fraction=_fraction(given["data_fraction"]),
        stratify=given["stratify"],
        seed=0 if seed is None else seed,
    )


def _check_source(name: str, given: Any, batch_size: int) -> None:  # noqa: ANN401 - as users have it
    """Raise SpecError for data that can be seen to be none; what a function returns cannot."""
    if given is None or is_function(given):
        return
    try:
        source_of(name, given, Cut(batch_size))
    except (TypeError, ValueError) as error:
        raise SpecError(str(error), place=name) from None


def _ranked_by(given: Mapping[str, Any], *, validated: bool) -> tuple[str, str]:
    """Return the name of the metric that models are ranked by, and what is better."""
    metric, direction = given["metric"], given["direction"]
    if not isinstance(metric, str) or not metric.strip():
        raise SpecError(
            f"metric must be the name of a metric as the model reports it, such as 'loss' or "
            f"'auc', got {shown(metric)}",
            place="metric",
        )
    found = (
        direction_of(metric) if direction is None else str(getattr(direction, "value", direction))
    )
    if found not in {MINIMIZE, MAXIMIZE}:
        raise SpecError(
            f"direction is needed, as the name {metric!r} does not tell what is better: 'maximize' "
            "or 'minimize'"
            if direction is None
            else f"direction must be 'minimize' or 'maximize', got {shown(direction)}",
            place="direction",
        )
    return ranked_name(metric, validated=validated), str(found)


def whole(name: str, given: Any) -> int:  # noqa: ANN401 - whatever a user gives
    """Return a number of something, from 1 on.

    Raises:
        SpecError: it is none.
    """
    try:
        number = operator.index(given)
    except TypeError:
        number = 0
    if number < 1 or isinstance(given, bool):
        raise SpecError(f"{name} must be a whole number from 1 on, got {shown(given)}", place=name)
    return number


def _whole_or_none(name: str, given: Any) -> int | None:  # noqa: ANN401 - as above
    return None if given is None else whole(name, given)


def _one_of(name: str, given: object, allowed: tuple[str, ...]) -> str:
    if given not in allowed:
        told = " or ".join(map(repr, allowed))
        raise SpecError(f"{name} must be {told}, got {shown(given)}", place=name)
    return str(given)


def _fraction(given: Any) -> float | None:  # noqa: ANN401 - as above
    if given is None:
        return None
    try:
        fraction = as_number("data_fraction", given)
    except TypeError:
        fraction = 0.0
    if isinstance(given, bool | str) or not 0 < fraction <= 1:
        raise SpecError(
            f"data_fraction must be a number above 0 and at most 1, got {shown(given)}",
            place="data_fraction",
        )
    return fraction
