"""The task that writes a trial's values into a JSON file."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import PATTERN, make_spec

from automl.errors import SpecError
from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.launch.tasks.adapter import LOCAL_ADAPTER_TASK
from automl.launch.tasks.kinds import TASKS
from automl.study.resources import Grant
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Result, Stage, Trial
from automl.testing.tasks import TASK_CHECKS

READER = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
OUT = "out/rewrite_{{ trial.id }}.json"


def launcher(path: Path, cmd: str = "cat out/rewrite_4.json", **options: Any) -> Launcher:
    folder = StudyFolder(path, "study")
    folder.create()
    adapter = TASKS.create("localadaptertask", options)
    tasks = (adapter, BashTask(cmd=cmd, metric_reader=READER))
    return Launcher(make_spec(path, tasks=tasks), folder, 7, "c0ffee", {})


@pytest.mark.parametrize("check", TASK_CHECKS)
def test_it_keeps_the_contract(check: Any) -> None:
    check(LOCAL_ADAPTER_TASK, {"param_file": OUT, "custom": {"a": "{{ trial.id }}"}}, {"x": 7})


def test_programs_find_what_a_trial_is(tmp_path: Path) -> None:
    custom = {"user": "me", "half": "{{ trial.param.x / 2 }}", "in": ["{{ trial.dir }}"]}
    made = launcher(tmp_path, param_file=OUT, custom=custom)
    trial = Trial(id=4, params={"x": 7}, results=(Result(stage=Stage(), value=1.0),))
    launch = made.prepare(trial, 1, Grant(env={}))
    written = tmp_path / "out/rewrite_4.json"
    whole = {
        "id": 4,
        "experiment": "study",
        "run": 1,
        "param": {"x": 7},
        "checkpoint_id": -1,
        "custom": {"user": "me", "half": 3.5, "in": [str(tmp_path / "study/trials/4")]},
    }
    assert json.loads(written.read_text()) == whole
    written.unlink()
    done = subprocess.run(["/bin/sh", launch.script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == whole
    # Nothing else names the parameter, and it is used all the same.
    assert made.unused == []
    assert not made.all_alike
    assert made.file_paths(trial) == [str(written)]


def test_its_usual_place_is_the_trials_folder(tmp_path: Path) -> None:
    made = launcher(tmp_path)
    assert made.file_paths(Trial(id=4, params={})) == [f"{tmp_path}/study/trials/4/param.json"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"param_file": "out.json"}, "the same file for several trials"),
        ({"param_file": ""}, "param_file must be a path"),
        ({"custom": [1]}, "custom must be a dictionary"),
        ({"custom": {"a": {1}}}, "must be JSON values"),
        ({"custom": {"a": "{{ trial.param.y }}"}}, r"'trial\.param\.y' is unknown"),
        ({"file": OUT}, r"no option 'file'.*known options: param_file, custom"),
    ],
)
def test_what_cannot_work_is_refused(tmp_path: Path, options: dict[str, Any], told: str) -> None:
    with pytest.raises(SpecError, match=told):
        launcher(tmp_path, **options)
