"""What `--json` prints: one document, whose fields are documented and whose form has a version."""

import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import click

from automl.study.objective import Objectives
from automl.study.trial import Trial

_Command = TypeVar("_Command", bound=Callable[..., Any])

VERSION = 1
"""Of the form of all documents: fields may be added to it; it grows where one changes or goes."""


def json_option(command: _Command) -> _Command:
    """Give a verb the option `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def print_document(**fields: object) -> None:
    """Print a document in one piece."""
    click.echo(json.dumps(_plain({"version": VERSION, **fields}), indent=2, ensure_ascii=False))


def print_line(**fields: object) -> None:
    """Print a document as one line."""
    click.echo(json.dumps(_plain({"version": VERSION, **fields}), ensure_ascii=False))


def trial_fields(trial: Trial) -> dict[str, object]:
    """Return what a document tells of a trial."""
    return {
        "id": trial.id,
        "state": str(trial.state),
        "value": trial.value,
        "metrics": trial.metrics,
        "params": trial.params,
        "reason": trial.reason,
        "failure": str(trial.failure) if trial.failure else None,
        "origin": trial.origin,
        "note": trial.note,
        "attempts": trial.attempts,
        "started_at": trial.started_at,
        "duration_s": trial.duration_s,
        "exit_code": trial.exit.code if trial.exit else None,
        "newest": trial.newest,
        "measurements": trial.measurements,
    }


def objective_fields(objectives: Objectives) -> dict[str, object]:
    """Return what a document tells of what trials are ranked by."""
    return {"metric": objectives.name, "direction": str(objectives.direction)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value
    """Return a value as JSON has it: what is no finite number is missing."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value
