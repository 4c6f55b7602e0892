"""What a study of a function found, by Optuna's words; read from the study's folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from automl.functions.names.enums import TrialState
from automl.functions.noted import Noted
from automl.functions.trials.frozen_trial import FrozenTrial
from automl.functions.trials.shown_trial import shown_trial
from automl.inside.attrs import attrs_in
from automl.patience import patiently
from automl.show.frames.trials import trials_frame
from automl.studies.study import Study as StudyOnDisk
from automl.study.ranking.rank import best, fronts, inside, rank
from automl.study.trial import Trial

if TYPE_CHECKING:
    from automl.show.table import Table

ATTRS = ("number", "value", "datetime_start", "datetime_complete", "duration", "params")
ATTRS_BEHIND = ("user_attrs", "system_attrs", "state")

_VALUES = {"value", "values"}
"""What a trial has a number of for each objective."""


class Outcomes(Noted):
    """The reading side of a study."""

    def _trials(self) -> Sequence[Trial]:
        """Return all trials, once the machine can read them: before a study begins."""

        def known() -> Sequence[Trial]:
            found = self._on_disk
            return found.trials if found else ()

        return patiently(known, then="the study begins")

    @property
    def trials(self) -> list[FrozenTrial]:
        """Every trial, by number."""
        return self.get_trials()

    def get_trials(
        self,
        deepcopy: bool = True,  # noqa: FBT001, FBT002 - Optuna's argument
        states: tuple[TrialState, ...] | None = None,
    ) -> list[FrozenTrial]:
        """Return every trial, or those in some states, by number.

        Args:
            deepcopy: nothing, as they are copies.
            states: which.
        """
        del deepcopy
        found = self._on_disk
        if found is None:
            return []
        shown = [self._frozen(trial, found) for trial in found.trials]
        return [one for one in shown if states is None or one.state in states]

    @property
    def best_trial(self) -> FrozenTrial:
        """The completed trial with the best value.

        Raises:
            ValueError: there is none.
            RuntimeError: the study has several objectives.
        """
        found = self._on_disk
        if found is not None and not found.objectives.single:
            raise RuntimeError("the study has several objectives: read `best_trials`")
        one = best(inside(found.trials, None), found.objectives) if found else None
        if one is None or found is None:
            raise ValueError("No trials are completed yet.")
        return self._frozen(one, found)

    @property
    def best_trials(self) -> list[FrozenTrial]:
        """The completed trials than which none is better in every objective."""
        found = self._on_disk
        if found is None:
            return []
        done = [trial for trial in found.trials if self._completed(trial)]
        ranked = rank(done, found.objectives)
        numbers = fronts(ranked, found.objectives)
        leading = [one for one, front in zip(ranked, numbers, strict=True) if front == 1]
        if found.objectives.single:
            values = [one.value for one in ranked[:1]]
            leading = [one for one in ranked if one.value in values]
        return [self._frozen(one, found) for one in sorted(leading, key=lambda one: one.id)]

    @property
    def best_params(self) -> dict[str, Any]:
        """The parameters of the best trial; raises as `best_trial`."""
        return dict(self.best_trial.params)

    @property
    def best_value(self) -> float:
        """The value of the best trial; raises as `best_trial`."""
        values = self.best_trial.values
        assert values is not None  # noqa: S101 - for the type checker: a completed trial has one
        return values[0]

    def trials_dataframe(
        self,
        attrs: tuple[str, ...] = (*ATTRS, *ATTRS_BEHIND),
        multi_index: bool = False,  # noqa: FBT001, FBT002 - Optuna's argument
    ) -> Table:
        """Return the trials as a table, a row for each.

        Args:
            attrs: the attributes of trials that become columns.
            multi_index: whether names within an attribute are a second line of headings.
        """
        several, named = len(self.directions) > 1, self.metric_names
        # Of several objectives, all values.
        columns = ["values" if name == "value" and several else name for name in attrs]
        rows = [{name: getattr(one, name) for name in columns} for one in self.trials]
        for row in rows if named else ():
            row |= {name: _by_name(row[name], named or []) for name in _VALUES & row.keys()}
        return trials_frame(rows, multi_index=multi_index)

    def _completed(self, trial: Trial) -> bool:
        return trial.state.value == "completed" and trial.value is not None

    def _frozen(self, trial: Trial, found: StudyOnDisk) -> FrozenTrial:
        folder = self.folder.trial(trial.id).path
        curve = self._curve(found).get(trial.id)
        return shown_trial(trial, found.objectives, curve, attrs_in(folder), folder)

    def _curve(self, found: StudyOnDisk) -> Mapping[int, Any]:
        return found._curves()  # noqa: SLF001 - of the same door's reading side


def _by_name(value: object, names: Sequence[str]) -> dict[str, object]:
    """Return the numbers of a trial by their names; None for each where it has none."""
    values = value if isinstance(value, list) else [value]
    return dict(
        zip(names, values if len(values) == len(names) else [None] * len(names), strict=True)
    )
