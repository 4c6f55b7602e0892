"""What is told of a model at the end of each epoch, and when its training ends early."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from automl.inside.calling.numbers import as_number
from automl.inside.models.metrics import MAXIMIZE, reported_name
from automl.inside.reports import Report, write_report


class Reporting(Protocol):
    """What a trial offers for that."""

    dir: str

    def report(self, value: float, step: int) -> None:
        """Tell a value on the way."""
        ...

    def should_prune(self) -> bool:
        """Tell whether the study wants the trial to end."""
        ...


class EpochEnds:
    """Reports a metric at the end of each epoch, as a callback of Keras.

    The other metrics are told as well, so that models need no new training to be ranked by one.

    Args:
        trial: is told.
        metric: as the user names it, with what the names of the validation begin with.
        stop: ends the training of the model after this epoch.

    Attributes:
        value: of the last epoch; None before the first.
        step: the number of that epoch, from 1; 0 before the first.
        best: the best so far, by `direction`.
        pruned: whether the study wanted the trial to end.
    """

    def __init__(
        self, trial: Reporting, metric: str, direction: str, stop: Callable[[], None]
    ) -> None:
        self._trial = trial
        self._metric = metric
        self._up = direction == MAXIMIZE
        self._stop = stop
        self.value: float | None = None
        self.step = 0
        self.best: float | None = None
        self.pruned = False

    def __call__(self, epoch: int, logs: Mapping[str, Any] | None = None) -> bool:
        """Take in the end of an epoch; return whether it was the best so far.

        Raises:
            ValueError: the model has no such metric, or its value is no finite number.
        """
        logs = logs or {}
        name = reported_name(self._metric, list(logs))
        value = as_number(f"metric {name!r}", logs[name])
        if not math.isfinite(value):
            raise ValueError(f"{name} is {value} after epoch {epoch + 1}")
        self.value, self.step = value, epoch + 1
        self._trial.report(value, self.step)
        self._tell_others({**logs, self._metric: None}, self.step)
        better = self.best is None or (value > self.best if self._up else value < self.best)
        if better:
            self.best = value
        if self._trial.should_prune():
            self.pruned = True
            self._stop()
        return better

    def _tell_others(self, logs: Mapping[str, Any], step: int) -> None:
        for name, value in logs.items():
            if isinstance(value, int | float) and math.isfinite(value):
                write_report(self._trial.dir, Report(name, float(value), step))
