"""What of a described study must stay the same while it goes on, and by what its trials are read.

Both are parts of what `StudySpec.describe` gives and the journal keeps, as plain JSON values.
"""

from collections.abc import Mapping
from typing import Any

from automl.study.objective import METRIC, Direction, Final

_IDENTITY = ("tasks", "cwd", "env", "budget", "repeats", "population", "secret_env", "workspace")
_JUDGED_BY = ("direction", "final", "objectives", "constraints")
_READER = "metric_reader"


def identity_of(study: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a study runs; with another, it is another study."""
    whole = {key: study[key] for key in _IDENTITY if key in study}
    tasks = [_without_reader(task) for task in study.get("tasks", ())]
    return {**whole, "tasks": tasks}


def readings_of(study: Mapping[str, Any]) -> dict[str, Any]:
    """Return by what a study's trials are read and ranked; with another, they are read anew."""
    judged = {key: study[key] for key in _JUDGED_BY if key in study}
    readers = [_placed(task.get(_READER), study) for task in study.get("tasks", ())]
    return {"metric_reader": readers, **judged}


def place_of(location: str, cwd: str) -> str:
    """Return a reader's location from the working directory, if it lies below; else as it is."""
    return location.removeprefix(f"{cwd}/")


def _placed(given: Any, study: Mapping[str, Any]) -> Any:  # noqa: ANN401 - one, some or no reader
    """Return described readers with their locations from the working directory."""
    if isinstance(given, list):
        return [_placed(one, study) for one in given]
    if not given or not isinstance(given.get("location"), str):
        return given
    return {**given, "location": place_of(given["location"], str(study.get("cwd", "")))}


def readers_in(readings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the described readers of all tasks, in order."""
    found: list[dict[str, Any]] = []
    for given in readings["metric_reader"]:
        found += given if isinstance(given, list) else [given] if given else []
    return found


def numbers_of(readings: Mapping[str, Any]) -> dict[str, object]:
    """Return what decides on the number that counts of each metric, by metric.

    The directions and constraints do not, but for the best number, which depends on what is better.
    """
    return {
        one.get("metric", METRIC): (one, *_counts(readings, one.get("metric", METRIC)))
        for one in readers_in(readings)
    }


def _counts(readings: Mapping[str, Any], metric: str) -> tuple[str, str]:
    """Return which of a metric's measurements counts, and the direction where that matters."""
    usual = {
        "metric": METRIC,
        "direction": readings.get("direction", Direction.MAXIMIZE),
        "final": readings.get("final", Final.LAST),
    }
    objectives = readings.get("objectives") or [usual]
    objective: Mapping[str, Any] = next((one for one in objectives if one["metric"] == metric), {})
    final = str(objective.get("final", Final.LAST))
    return final, str(objective.get("direction", "")) if final == Final.BEST else ""


def _without_reader(task: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in task.items() if key != _READER}
