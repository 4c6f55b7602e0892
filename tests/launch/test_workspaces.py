"""Trials that work in a folder of their own."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import PATTERN, make_spec

from automl.errors import SpecError
from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.launch.preflight import check_commands
from automl.launch.written import workspaces
from automl.launch.written.workspaces import copy_warnings
from automl.studies.spec_from import spec_from
from automl.study.description import describe
from automl.study.limits import Limits
from automl.study.resources import Grant
from automl.study.spec import StudySpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.tasks.workspace import Workspace, is_relative, workspace_from
from automl.study.trial import Trial

READER = LocalReader(location="out/metric.log", parser_pattern=PATTERN)
NOTHING = Grant(env={})


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    (path / "out").mkdir(parents=True)
    (path / "conf.json").write_text('{"x": 0}')
    (path / "out/metric.log").write_text("value=99")
    return path


def spec(home: Path, workspace: Workspace, **changes: Any) -> StudySpec:
    task = BashTask(
        cmd="cat conf.json; pwd; echo value=1 > out/metric.log",
        metric_reader=READER,
        files=[{"base": "conf.json", "dest": "conf.json", "set": {"x": "{{ trial.param.x }}"}}],
        cleanup="pwd",
    )
    return make_spec(home, tasks=(task,), workspace=workspace, **changes)


def launcher(home: Path, described: StudySpec) -> Launcher:
    folder = StudyFolder(home, "study")
    folder.create()
    return Launcher(described, folder, 7, "c0ffee", {"PATH": "/usr/bin:/bin"})


TRIAL = Trial(id=4, params={"x": 7})


def run(script: str) -> list[str]:
    done = subprocess.run(["/bin/sh", script], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_a_trial_works_in_a_copy(home: Path) -> None:
    made = launcher(home, spec(home, Workspace()))
    folder = home / "study/trials/4"
    own = str(folder / "workspace")
    assert made.metric_paths(TRIAL) == {"metric": f"{own}/out/metric.log"}
    assert made.cwd(TRIAL) == own
    launch = made.prepare(TRIAL, 1, NOTHING)
    assert launch.direct is None
    assert not (folder / "workspace/conf.json").exists()
    assert run(launch.script) == ['{"x": 7}' + own]
    assert (folder / "workspace/out/metric.log").read_text() == "value=1\n"
    # Nothing of the user's was changed, and nothing of an earlier life is in the copy.
    assert (home / "out/metric.log").read_text() == "value=99"
    assert (home / "conf.json").read_text() == '{"x": 0}'
    assert f"cd '{own}'" in (folder / "cleanup.sh").read_text()
    again = made.prepare(TRIAL, 2, NOTHING)
    assert (folder / "attempts/1/metric.log").read_text() == "value=1\n"
    run(again.script)
    assert (folder / "attempts/1/workspace/conf.json").exists()


def test_a_working_directory_with_placeholders_is_made(home: Path) -> None:
    described = spec_from(
        {
            "hyperparams": [{"type": "Integer", "name": "x", "min_value": 1, "max_value": 9}],
            "task_list": [{"type": "BashTask", "cmd": "pwd", "metric_reader": None}],
            "objectives": [{"metric": "metric"}],
            "max_parallel": 2,
            "max_trial_num": 2,
            "cwd": "{{ trial.dir }}/work",
        },
        str(home),
    )
    assert (described.cwd, described.workspace) == (
        str(home),
        Workspace(type="folder", folder="{{ trial.dir }}/work"),
    )
    assert spec_from(describe(described), "/elsewhere") == described
    launch = launcher(home, described).prepare(TRIAL, 1, NOTHING)
    assert run(launch.script) == [str(home / "study/trials/4/work")]


def test_a_copy_may_be_called_otherwise(home: Path) -> None:
    data = describe(spec(home, Workspace())) | {"cwd": "{{ trial.dir }}/w", "workspace": "copy"}
    assert spec_from(data, str(home)).workspace == Workspace(folder="{{ trial.dir }}/w")
    data["workspace"] = {"type": "copy", "folder": "{{ trial.dir }}/a"}
    with pytest.raises(SpecError, match="cwd has placeholders, and workspace has folder"):
        spec_from(data, str(home))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("copi", "workspace type 'copi' is unknown .did you mean 'copy'"),
        (3, "workspace must be one of 'copy', 'link', 'folder', or a dictionary"),
        ({"typ": "copy"}, "workspace has no option 'typ' .did you mean 'type'"),
        ({"folder": "/x/y"}, "must be below the trial's folder"),
        ({"folder": "{{ trial.dir }}"}, "must be below the trial's folder"),
        ({"folder": "{{ trial.dir }}/.."}, "must be below the trial's folder"),
        ({"ignore": "data"}, "ignore must be a list of patterns"),
        ({"keep": [""]}, "keep must be a list of patterns"),
        ({"max_size": "much"}, "max_size must be a number of bytes"),
    ],
)
def test_what_is_no_workspace_is_refused(given: object, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        workspace_from(given)


def test_a_folder_of_several_trials_is_refused(home: Path) -> None:
    with pytest.raises(SpecError, match="workspace: folder: 'work' is the same"):
        launcher(home, spec(home, Workspace(type="folder", folder="work")))


def test_too_large_a_copy_is_refused_before_anything_starts(home: Path) -> None:
    (home / "data").mkdir()
    (home / "data/big").write_bytes(bytes(3000))
    described = spec(home, Workspace(max_size=2000))
    with pytest.raises(SpecError, match=r"max_size is .*; the largest: data ") as caught:
        check_commands(described, launcher(home, described))
    assert caught.value.place == "workspace"
    assert copy_warnings(spec(home, Workspace(max_size=2000, ignore=["data"])), str(home)) == []


def test_what_all_copies_take_is_compared_with_the_disk(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = 100

    monkeypatch.setattr(workspaces.shutil, "disk_usage", lambda _path: Usage)
    limits = Limits(max_trials=50, max_parallel=1)
    (warning,) = copy_warnings(spec(home, Workspace(), limits=limits), str(home / "new/study"))
    assert "workspace: 50 trials copy" in warning
    assert copy_warnings(spec(home, Workspace(type="link"), limits=limits), str(home)) == []


@pytest.mark.parametrize(
    ("path", "relative"),
    [
        ("m.log", True),
        ("{{ trial.id }}/m.log", True),
        ("{{ trial.param.x }}", True),
        ("/m.log", False),
        ("~/m.log", False),
        ("<<trial.dir>>/m", False),
        ("{{ trial.file.conf }}.log", False),
        ("{{study.dir}}/m", False),
    ],
)
def test_paths_from_the_working_directory_are_the_trials_own(path: str, relative: bool) -> None:  # noqa: FBT001
    assert is_relative(path) is relative


def test_it_is_a_part_of_what_may_not_change(home: Path) -> None:
    usual = spec(home, Workspace())
    assert usual.identity()["workspace"] == {"type": "copy"}
    assert usual.identity() != spec(home, Workspace(ignore=["data"])).identity()
    without = make_spec(home)
    assert "workspace" not in without.identity()


def test_a_function_has_no_workspace(home: Path) -> None:
    described = spec_from(
        {"function": "m:f", "max_parallel": 1, "max_trial_num": 1, "workspace": "copy"}, str(home)
    )
    with pytest.raises(SpecError, match="are for commands; a function has the folder"):
        launcher(home, described)
