"""What the keywords of the search refuse or warn of before anything starts."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.hpo import AutoTuner, budget, hyperparam, objective, reader, task

Right = Callable[..., dict[str, Any]]

pytestmark = pytest.mark.usefixtures("nothing_starts")

EPOCHS = budget.create(name="epochs", min=1, max=9)


def tasks(cmd: Any, location: str = "{{ trial.dir }}/stdout.log") -> list[Any]:
    metric = reader.create(type="local_reader", location=location, parser_pattern=r"(\S+)")
    return [task.create(type="BashTask", cmd=cmd, metric_reader=metric)]


def with_condition() -> list[Any]:
    opt = hyperparam.create(type="Categorical", name="opt", candidates=["sgd", "adam"])
    momentum = hyperparam.create(
        type="Real", name="momentum", min_value=0, max_value=1, when={"opt": "sgd"}
    )
    return [opt, momentum]


@pytest.mark.parametrize(
    ("keywords", "told"),
    [
        ({"repeats": 3}, "repeats=3, but no command uses {{ trial.seed }}"),
        ({"confirm": 2}, "confirm=2, but no command uses {{ trial.seed }}"),
    ],
)
def test_seeds_that_no_command_gets_are_warned_of(
    keywords: dict[str, int], told: str, right: Right, caplog: pytest.LogCaptureFixture
) -> None:
    AutoTuner(**right(**keywords))
    assert told in caplog.text
    caplog.clear()
    AutoTuner(**right(**keywords, task_list=tasks("echo {{ trial.param.x }} {{ trial.seed }}")))
    AutoTuner(**right())
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("cmd", "warned"),
    [
        ("echo {{ trial.id }}", True),
        ("echo {{ trial.param.x }}", False),
        ("cat {{ trial.dir }}/params.json", False),
        ("{% if trial.param['x'] > 1 %}echo 1{% endif %}", False),
    ],
)
def test_a_parameter_that_no_command_gets_is_warned_of(
    cmd: str, warned: object, right: Right, caplog: pytest.LogCaptureFixture
) -> None:
    AutoTuner(**right(task_list=tasks(cmd)))
    assert ("no command uses 'x'" in caplog.text) is warned


def test_a_population_without_checkpoints_is_refused(right: Right) -> None:
    keywords = right(algorithm="pbt", budget=EPOCHS, task_list=tasks("echo {{ trial.budget }}"))
    with pytest.raises(SpecError, match=r"'pbt'.*\{\{ trial.checkpoint_dir \}\}"):
        AutoTuner(**keywords)
    for name in ("checkpoint_dir", "checkpoint_id"):
        cmd = f"echo {{{{ trial.budget }}}} {{{{ trial.{name} }}}}"
        AutoTuner(**{**keywords, "task_list": tasks(cmd)})


@pytest.mark.parametrize(
    "cmd",
    [
        "echo {{ trial.param.momentum }}",
        ["echo", "{{ trial.param.momentum }}", "<<trial.param.momentum>>"],
    ],
)
def test_only_a_shell_line_that_needs_what_may_be_off_is_refused(right: Right, cmd: Any) -> None:
    keywords = right(hyperparams=with_condition(), task_list=tasks(cmd))
    if isinstance(cmd, list):
        AutoTuner(**keywords)
        return
    with pytest.raises(SpecError) as refused:
        AutoTuner(**keywords)
    for part in ("echo {{ trial.param.momentum }}", "opt=adam", "default(", "is defined"):
        assert part in str(refused.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"task_list": tasks("echo 1", "{{ trial.id }}/{{ trial.param.momentum }}")},
        {"env": {"M": "{{ trial.param.momentum }}"}},
    ],
)
def test_a_place_or_variable_that_needs_what_may_be_off_is_refused(
    right: Right, changes: dict[str, Any]
) -> None:
    keywords = {"task_list": tasks("echo 1"), **changes}
    with pytest.raises(SpecError, match="opt=adam"):
        AutoTuner(**right(hyperparams=with_condition(), **keywords))


@pytest.mark.parametrize(
    "guarded",
    [
        "echo {{ trial.param.momentum | default(0) }}",
        "echo {% if trial.param.momentum is defined %}{{ trial.param.momentum }}{% endif %}",
    ],
)
def test_a_line_that_sees_to_what_may_be_off_is_right(right: Right, guarded: str) -> None:
    AutoTuner(**right(hyperparams=with_condition(), task_list=tasks(guarded)))


def test_the_only_named_metric_ranks_and_of_several_one_is_chosen(right: Right) -> None:
    acc, loss = (reader.create(type="stdout_reader", metric=name) for name in ("acc", "loss"))
    cmd = "echo {{ trial.param.x }}"
    named = [task.create(type="BashTask", cmd=cmd, metric_reader=acc)]
    AutoTuner(**right(task_list=named))
    both = [task.create(type="BashTask", cmd=cmd, metric_reader=[acc, loss])]
    with pytest.raises(
        SpecError, match=r"'acc' and 'loss' are read.*objective.create\(metric='acc'"
    ):
        AutoTuner(**right(task_list=both))


def test_a_population_and_repeats_are_told_apart_from_budgets(right: Right) -> None:
    cmd = "echo {{ trial.budget }} {{ trial.checkpoint_dir }}"
    keywords = right(algorithm="pbt", budget=EPOCHS, repeats=2, task_list=tasks(cmd))
    with pytest.raises(SpecError, match="repeats= and algorithm 'pbt'"):
        AutoTuner(**keywords)


def test_a_source_that_is_not_there_is_told_as_one(right: Right, tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    with pytest.raises(SpecError, match="warm_start: there is no study 'nobody'"):
        AutoTuner(**right(warm_start=["nobody"], study_dir=tmp_path / "before"))
    (tmp_path / "before").rmdir()
    with pytest.raises(SpecError, match=rf"warm_start: .*{os.strerror(errno.ENOENT)}.*relative to"):
        AutoTuner(**right(warm_start=["nobody.csv"]))
    with pytest.raises(SpecError, match=r"warm_start: .*has not been run"):
        AutoTuner(**right(warm_start=[AutoTuner(**right())]))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (
            lambda: budget.create(nme="epochs", min=1, max=9),  # type: ignore[call-arg]
            r"budget.create has no option 'nme' \(did you mean 'name'\?\); known options: name,",
        ),
        (
            lambda: objective.create(metrik="loss"),  # type: ignore[call-arg]
            r"objective.create has no option 'metrik' \(did you mean 'metric'\?\); known options",
        ),
        (
            lambda: AutoTuner(max_trial_nun=3),  # type: ignore[call-arg]
            r"AutoTuner has no option 'max_trial_nun' \(did you mean 'max_trial_num'\?\); known",
        ),
    ],
)
def test_a_misspelt_keyword_is_refused_with_the_known_ones(
    make: Callable[[], object], told: str
) -> None:
    with pytest.raises(SpecError, match=told):
        make()
