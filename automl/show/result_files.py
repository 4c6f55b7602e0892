"""What the study's folder tells of its results: the table as CSV, the best trial as JSON."""

import csv
import io
import json
import math
from collections.abc import Sequence
from datetime import datetime

from automl.show.columns import Columns, Typed
from automl.study.objective import Objectives
from automl.study.trial import Trial


def csv_text(columns: Columns) -> str:
    """Return the table as CSV with one line of headings, such as `params.lr` and `metadata.id`.

    Floats have all their digits, lists and dictionaries are JSON, times are UTC in ISO form, and
    what is missing is empty.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(f"{group}.{name}" for group, name in columns)
    writer.writerows(zip(*map(_cells, columns.values()), strict=True))
    return text.getvalue()


def best_text(trial: Trial, objectives: Objectives, command: str) -> str:
    """Return what is known of the best trial, as JSON with its values' types kept.

    Args:
        trial: the best one, which has a value.
        objectives: what trials are ranked by.
        command: the shell line that runs it again.
    """
    told = {
        "trial": trial.id,
        "metric": objectives.name,
        "value": trial.value,
        "direction": str(objectives.direction),
        "params": dict(trial.params),
        "metrics": dict(trial.metrics),
        "command": command,
    }
    if not trial.metrics:
        del told["metrics"]
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _cells(typed: Typed) -> Sequence[object]:
    values, dtype = typed
    # The writer gives every number all its digits, and leaves out None.
    if dtype in {"int64", "Int64", "bool"}:
        return values
    return [_cell(value, dtype) for value in values]


def _cell(value: object, dtype: str) -> object:
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    # A value of a parameter may be None, which is not the same as none.
    return "None" if value is None and dtype == "object" else value
