"""A Python function as the trials of a study call it, from its name or from a dictionary."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from automl.errors import SpecError, shown
from automl.inside.reports import VALUE
from automl.launch.tasks.function import FunctionTask
from automl.readers.reported.reader import ReportReader
from automl.registry import did_you_mean
from automl.spelling.spelling import spelled
from automl.studies.given.kinds import Kind
from automl.studies.given.place import at
from automl.studies.given.reported import read_by_reports
from automl.study.objective import Objectives
from automl.study.tasks.task import Task

_OPTIONS = [one.name for one in fields(FunctionTask) if one.name != "metric_reader"]


def function(value: Any, place: str) -> FunctionTask:  # noqa: ANN401 - as users give it
    """Return the task that calls a function; which numbers it gives, the objectives say."""
    if isinstance(value, FunctionTask):
        return value
    if isinstance(value, str):
        value = {"function": value}
    if not isinstance(value, Mapping) or "function" not in value:
        raise SpecError(
            f"{place} must be a text such as 'train:objective' or 'train.py:objective', got "
            f"{shown(value)}"
        )
    for key in value:
        if key not in _OPTIONS:
            raise SpecError(
                f"{place}: unknown key {key!r}{did_you_mean(str(key), _OPTIONS)}; known keys: "
                f"{', '.join(_OPTIONS)}"
            )
    with at(place, list(value)):
        return FunctionTask(**value)


def tasks_of(values: Mapping[str, Any], objectives: Objectives) -> tuple[Task, ...]:
    """Return the tasks of a trial: those that are given, or the call of a function.

    What a function returns are the numbers that trials are ranked by.

    Raises:
        SpecError: both are given.
    """
    task, given = values["function"], values["task_list"]
    if task is None:
        return read_by_reports(given, objectives)
    if given:
        raise SpecError(
            f"{spelled('function')} and {spelled('task_list')} are both given; a function is the "
            "only task of its trials, so give one of them",
            place="function",
        )
    names = [one.metric for one in objectives.items]
    if task.metric_reader is not None or names == [VALUE]:
        return (task,)
    readers = tuple(ReportReader(metric=name) for name in names)
    return (replace(task, metric_reader=readers if len(readers) > 1 else readers[0]),)


FUNCTION_KIND = Kind(
    "a text, 'module:name' or 'path/to/script.py:name'",
    "str | Mapping[str, Any] | None",
    function,
)
