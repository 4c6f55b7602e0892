"""Commands of which is measured what they take."""

import json
import re
import sys
from dataclasses import dataclass
from typing import Any

import pytest
from loop_fakes import make_spec

from automl.errors import SpecError
from automl.launch.study_templates import StudyTemplates
from automl.launch.tasks.commands import Commands
from automl.readers.run.reader import RunReader
from automl.render.template import TemplateContext
from automl.space.parameters import Categorical
from automl.space.space import SearchSpace
from automl.study.objective import Objective, Objectives
from automl.study.spec import StudySpec
from automl.study.tasks.task import BashTask, Command, described

SPACE = SearchSpace((Categorical(name="x", candidates=(1, 2)),))
SECONDS = RunReader(measure="wall_seconds")
CONTEXT = TemplateContext(
    trial_id=3, params={"x": 2}, trial_dir="/t/3", seed=1, study_name="s", study_dir="/s"
)


def spec_of(
    *readers: RunReader, cmd: Command = ("pack", "{{ trial.param.x }}"), **options: Any
) -> StudySpec:
    task = BashTask(cmd=cmd, metric_reader=readers, **options)
    ranked = Objectives((Objective(metric=readers[0].metric),))
    return make_spec(space=SPACE, tasks=(task,), objectives=ranked)


def measured(spec: StudySpec) -> tuple[dict[str, Any], list[str]]:
    """Return what is asked for and the command behind it."""
    (command,) = Commands(spec).filled(CONTEXT).commands
    assert isinstance(command, tuple)
    assert command[0] == sys.executable
    return json.loads(command[4]), list(command[5:])


def test_the_command_is_run_by_what_measures_it() -> None:
    size = RunReader(measure="size_bytes", path="{{ trial.dir }}/out", metric="size")
    asked, command = measured(spec_of(size, SECONDS))
    assert asked == {
        "into": "/t/3/run.jsonl",
        "numbers": [["size", "size_bytes", "/t/3/out"], ["wall_seconds", "wall_seconds", ""]],
    }
    assert command == ["pack", "2"]


def test_a_line_stays_one_for_a_shell() -> None:
    assert measured(spec_of(SECONDS, cmd="pack < a > b"))[1] == ["/bin/sh", "-c", "pack < a > b"]


def test_the_exit_code_is_measured_before_it_is_judged() -> None:
    spec = spec_of(RunReader(measure="exit_code"), success_codes=(0, 3))
    (command,) = Commands(spec).filled(CONTEXT).commands
    assert isinstance(command, str)
    assert re.search(r"measured\.py .* pack 2\) \|\| case", command)


def test_people_are_shown_the_command_alone() -> None:
    assert Commands(spec_of(SECONDS)).shown(CONTEXT) == [("pack", "2")]


def test_each_task_is_measured_by_itself() -> None:
    tasks = (BashTask(cmd=("make",)), BashTask(cmd=("pack",), metric_reader=SECONDS))
    ranked = Objectives((Objective(metric="wall_seconds"),))
    both = Commands(make_spec(space=SPACE, tasks=tasks, objectives=ranked)).filled(CONTEXT)
    first, second = both.commands
    assert first == ("make",)
    assert second[-1] == "pack"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("out.gz", "path of the reader of 'size_bytes' 'out.gz' is the same file for several"),
        ("{{ trial.param.y }}", "trial.param.y"),
    ],
)
def test_a_path_that_cannot_be_meant_is_refused(path: str, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        StudyTemplates(spec_of(RunReader(measure="size_bytes", path=path)), {})


def test_a_parameter_in_a_measured_path_alone_reaches_no_command() -> None:
    size = RunReader(measure="size_bytes", path="{{ trial.dir }}/{{ trial.param.x }}")
    assert StudyTemplates(spec_of(size, cmd=("pack",)), {}).unused == ["x"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTask(BashTask):
    """A task of a kind of its own."""

    def describe(self) -> dict[str, Any]:
        return described(self)


class OtherTemplates:
    def __init__(self, *_: object) -> None:
        self.templates = ()


def test_only_commands_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automl.launch.tasks.commands.templates_of", OtherTemplates)
    with pytest.raises(SpecError, match="type='run_reader' measures the command of a BashTask"):
        Commands(spec_of(SECONDS))
