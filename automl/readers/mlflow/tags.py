"""The tags by which runs tell which launch began them, given to all that a command begins."""

import json
from collections.abc import Mapping

from automl.readers.mlflow.runs import TAG, run_label

VARIABLE = "MLFLOW_RUN_CONTEXT"
"""MLflow gives each run that is begun by `mlflow.start_run` the tags that this variable holds."""


def tagging(env: Mapping[str, str | None], mark: str, attempt: int) -> dict[str, str | None]:
    """Return the variable that tags the runs of a launch, beside the user's own tags.

    Args:
        env: what the command gets else.
        mark: that of the trial's processes.
        attempt: the number of the launch, from 1.

    >>> tagging({}, "uid:3", 1)
    {'MLFLOW_RUN_CONTEXT': '{"automl.trial": "uid:3:1"}'}
    """
    try:
        own = json.loads(env.get(VARIABLE) or "{}")
    except ValueError:
        own = {}
    tags = own if isinstance(own, dict) else {}
    return {VARIABLE: json.dumps({**tags, TAG: run_label(mark, attempt)})}
