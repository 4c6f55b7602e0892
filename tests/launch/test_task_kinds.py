from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from loop_fakes import PATTERN, make_spec

from automl.errors import SpecError
from automl.launch.tasks.commands import Commands
from automl.launch.tasks.filled import Filled
from automl.launch.tasks.kind import TaskKind
from automl.launch.tasks.kinds import TASKS, templates_of
from automl.render.template import Template, TemplateContext
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask, Task, described, readers_of
from automl.testing import TASK_CHECKS, ContractError, check_task_tells_its_placeholders

READER = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
CONTEXT = TemplateContext(3, {"x": 7}, "/t", 1, "s", "/s")


@dataclass(frozen=True, kw_only=True)
class TwiceTask:
    """A task that runs a program two times."""

    program: Any
    metric_reader: Any = None
    cleanup: str | None = None
    cmd: None = None
    files: tuple[()] = ()

    @property
    def readers(self) -> tuple[LocalReader, ...]:
        return readers_of(self.metric_reader)

    def describe(self) -> dict[str, Any]:
        return described(self)


class TwiceTemplates:
    def __init__(self, task: TwiceTask, where: str) -> None:
        self.templates: Sequence[Template] = [Template(task.program, where=f"{where}: program")]

    def filled(self, context: TemplateContext) -> Filled:
        program = self.templates[0].render(context)
        return Filled(((program, "1"), (program, "2")))


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(TASKS, "_factories", dict(TASKS._factories))
    TASKS.add("TwiceTask", TaskKind(TwiceTask, TwiceTemplates))
    return


def test_a_kind_makes_its_own_commands_in_the_order_of_the_tasks() -> None:
    twice = TASKS.create("TwiceTask", {"program": "./{{ trial.param.x }}"})
    last = TASKS.create("BashTask", {"cmd": "echo", "metric_reader": READER})
    commands = Commands(make_spec(tasks=(twice, last)))
    assert commands.filled(CONTEXT).commands == (("./7", "1"), ("./7", "2"), "echo")
    assert {name for one in commands.templates for name in one.placeholders()} == {"trial.param.x"}


def test_a_kind_with_codes_of_success_has_them() -> None:
    options = {"cmd": ["solve", "{{ trial.param.x }}"], "success_codes": [0, 10]}
    task = TASKS.create("BashTask", options)
    last = TASKS.create("BashTask", {"cmd": ["echo"], "metric_reader": READER})
    run = "(exec solve 7) || case $? in 0|10) ;; *) exit $? ;; esac"
    assert Commands(make_spec(tasks=(task, last))).filled(CONTEXT).commands == (run, ("echo",))


@pytest.mark.parametrize("check", TASK_CHECKS)
@pytest.mark.parametrize("reader", [None, READER, [READER]])
def test_a_kind_keeps_the_contract(
    check: Callable[[TaskKind, Any, Any], None], reader: object
) -> None:
    options = {"program": "./{{ trial.param.x }}", "metric_reader": reader, "cleanup": "rm"}
    check(TaskKind(TwiceTask, TwiceTemplates), options, {"x": 7, "y": 8})


class Hidden(TwiceTemplates):
    """Templates that keep some of their placeholders to themselves."""

    def __init__(self, task: TwiceTask, where: str) -> None:
        super().__init__(task, where)
        self._hidden = self.templates
        self.templates = []

    def filled(self, context: TemplateContext) -> Filled:
        return Filled(((self._hidden[0].render(context),),))


def test_a_kind_that_hides_a_placeholder_breaks_the_contract() -> None:
    options = {"program": "./{{ trial.param.x }}"}
    with pytest.raises(ContractError, match="its commands change with 'x', but its templates"):
        check_task_tells_its_placeholders(TaskKind(TwiceTask, Hidden), options, {"x": 7})


def test_what_may_not_change_has_its_type_and_no_cleanup() -> None:
    task = TASKS.create(
        "TwiceTask", {"program": "p", "metric_reader": [READER], "cleanup": "rm {{ trial.id }}"}
    )
    reader = {"location": READER.location, "parser_pattern": PATTERN}
    assert task.describe() == {
        "type": "TwiceTask",
        "program": "p",
        "cmd": None,
        "metric_reader": [reader],
    }
    spec = make_spec(tasks=(task,))
    assert Commands(spec, cleanup=True).filled(CONTEXT).commands == ("rm 3",)
    assert spec.describe()["cleanup"] == ["rm {{ trial.id }}"]


def test_a_bash_task_is_described_as_ever() -> None:
    task = BashTask(cmd=("a",), metric_reader=READER)
    reader = {"location": READER.location, "parser_pattern": PATTERN}
    assert task.describe() == {"cmd": ("a",), "metric_reader": reader}


@pytest.mark.parametrize("wrong", [{1}, object(), float("nan")])
def test_an_option_that_no_journal_can_keep_is_refused(wrong: object) -> None:
    with pytest.raises(SpecError, match="task type 'TwiceTask': its options must be JSON values"):
        TASKS.create("TwiceTask", {"program": wrong})


def test_a_kind_that_lacks_what_every_task_has_is_told_what() -> None:
    @dataclass(frozen=True)
    class HalfTask:
        cmd: str = "true"

    with pytest.raises(SpecError, match=r"HalfTask lacks cleanup, files, readers, describe, "):
        TaskKind(HalfTask)()


def test_the_options_of_a_kind_are_those_of_its_description() -> None:
    assert TASKS.options("TwiceTask") == ["program", "metric_reader", "cleanup", "cmd", "files"]
    assert TASKS.options("BashTask") == [
        "cmd",
        "metric_reader",
        "cleanup",
        "files",
        "success_codes",
    ]


def test_a_task_of_no_registered_kind_is_refused() -> None:
    class Strange(TwiceTask):
        pass

    strange = Strange(program="p", metric_reader=READER)
    assert isinstance(strange, Task)
    with pytest.raises(SpecError, match="task type 'Strange' is unknown"):
        Commands(make_spec(tasks=(strange,)))
    Strange.__name__ = "BashTask"
    with pytest.raises(SpecError, match=r"^task 1: 'BashTask' is registered for other tasks"):
        templates_of(strange, "task 1")
