"""Weights of classes as weights of rows: Keras takes them for generators in no other form."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from automl.errors import SpecError, shown
from automl.inside.calling.numbers import as_number

_WITH_TARGETS, _WITH_WEIGHTS = 2, 3


def weights_of(given: Any) -> dict[int, float] | None:  # noqa: ANN401 - whatever a user gives
    """Return `class_weight=` as weights by the numbers of classes; None: all alike.

    Raises:
        SpecError: it is no such thing.
    """
    if given is None:
        return None
    try:
        # A column of pandas is no Mapping, but has the same.
        return {_class(one): _weight(weight) for one, weight in given.items()}
    except (AttributeError, TypeError, ValueError) as error:
        raise SpecError(
            "class_weight must give the weight of each class by its number, such as "
            f"{{0: 1.0, 1: 3.0}}, got {shown(given)}",
            place="class_weight",
        ) from error


def _class(given: Any) -> int:  # noqa: ANN401 - as above
    number = as_number("a class", given)
    if isinstance(given, str) or not number.is_integer():
        raise ValueError(given)
    return int(number)


def _weight(given: Any) -> float:  # noqa: ANN401 - as above
    weight = as_number("a weight", given)
    if isinstance(given, str | bool) or not math.isfinite(weight) or weight < 0:
        raise ValueError(given)
    return weight


def weighing(by_class: Mapping[int, float]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what adds weights to batches `(x, y)`; a class that is not named has the weight 1.

    Args:
        by_class: the weight of each class, by its number.
    """
    import numpy as np  # noqa: PLC0415 - only where there are classes

    def weighted(batch: Any) -> tuple[Any, ...]:  # noqa: ANN401 - as users have batches
        parts = tuple(batch) if isinstance(batch, list | tuple) else (batch,)
        if len(parts) == _WITH_WEIGHTS:
            raise ValueError("class_weight= is given, and the batches have weights; give one")
        if len(parts) != _WITH_TARGETS or isinstance(parts[1], Mapping | list | tuple):
            raise ValueError(
                "class_weight= needs batches (x, y) with one array of targets; of several outputs, "
                "give weights of the rows, as in (x, y, weights)"
            )
        targets = np.asarray(parts[1])
        if targets.ndim > 1 and targets.shape[-1] > 1:
            targets = targets.argmax(-1)
        classes = targets.reshape(len(targets)).round().astype(int)
        return *parts, np.array([by_class.get(one, 1.0) for one in classes.tolist()])

    return weighted
