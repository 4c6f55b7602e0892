"""`create_trial`: a trial with given values, as it ended elsewhere."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from automl.errors import SpecError
from automl.functions.names.enums import TrialState
from automl.functions.trials.frozen_trial import FrozenTrial
from automl.inside.ranges import as_json, place_of
from automl.space.numbers import is_number


def create_trial(  # noqa: PLR0913 - Optuna's arguments
    *,
    state: TrialState = TrialState.COMPLETE,
    value: float | None = None,
    values: Sequence[float] | None = None,
    params: Mapping[str, Any] | None = None,
    distributions: Mapping[str, Any] | None = None,
    user_attrs: Mapping[str, Any] | None = None,
    system_attrs: Mapping[str, Any] | None = None,
    intermediate_values: Mapping[int, float] | None = None,
) -> FrozenTrial:
    """Return a trial that `study.add_trial` adds.

    Args:
        state: where it stands.
        value: what it is ranked by.
        values: the same for each of several directions.
        params: its values, by name.
        distributions: the range of each, such as `FloatDistribution(0, 1)`.
        user_attrs: notes of it.
        system_attrs: nothing.
        intermediate_values: what it reported, by step.

    Raises:
        SpecError: these contradict each other; a ValueError too.
    """
    del system_attrs
    given = dict(params or {})
    ranges = dict(distributions or {})
    ended = TrialState(state).is_finished()
    now = datetime.now().astimezone().replace(tzinfo=None)
    _check_params(given, ranges)
    return FrozenTrial(
        number=-1,
        state=TrialState(state),
        values=_values(TrialState(state), value, values),
        params=given,
        distributions=ranges,
        user_attrs=dict(user_attrs or {}),
        intermediate_values=dict(intermediate_values or {}),
        datetime_start=None if state == TrialState.WAITING else now,
        datetime_complete=now if ended else None,
    )


def _values(
    state: TrialState, value: float | None, values: Sequence[float] | None
) -> list[float] | None:
    if value is not None and values is not None:
        raise SpecError("Specify only one of `value` and `values`.", place="value")
    found = [value] if value is not None else None if values is None else [*values]
    if found is None and state is TrialState.COMPLETE:
        raise SpecError("values should be set for a complete trial.", place="value")
    if found is not None and state is TrialState.FAIL:
        raise SpecError(
            f"values should be None for a failed trial, but got {found}.", place="value"
        )
    if found is not None and any(math.isnan(one) for one in found):
        raise SpecError("values should not contain NaN.", place="value")
    return found


def _check_params(params: Mapping[str, Any], ranges: Mapping[str, Any]) -> None:
    if set(params) != set(ranges):
        raise SpecError(
            f"Inconsistent parameters {set(params)} and distributions {set(ranges)}.",
            place="distributions",
        )
    for name, value in params.items():
        if not _holds(ranges[name], value):
            raise SpecError(
                f"The value {value!r} of parameter {name!r} isn't contained in the distribution "
                f"{ranges[name]}.",
                place="params",
            )


def _holds(given: Any, value: Any) -> bool:  # noqa: ANN401 - of Optuna, or ours
    choices = getattr(given, "choices", ())
    if choices:
        told = [as_json(one) for one in choices]
        return place_of(as_json(value), told) is not None
    return is_number(value) and bool(given.low <= value <= given.high)
