"""Trials that a program adds to a study, as they ended elsewhere."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from automl.functions.names.enums import TrialState
from automl.functions.trials.queued import kept_attrs
from automl.inside.asked.fixed import checked
from automl.inside.calling.numbers import as_number
from automl.inside.ranges import Range, as_json
from automl.space.values import json_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A trial that ended elsewhere, or waits.

    Attributes:
        state: where it stands.
        params: its values by name, as JSON has them.
        ranges: the range of each.
        values: what it is ranked by; None where it is not complete.
        reports: what it reported, by step; of a pruned one without reports its value, at step 0.
        attrs: notes of it, as JSON has them.
    """

    state: TrialState
    params: Mapping[str, Any]
    ranges: Mapping[str, Range]
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
            and _same(other.intermediate_values, self.reports)
        )


def added(trial: Any) -> Added:  # noqa: ANN401 - Optuna's own, or ours
    """Return what is known of a trial that is to be added.

    Raises:
        TypeError: it is no trial, a report is no number, or JSON has no such note.
        ValueError: it runs, a value has no range or is of another type, or a step is negative.
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
    given = checked(ranges)
    kept = {name: json_value(name, "is", as_json(value)) for name, value in params.items()}
    for name, value in kept.items():
        given[name].checked(value)
    ranked = None if values is None else [float(one) for one in values]
    told = {_step(step): as_number("report: value", one) for step, one in reports.items()}
    if state is TrialState.PRUNED and not told and ranked and len(ranked) == 1:
        told = {0: ranked[0]}
    return Added(
        state=state,
        params=kept,
        ranges=given,
        values=ranked,
        reports=told,
        attrs=kept_attrs(attrs),
    )


def _same(some: Mapping[int, float], others: Mapping[int, float]) -> bool:
    """Tell whether reports are the same; one that is NaN is equal to another."""
    return some.keys() == others.keys() and all(
        one == others[step] or (math.isnan(one) and math.isnan(others[step]))
        for step, one in some.items()
    )


def _step(given: Any) -> int:  # noqa: ANN401 - whatever a user gives
    number = as_number("report: step", given)
    if not 0 <= number < math.inf:
        raise ValueError(f"report: step must be 0 or more, got {given!r}")
    return int(number)
