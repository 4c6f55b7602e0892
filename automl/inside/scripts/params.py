"""`automl.params`: the values of the trial that this process belongs to."""

import json
import os
from collections.abc import Mapping
from typing import Any

from automl.inside.files import PARAMS
from automl.inside.marks import TRIAL_DIR_VARIABLE


def params(defaults: Mapping[str, Any] | None = None, /, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - values of any kind
    """Return the values of this trial by name, with their types; outside of one, the defaults.

    Args:
        defaults: values for names that the study does not tune, or all of them where there is no
            study.
        more: the same, for names that are words.

    Raises:
        RuntimeError: the values cannot be read: the defaults would be taken for the trial's.
    """
    values = {**(defaults or {}), **more}
    folder = os.environ.get(TRIAL_DIR_VARIABLE)
    if not folder:
        return values
    path = f"{folder}/{PARAMS}"
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - no pathlib here
            own = json.load(file)
    except (OSError, ValueError) as error:
        raise RuntimeError(
            f"automl.params: the values of the trial cannot be read from {path}: {error}; "
            f"unset {TRIAL_DIR_VARIABLE} to run with the defaults"
        ) from error
    return {**values, **own}
