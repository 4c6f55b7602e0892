"""Readers of several metrics, the weighted sum of which ranks trials."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from automl.errors import SpecError
from automl.space.numbers import is_number
from automl.spelling.spelling import OPEN, spelled
from automl.study.objective import Direction, Final, Objective
from automl.study.tasks.reader import Reader


@dataclass(frozen=True, slots=True)
class WeightedReaders:
    """Readers of several metrics, each with its weight in a sum.

    Args:
        readers: one for each metric.
        weights: by metric, finite and not 0; a negative one where a large number is bad.
        finals: which of a metric's measurements counts, for metrics that do not take the study's.

    Raises:
        SpecError: a weight is not allowed.
    """

    readers: tuple[Reader, ...]
    weights: Mapping[str, float]
    finals: Mapping[str, Final]

    def __post_init__(self) -> None:
        for name, weight in self.weights.items():
            if not is_number(weight) or not math.isfinite(weight):
                raise SpecError(
                    f"reader: metric_dict: the weight of {name!r} must be a finite number, got "
                    f"{weight!r}"
                )
            if not weight:
                raise SpecError(
                    f"reader: metric_dict: the weight of {name!r} is 0; leave it out, or give it "
                    f"a reader of its own, {spelled('metric', OPEN)}, if it is to be recorded"
                )

    def objectives(self, direction: Direction, final: Final) -> list[Objective]:
        """Return what makes up the sum.

        Args:
            direction: whether a large sum is better, or a small one.
            final: which measurement counts of a metric that does not say so itself.
        """
        better = {1: direction, -1: direction.opposite}
        return [
            Objective(
                metric=name,
                direction=better[1 if weight > 0 else -1],
                final=self.finals.get(name, final),
                weight=abs(weight),
            )
            for name, weight in self.weights.items()
        ]
