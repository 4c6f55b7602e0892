"""The task that calls a function."""

import sys
from collections.abc import Callable
from typing import Any

import pytest

from automl.errors import SpecError
from automl.inside.calling.words import call_of
from automl.launch.tasks.function import FUNCTION_TASK, FunctionTask, FunctionTemplates
from automl.launch.tasks.kind import TaskKind
from automl.launch.tasks.kinds import TASKS
from automl.readers.reported.reader import ReportReader
from automl.render.template import TemplateContext
from automl.testing import TASK_CHECKS

CONTEXT = TemplateContext(3, {"x": 1}, "/study/trials/3", 17, "study", "/study")


@pytest.mark.parametrize("check", TASK_CHECKS)
@pytest.mark.parametrize("reader", [None, ReportReader(metric="loss"), [ReportReader()]])
@pytest.mark.parametrize("function", ["train:objective", "sub/train.py:Model.fit"])
def test_it_keeps_the_contract(
    check: Callable[[TaskKind, Any, Any], None], reader: object, function: str
) -> None:
    check(FUNCTION_TASK, {"function": function, "metric_reader": reader}, {"x": 7})


@pytest.mark.parametrize(
    ("function", "script", "module"),
    [
        ("train:objective", "", "train"),
        ("pkg.sub:objective", "", "pkg.sub"),
        ("/home/me/train.py:objective", "/home/me/train.py", ""),
        ("odd:name/train.py:objective", "odd:name/train.py", ""),
    ],
)
def test_its_words_call_it(function: str, script: str, module: str) -> None:
    templates = FunctionTemplates(FunctionTask(function=function), "task 1")
    ((python, *words),) = templates.filled(CONTEXT).commands
    assert python == sys.executable
    assert words[:3] == ["-P", "-m", "automl.inside.call"]
    call = call_of(words[3:])
    assert (call.target.script, call.target.module) == (script, module)
    assert (call.target.function, call.values) == ("objective", ("value",))
    assert (call.folder, call.trial, call.seed) == ("/study/trials/3", 3, 17)
    assert (call.budget, call.checkpoint) == (None, "")


def test_arguments_are_no_templates() -> None:
    task = FunctionTask(function="train.py:f", arguments=("{{ odd }}", "*.csv", "|"))
    ((*words,),) = FunctionTemplates(task, "task 1").filled(CONTEXT).commands
    assert words[-4:] == ["--", "{{ odd }}", "*.csv", "|"]


@pytest.mark.parametrize("function", ["", "objective", ":objective", "train:", None, 3, "a\0:b"])
def test_what_names_no_function_is_refused(function: Any) -> None:
    with pytest.raises(SpecError, match=r"'module:name' or 'path/to/script\.py:name'"):
        TASKS.create("FunctionTask", {"function": function})


@pytest.mark.parametrize("option", ["path", "arguments"])
def test_a_text_in_place_of_a_list_is_refused(option: str) -> None:
    with pytest.raises(SpecError, match=f"{option} must be a list of texts"):
        FunctionTask(function="a:b", **{option: "text"})  # type: ignore[arg-type]


def test_how_it_is_found_may_change_while_its_study_goes_on() -> None:
    plain = FunctionTask(function="train.py:f")
    moved = FunctionTask(function="train.py:f", path=("/lib",), arguments=("-v",), pickled="p")
    assert plain.describe() == moved.describe()
