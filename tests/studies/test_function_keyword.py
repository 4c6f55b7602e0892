"""The keyword `function`."""

from typing import Any

import pytest

from automl.errors import SpecError
from automl.launch.tasks.function import FunctionTask
from automl.readers.reported.reader import ReportReader
from automl.studies.spec_from import spec_from
from automl.study.description import describe
from automl.study.spec import StudySpec

X = {"type": "Real", "name": "x", "min_value": 0, "max_value": 1}


def spec_of(**given: Any) -> StudySpec:
    keywords = {"function": "train:f", "hyperparams": [X], "max_parallel": 2, "max_trial_num": 5}
    return spec_from({**keywords, **given}, "/base")


def test_a_function_is_the_only_task() -> None:
    spec = spec_of(direction="minimize")
    assert spec.tasks == (FunctionTask(function="train:f"),)
    assert spec.objectives.metrics == ("value",)
    assert spec.of_functions


def test_its_numbers_have_the_names_of_the_objectives() -> None:
    spec = spec_of(objectives=[{"metric": "loss", "direction": "minimize"}, {"metric": "acc"}])
    assert spec.tasks[0].readers == (ReportReader(metric="loss"), ReportReader(metric="acc"))


def test_without_parameters_it_asks_for_its_own() -> None:
    assert not spec_of().space.learnt
    spec = spec_from({"function": "a:f", "max_parallel": 2, "max_trial_num": 5}, "/base")
    assert spec.space.learnt
    assert spec_from(describe(spec), "/elsewhere") == spec


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"direction": "minimize"},
        {"objectives": [{"metric": "loss"}, {"metric": "acc"}]},
        {"function": {"function": "t.py:f", "path": ["/lib"], "arguments": ["-v"]}},
    ],
)
def test_its_description_makes_it_again(given: dict[str, Any]) -> None:
    spec = spec_of(**given)
    assert spec_from(describe(spec), "/elsewhere") == spec


@pytest.mark.parametrize(
    ("given", "place", "told"),
    [
        ({"function": "train"}, "function", "function must be 'module:name'"),
        ({"function": 3}, "function", "must be a text such as"),
        ({"function": {"function": "a:b", "pth": []}}, "function", "unknown key 'pth'"),
        (
            {"task_list": [{"type": "BashTask", "cmd": ["a"]}]},
            "function",
            "both given",
        ),
    ],
)
def test_what_cannot_be_called_is_refused(given: dict[str, Any], place: str, told: str) -> None:
    with pytest.raises(SpecError, match=told) as caught:
        spec_of(**given)
    assert caught.value.place.startswith(place)


def test_without_it_tasks_are_needed() -> None:
    with pytest.raises(SpecError, match="needs task_list="):
        spec_from({"hyperparams": [X], "max_parallel": 1, "max_trial_num": 1}, "/base")
