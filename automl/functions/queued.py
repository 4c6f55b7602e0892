"""Values that the user gives one of the next trials."""

from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError
from automl.space.values import json_value


def queued_values(
    params: Mapping[str, Any], user_attrs: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return values by name, as they are kept.

    Raises:
        TypeError: `params` is no dictionary by name.
        SpecError: a value cannot be written as JSON, or notes are given.
    """
    if not isinstance(params, Mapping) or not all(isinstance(name, str) for name in params):
        raise TypeError(f"params must be a dictionary of values by name, got {params!r}")
    if user_attrs:
        raise SpecError(
            "enqueue_trial: user_attrs are not kept; note them in the objective, by "
            "trial.set_user_attr",
            place="user_attrs",
        )
    return {name: json_value(name, "is", value) for name, value in params.items()}
