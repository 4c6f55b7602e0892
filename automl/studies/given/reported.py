"""Tasks without a reader: what they report by `automl.report` is read."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace

from automl.readers.reported.reader import ReportReader
from automl.study.objective import Objectives
from automl.study.tasks.task import Task

_READER = "metric_reader"


def read_by_reports(tasks: Sequence[Task], objectives: Objectives) -> tuple[Task, ...]:
    """Return the tasks of a trial, the last one with readers of reports where none has a reader.

    Args:
        tasks: all of them.
        objectives: what trials are ranked by, and must keep.
    """
    if not tasks or any(one.readers for one in tasks):
        return tuple(tasks)
    *first, last = tasks
    if not is_dataclass(last) or _READER not in [one.name for one in fields(last)]:
        return tuple(tasks)
    readers = tuple(ReportReader(metric=name) for name in objectives.metrics)
    return (*first, replace(last, metric_reader=readers if len(readers) > 1 else readers[0]))
