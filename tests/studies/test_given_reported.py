"""Tasks without a reader, from whatever door: what they report is read."""

from typing import Any

import pytest

from automl.errors import SpecError
from automl.readers.reported.reader import ReportReader
from automl.studies.spec_from import spec_from
from automl.study.spec import StudySpec

WITHOUT = {"type": "BashTask", "cmd": ["train", "{{ trial.param.x }}"]}
PRINTS = {**WITHOUT, "metric_reader": {"type": "stdout_reader", "metric": "loss"}}
X = {"type": "Integer", "name": "x", "min_value": 0, "max_value": 9}


def spec_of(*tasks: Any, **more: Any) -> StudySpec:
    """Return the study of some tasks."""
    return spec_from(
        {
            "hyperparams": [X],
            "task_list": list(tasks),
            "max_trial_num": 2,
            "max_parallel": 1,
            **more,
        },
        "/tmp",  # noqa: S108 - nothing is written
    )


def readers_of(spec: StudySpec) -> list[Any]:
    return [one for task in spec.tasks for one in task.readers]


def test_a_task_without_a_reader_is_read_by_its_reports() -> None:
    assert readers_of(spec_of(WITHOUT)) == [ReportReader(metric="metric")]


def test_so_is_every_metric_that_the_study_needs() -> None:
    spec = spec_of(
        WITHOUT, objectives=[{"metric": "loss"}, {"metric": "accuracy"}], constraints=["memory<=4"]
    )
    assert [one.metric for one in readers_of(spec)] == ["loss", "accuracy", "memory"]


def test_the_last_task_is_the_one_that_reports() -> None:
    first, last = spec_of({"type": "BashTask", "cmd": ["prepare"]}, WITHOUT).tasks
    assert (first.readers, last.readers) == ((), (ReportReader(metric="metric"),))


def test_one_reader_is_enough_to_be_read_by_it() -> None:
    assert [one.type for one in readers_of(spec_of(PRINTS, WITHOUT))] == ["stdout_reader"]
    with pytest.raises(SpecError, match="needs the metric 'accuracy', which no reader"):
        spec_of(PRINTS, objectives=[{"metric": "accuracy"}])


def test_reports_may_be_read_beside_what_is_printed() -> None:
    beside = {"type": "report_reader", "metric": "memory"}
    spec = spec_of(
        {**WITHOUT, "metric_reader": [PRINTS["metric_reader"], beside]}, constraints=["memory<=4"]
    )
    assert [one.metric for one in readers_of(spec)] == ["loss", "memory"]
    assert spec.objectives.items[0].metric == "loss"


def test_it_is_the_same_study_as_one_that_names_the_reader() -> None:
    named = {**WITHOUT, "metric_reader": {"type": "report_reader", "metric": "metric"}}
    assert spec_of(WITHOUT).describe() == spec_of(named).describe()
