"""Trials that a program adds to a study, as they ended elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from automl.functions.names.enums import TrialState
from automl.inside.asked.fixed import checked
from automl.inside.ranges import as_json
from automl.space.values import json_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A trial that ended elsewhere, or waits.

    Attributes:
        state: where it stands.
        params: its values by name, as JSON has them.
        ranges: the range of each, Optuna's objects or ours.
        values: what it is ranked by; None where it is not complete.
        reports: what it reported, by step.
        attrs: notes of it.
    """

    state: TrialState
    params: Mapping[str, Any]
    ranges: Mapping[str, Any]
    values: list[float] | None
    reports: Mapping[int, float]
    attrs: Mapping[str, Any]

    def is_like(self, other: Any) -> bool:  # noqa: ANN401 - a trial as it is shown
        """Tell whether a trial of the study is this one."""
        ranked = self.state == TrialState.COMPLETE
        return bool(
            other.state == self.state
            and other.params == self.params
            and (not ranked or other.values == self.values)
            and other.user_attrs == self.attrs
            and other.intermediate_values == self.reports
        )


def added(trial: Any) -> Added:  # noqa: ANN401 - Optuna's own, or ours
    """Return what is known of a trial that is to be added.

    Raises:
        TypeError: it is no trial.
        ValueError: it runs, or a value has no range.
        SpecError: a value cannot be written as JSON; a ValueError too.
    """
    try:
        state, params, ranges = TrialState(trial.state), trial.params, trial.distributions
        values, reports, attrs = trial.values, trial.intermediate_values, trial.user_attrs
    except (AttributeError, ValueError) as error:
        raise TypeError(f"add_trial() needs what create_trial() returns, got {trial!r}") from error
    if state is TrialState.RUNNING:
        raise ValueError("a trial that runs cannot be added; study.ask() gives one")
    if set(params) != set(ranges):
        raise ValueError(f"the trial has the values {params!r} and the ranges {ranges!r}")
    kept = {name: json_value(name, "is", as_json(value)) for name, value in params.items()}
    return Added(
        state=state,
        params=kept,
        ranges=checked(ranges),
        values=None if values is None else [float(one) for one in values],
        reports=dict(reports),
        attrs=dict(attrs),
    )
