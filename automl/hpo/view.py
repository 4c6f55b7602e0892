"""What can be read of a study, whether this process ran it or finds it on disk."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from automl.errors import AutomlError
from automl.report.ranking import best
from automl.report.table import results_table
from automl.spec.objective import Direction
from automl.spec.trial import Trial

if TYPE_CHECKING:
    from automl.report.table import Table

METRIC = "metric"
"""The name of the ranked value in the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A study at one moment.

    Attributes:
        name: the study's.
        space_names: its parameters in order.
        direction: which value is better.
        trials: every trial, by id.
    """

    name: str
    space_names: Sequence[str]
    direction: Direction
    trials: Sequence[Trial]


class StudyView(ABC):
    """The reading side of a study."""

    @abstractmethod
    def _snapshot(self) -> Snapshot:
        """Return what is known now."""

    @property
    def results(self) -> Table:
        """The table of the trials that ended, best first."""
        return self.table()

    def table(self, *, full: bool = False) -> Table:
        """Return the ranked table.

        Args:
            full: add state, reason, start, duration, attempts, exit code, peak memory, CPU
                seconds and number of measurements, and the trials that have not ended.
        """
        now = self._snapshot()
        return results_table(
            [trial for trial in now.trials if full or trial.state.finished],
            now.space_names,
            metric=METRIC,
            direction=now.direction,
            full=full,
        )

    @property
    def trials(self) -> list[Trial]:
        """Every trial, by id."""
        return list(self._snapshot().trials)

    @property
    def best_trial(self) -> Trial:
        """The best completed trial; AutomlError if none has a value."""
        now = self._snapshot()
        found = best(now.trials, now.direction)
        if found is None:
            raise AutomlError(f"no trial of the study {now.name!r} has a value")
        return found

    @property
    def best_params(self) -> dict[str, Any]:
        """The parameter values of the best trial."""
        return dict(self.best_trial.params)

    @property
    def best_value(self) -> float:
        """The value of the best trial."""
        value = self.best_trial.value
        assert value is not None  # noqa: S101 - for the type checker: a completed trial has one
        return value
