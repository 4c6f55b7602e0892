"""Weights of classes as weights of rows: Keras takes them for generators in no other form."""

from collections.abc import Callable, Mapping
from typing import Any

_WITH_TARGETS, _WITH_WEIGHTS = 2, 3


def weighing(class_weight: Mapping[Any, float]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what adds weights to batches `(x, y)`; a class that is not named has the weight 1.

    Args:
        class_weight: the weight of each class, by its number.
    """
    import numpy as np  # noqa: PLC0415 - only where there are classes

    by_class = {int(one): float(weight) for one, weight in class_weight.items()}

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
