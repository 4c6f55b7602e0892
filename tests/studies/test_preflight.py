"""What is told of a described study before anything starts."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from automl.clock import Clock
from automl.errors import SpecError
from automl.executors.executor import Executor
from automl.executors.site import Site
from automl.journal.folder import StudyFolder
from automl.launch.environment import command_path
from automl.studies.preflight import preflight
from automl.studies.spec_from import spec_from
from automl.study.spec import StudySpec
from automl.waker import Waker

LEAST: dict[str, Any] = {
    "hyperparams": [{"type": "Categorical", "name": "x", "candidates": [1, 2]}],
    "task_list": [
        {
            "type": "BashTask",
            "cmd": "echo {{ trial.param.x }}",
            "metric_reader": {
                "type": "local_reader",
                "location": "{{ trial.dir }}/stdout.log",
                "parser_pattern": r"(\S+)",
            },
        }
    ],
    "max_parallel": 2,
    "max_trial_num": 2,
}


def checked(folder: Path, **changes: Any) -> list[str]:
    spec = spec_from(copy.deepcopy({**LEAST, **changes}), str(folder))
    return preflight(spec, StudyFolder(folder, "study"), {"PATH": "/bin"})


RANGED = {"name": "x", "min_value": 1, "max_value": 4}


@pytest.mark.parametrize(
    "parameter",
    [
        RANGED | {"type": "Integer", "step": 3},
        RANGED | {"type": "Integer", "step": 9, "max_value": 1},
        RANGED | {"type": "Real", "step": 3.0},
        RANGED | {"type": "Real", "step": 3.0, "max_value": 1},
        {"type": "Normal", "name": "x", "mean": 0, "std": 1, "step": 2},
    ],
)
def test_a_step_that_fits_is_taken(parameter: dict[str, Any], folder: Path) -> None:
    assert checked(folder, hyperparams=[parameter]) == []


def with_cmd(cmd: Any) -> list[Any]:
    return [{**LEAST["task_list"][0], "cmd": cmd}]


def test_a_study_that_can_run_has_no_warnings(folder: Path) -> None:
    assert checked(folder) == []
    assert list(folder.iterdir()) == []


def test_warnings_are_returned_and_not_logged(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = checked(
        folder,
        task_list=with_cmd("true {{ trial.id }}"),
        repeats=2,
        hyperparams=[{"type": "Integer", "name": "x", "min_value": 0, "max_value": 10**6}],
        rules=["x < 3000"],
    )
    assert len(found) == 3
    told = ("rules=['x < 3000'] allow only", "no command uses 'x'", "repeats=2, but no command")
    for text, begin in zip(found, told, strict=True):
        assert text.startswith(begin)
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"task_list": with_cmd(["no-such-program"])}, "task_list", "task 1: cannot start"),
        ({"task_list": with_cmd("echo {{ y }}")}, "task_list", "placeholder 'y' is unknown"),
        ({"cwd": "nowhere"}, "cwd", "is not a directory"),
        ({"env": {"A": "{{ y }}"}}, "env", "env: A: its value"),
        ({"secret_env": ["NO_SUCH"]}, "secret_env", "NO_SUCH"),
        ({"rules": ["x > 2"]}, "rules", "allow no combination"),
        ({"hyperparams": [RANGED | {"type": "Integer", "step": 9}]}, "hyperparams", "always be 1;"),
        ({"hyperparams": [RANGED | {"type": "Real", "step": 3.5}]}, "hyperparams", "at most 3,"),
        ({"algorithm": "cmaes"}, "algorithm", "needs two numeric"),
        ({"algorithm": "no.such:Sampler"}, "algorithm", "cannot be imported"),
        ({"budget": {"name": "e", "min": 1, "max": 9}}, "budget", "no command uses it"),
    ],
)
def test_what_cannot_work_is_refused_with_its_keyword(
    changes: dict[str, Any], place: str, message: str, folder: Path
) -> None:
    with pytest.raises(SpecError) as refused:
        checked(folder, **changes)
    assert refused.value.place == place
    assert message in str(refused.value)


def test_what_the_machine_lacks_is_told_before_the_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SpecError, match="needs torch"):
        checked(folder, algorithm="gp")
    with pytest.raises(SpecError, match="needs scipy"):
        checked(folder, pruner="wilcoxon")


@pytest.mark.parametrize("name", ["AUTOML_GATE", "automl_cgroup"])
@pytest.mark.parametrize("option", ["env", "secret_env"])
def test_what_the_place_tells_its_scripts_is_not_for_the_user_to_set(
    name: str, option: str, folder: Path
) -> None:
    given = {name: "1"}
    changes = {option: given if option == "env" else [name]}
    spec = spec_from(copy.deepcopy({**LEAST, **changes}), str(folder))
    environ = {"PATH": "/bin", **given}
    with pytest.raises(SpecError, match=f"^{option}: '{name}' is automl's own") as refused:
        preflight(spec, StudyFolder(folder, "study"), environ)
    assert refused.value.place == option
    # A place that tells its scripts nothing of the kind takes it.
    elsewhere = Site(name="elsewhere", executor=_no_executor)
    assert preflight(spec, StudyFolder(folder, "study"), environ, elsewhere) == []


def test_another_place_has_checks_of_its_own(folder: Path) -> None:
    spec = spec_from({**LEAST, "task_list": with_cmd(["no-such", "{{ trial.param.x }}"])}, "/")
    asked = []

    def needs(spec: StudySpec, environ: Mapping[str, str]) -> list[str]:
        asked.append((spec.cwd, dict(environ)))
        return ["the queue is closed at night"]

    there = Site(name="there", executor=_no_executor, checks=needs)
    warnings = preflight(spec, StudyFolder(folder, "study"), {"A": "b"}, there)
    assert warnings == ["the queue is closed at night"]
    # It is told the PATH in which commands are looked for, whatever this process has.
    assert asked == [("/", {"A": "b", "PATH": command_path(spec, {"A": "b"})})]


def _no_executor(waker: Waker, clock: Clock) -> Executor:
    raise NotImplementedError


def test_the_path_of_the_study_counts_more(folder: Path) -> None:
    program = folder / "train"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    cmd = with_cmd(["train", "{{ trial.param.x }}"])
    assert checked(folder, task_list=cmd, env={"PATH": str(folder)}) == []
