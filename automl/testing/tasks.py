"""The contract of kinds of task, as checks that anyone can run against their own.

With pytest:

    @pytest.mark.parametrize("check", TASK_CHECKS)
    def test_my_task(check):
        check(MY_TASK, {"target": "train", "x": "{{ trial.param.x }}"}, {"x": 3})
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from automl.launch.tasks.kind import TaskKind
from automl.render.context import OVERRIDES, PARAM_PREFIX
from automl.render.template import TemplateContext
from automl.study.tasks.task import Task
from automl.testing.contract import demand

Options = Mapping[str, Any]


def check_task_is_kept_as_plain_values(kind: TaskKind, options: Options, params: Options) -> None:
    """A described task is its type and its options, from which it is made again."""
    del params
    task = kind(**options)
    kept = json.loads(json.dumps(task.describe()))
    demand(kept.get("type") == kind.name, f"its type is {kind.name!r}, but it told {kept}")
    demand("cleanup" not in kept, f"a cleanup may change while a study goes on, but it told {kept}")
    again = {name: value for name, value in kept.items() if name != "type"}
    # Readers and files are described by their own kinds.
    again |= {name: options[name] for name in ("metric_reader", "files") if name in options}
    told = json.loads(json.dumps(kind(**again).describe()))
    demand(told == kept, f"made again from {kept}, it told {told}")


def check_task_tells_its_placeholders(kind: TaskKind, options: Options, params: Options) -> None:
    """Its templates name every parameter that its commands change with."""
    templates = kind.templates(kind(**options), "task 1")
    named = {name for one in templates.templates for name in one.placeholders()}
    first = templates.filled(_context(params))
    for name in params:
        other = templates.filled(_context({**params, name: "another value"}))
        demand(
            other == first or f"{PARAM_PREFIX}{name}" in named or OVERRIDES in named,
            f"its commands change with {name!r}, but its templates name only {sorted(named)}",
        )


def check_task_is_filled_in_alike(kind: TaskKind, options: Options, params: Options) -> None:
    """The same values give the same commands, from the same task and from an equal one."""
    task, context = kind(**options), _context(params)
    templates = kind.templates(task, "task 1")
    first = templates.filled(context)
    demand(first.commands or first.files, "it runs no command and writes no file")
    demand(templates.filled(context) == first, "filled in twice, it gave other commands")
    again = kind.templates(kind(**options), "task 1").filled(context)
    demand(again == first, f"made twice, it gave {first} and {again}")


def check_task_has_readers_as_given(kind: TaskKind, options: Options, params: Options) -> None:
    """It has the readers that it was given; given none, it has none or those of its kind."""
    del params
    task: Task = kind(**options)
    given = options.get("metric_reader")
    readers = list(given) if isinstance(given, list | tuple) else [given] if given else []
    readers = readers or list(kind(**options).readers)
    demand(list(task.readers) == readers, f"it was given {readers}, but has {task.readers}")


def _context(params: Options) -> TemplateContext:
    return TemplateContext(3, params, "/study/trials/3", 1, "study", "/study")


TASK_CHECKS: Sequence[Callable[[TaskKind, Options, Options], None]] = (
    check_task_is_kept_as_plain_values,
    check_task_tells_its_placeholders,
    check_task_is_filled_in_alike,
    check_task_has_readers_as_given,
)
