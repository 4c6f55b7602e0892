"""What is told of a described study before anything starts."""

import copy
from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.journal.folder import StudyFolder
from automl.studies.check import check
from automl.studies.spec_from import spec_from

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
    return check(spec, StudyFolder(folder, "study"), {"PATH": "/bin"})


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
        task_list=with_cmd("true"),
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


def test_what_the_machine_lacks_is_told_by_the_check(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SpecError, match="needs torch"):
        checked(folder, algorithm="gp")
    with pytest.raises(SpecError, match="needs scipy"):
        checked(folder, pruner="wilcoxon")


def test_another_place_has_checks_of_its_own(folder: Path) -> None:
    spec = spec_from({**LEAST, "task_list": with_cmd(["only-on-the-cluster", "1"])}, str(folder))
    place = StudyFolder(folder, "study")
    found = check(spec, place, {}, site=lambda spec, environ: [f"{spec.name} {environ}"])
    assert found[-1] == "study {}"
