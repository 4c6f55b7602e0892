"""What can be read of a study, whether this process ran it or finds it on disk."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from automl.errors import AutomlError
from automl.journal.fold import fold
from automl.journal.folder import StudyFolder
from automl.journal.journal import load
from automl.search.importance import importance
from automl.search.optuna.plain_study import plain_study
from automl.show.columns import Columns, further_columns, table_columns
from automl.show.fitting import Extent
from automl.show.table import results_table
from automl.show.table_text import table_text
from automl.space.space import SearchSpace
from automl.study.objective import Objectives
from automl.study.ranking.curve import Curve
from automl.study.ranking.rank import best, ended_once, has_value, inside
from automl.study.trial import Trial

if TYPE_CHECKING:
    from automl.search.optuna.plain_study import PlainStudy
    from automl.show.table import Table


_JUDGED_TRIALS = 2000
"""By so many trials at the most, which takes a moment, columns are chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A study at one moment.

    Attributes:
        name: the study's.
        space: its parameters, None before its first controller has described them.
        objectives: what trials are ranked by.
        trials: every trial, by id.
    """

    name: str
    space: SearchSpace | None
    objectives: Objectives
    trials: Sequence[Trial]


class StudyView(ABC):
    """The reading side of a study."""

    @abstractmethod
    def _snapshot(self) -> Snapshot:
        """Return what is known now."""

    @abstractmethod
    def _curves(self) -> Mapping[int, Curve]:
        """Return the recorded measurements of the trials."""

    def _notes(self, now: Snapshot) -> Mapping[int, Mapping[str, Any]]:
        """Return what functions noted of their trials, by trial."""
        del now
        return {}

    @property
    def results(self) -> Table:
        """The table of the trials of which a launch ended, best first."""
        return self.table()

    def table(self, *, full: bool = False) -> Table:
        """Return the ranked table.

        Args:
            full: add state, reason, start, duration, attempts, exit code, peak memory, CPU
                seconds and number of measurements, and the trials of which no launch has ended.
        """
        now = self._snapshot()
        names = now.space.names if now.space else ()
        trials = now.trials if full else ended_once(now.trials)
        return results_table(trials, names, objectives=now.objectives, full=full, space=now.space)

    def columns(self, *, full: bool) -> Columns:
        """Return what the columns of `table` hold; it loads no pandas."""
        return _columns(self._snapshot(), full=full)

    def _table_text(self, extent: Extent, file: str) -> str:
        """Return as much of the table as text as is asked for; it loads no pandas.

        Args:
            extent: how much.
            file: the name of the file that holds all of it.
        """
        return text_of(self._snapshot(), extent, file)

    @property
    def objectives(self) -> Objectives:
        """What the trials are ranked by."""
        return self._snapshot().objectives

    def importance(self) -> dict[str, float]:
        """Return each parameter's share in what makes a trial one of the best, largest first.

        The shares sum to 1; they are PED-ANOVA's, over the completed trials.

        Raises:
            AutomlError: fewer than 16 trials completed, or several objectives rank them.
        """
        now = self._snapshot()
        if now.space is None:
            raise AutomlError(f"the study {now.name!r} has no trials yet")
        if not now.objectives.single:
            raise AutomlError(
                "importance() needs one value to rank by, and the study has several objectives; "
                "give them weights, or use optuna.importance on to_optuna()"
            )
        return importance(now.space, now.objectives.direction, now.trials)

    def to_optuna(self) -> PlainStudy:
        """Return a copy of the study as Optuna's, in memory: its plots and dashboard work on it.

        Raises:
            AutomlError: the study has not begun, or a range is wider than Optuna can show.
        """
        now = self._snapshot()
        if now.space is None:
            raise AutomlError(f"the study {now.name!r} has no trials yet")
        return plain_study(
            now.name, now.space, now.objectives, now.trials, self._curves(), self._notes(now)
        )

    @property
    def trials(self) -> list[Trial]:
        """Every trial, by id."""
        return list(self._snapshot().trials)

    @property
    def ok(self) -> bool:
        """Whether any trial has a value; a script may end with `sys.exit(not tuner.ok)`."""
        return any(has_value(trial) for trial in self._snapshot().trials)

    @property
    def best_trial(self) -> Trial:
        """The best completed trial that lies in the space; AutomlError if none has a value."""
        now = self._snapshot()
        found = best(inside(now.trials, now.space), now.objectives)
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


def text_of(now: Snapshot, extent: Extent, file: str) -> str:
    """Return as much of a study's table as text as is asked for; it loads no pandas.

    Args:
        now: the study.
        extent: how much.
        file: the name of the file that holds all of it.
    """
    columns = _columns(now, full=False)
    further = further_columns(columns, now.objectives)
    return table_text(columns, extent, importance=lambda: _shares(now), file=file, further=further)


def _columns(now: Snapshot, *, full: bool) -> Columns:
    names = now.space.names if now.space else ()
    trials = now.trials if full else ended_once(now.trials)
    return table_columns(trials, names, objectives=now.objectives, full=full, space=now.space)


def _shares(now: Snapshot) -> dict[str, float]:
    """Return how much each parameter matters; by their order in the space where nobody knows."""
    if now.space is None:
        return {}
    # Where the space is learnt, trials tell the names.
    asked = (name for trial in now.trials for name in trial.params)
    names = now.space.names or dict.fromkeys(asked)
    shares = {name: 1 / place for place, name in enumerate(names, start=1)}
    with suppress(AutomlError):
        if now.objectives.single:
            few = now.trials[:: len(now.trials) // _JUDGED_TRIALS + 1]
            found = importance(now.space, now.objectives.direction, few)
            owners = {name: one.name for one in now.space.parameters for name in one.names}
            shares = {name: found.get(owners.get(name, name), 0.0) for name in names}
    return shares


def curves_in(folder: StudyFolder) -> Mapping[int, Curve]:
    """Return the measurements that the journal of a study records, by trial.

    Raises:
        JournalError: the journal cannot be read.
    """
    return fold(load(folder.journal)[0], curves=True).curves or {}
