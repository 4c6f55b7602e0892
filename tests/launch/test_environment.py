"""Which python commands find: the running one, whether or not its environment is activated."""

import subprocess
import sys
from pathlib import Path

import pytest
from loop_fakes import PATTERN, make_spec

from automl.executors.machine.programs import check_programs
from automl.journal.folder import StudyFolder
from automl.launch.environment import command_path, environment_notes, exported, inactive_folder
from automl.launch.launcher import Launcher
from automl.study.resources import Grant
from automl.study.spec import StudySpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial


def interpreter(folder: Path, name: str = "") -> Path:
    """Make a program called python, and python3, that prints the name of its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in ("python", "python3"):
        (folder / each).write_text(f"#!/bin/sh\necho value={name or folder.parent.name}\n")
        (folder / each).chmod(0o755)
    return folder


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of programs of the virtual environment that this test pretends to run in."""
    folder = interpreter(tmp_path / "venv/bin", "1")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setattr(sys, "executable", str(folder / "python3"))
    return folder


def spec_of(path: Path, cmd: tuple[str, ...] | str = ("python",), **changes: object) -> StudySpec:
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
    return make_spec(path, tasks=(BashTask(cmd=cmd, metric_reader=reader),), **changes)


def printed(path: Path, spec: StudySpec, environ: dict[str, str]) -> str:
    """Return what the script of a trial prints."""
    folder = StudyFolder(path, "study")
    folder.create()
    launcher = Launcher(spec, folder, 7, "c0ffee", environ)
    launch = launcher.prepare(Trial(id=0, params={"x": 7}), 1, Grant(env={}))
    return subprocess.run(
        ["/bin/sh", launch.script], env=environ, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize(
    "cmd", [("python",), "python", ("sh", "-c", "exec python3"), "{{ python }}"]
)
def test_the_python_of_a_command_is_the_one_that_runs_the_script(
    tmp_path: Path, venv: Path, cmd: tuple[str, ...] | str
) -> None:
    other = interpreter(tmp_path / "other/bin", "2")
    assert venv.is_dir()
    assert (
        printed(tmp_path, spec_of(tmp_path, cmd), {"PATH": f"{other}:/usr/bin:/bin"}) == "value=1\n"
    )


@pytest.mark.parametrize("path", ["{venv}:{other}", "/none:{venv}:{other}", "{link}:{other}"])
def test_an_activated_environment_changes_nothing(tmp_path: Path, venv: Path, path: str) -> None:
    other = interpreter(tmp_path / "other/bin")
    (tmp_path / "link").symlink_to(venv)
    given = path.format(venv=venv, other=other, link=tmp_path / "link")
    spec = spec_of(tmp_path)
    assert exported(spec, {"PATH": given})["PATH"] == given
    assert environment_notes(spec, {"PATH": given}) == []


@pytest.mark.parametrize("path", [{"PATH": "/nowhere"}, {"PATH": ""}, {}])
def test_a_path_without_any_python_gets_the_folder_too(
    tmp_path: Path, venv: Path, path: dict[str, str]
) -> None:
    (tmp_path / "only").mkdir()
    assert exported(spec_of(tmp_path), path)["PATH"].startswith(f"{venv}:")
    found_by = {"PATH": command_path(spec_of(tmp_path), path)}
    assert check_programs(spec_of(tmp_path), found_by) == []


def test_half_of_an_environment_is_not_active(tmp_path: Path, venv: Path) -> None:
    half = interpreter(tmp_path / "half/bin")
    (half / "python").unlink()
    assert inactive_folder({"PATH": f"{half}:{venv}"}) == str(venv)


def test_a_python_of_the_system_changes_nothing(
    tmp_path: Path, venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "base_prefix", sys.prefix)
    other = interpreter(tmp_path / "other/bin")
    assert inactive_folder({"PATH": str(other)}) == ""
    (venv.parent / "conda-meta").mkdir()
    assert inactive_folder({"PATH": str(other)}) == str(venv)


def test_a_folder_that_no_path_can_hold_is_left_out(
    tmp_path: Path, venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = interpreter(tmp_path / "a:b/bin")
    monkeypatch.setattr(sys, "executable", str(odd / "python"))
    assert inactive_folder({"PATH": str(venv)}) == ""


def test_an_interpreter_that_does_not_tell_its_path_is_found_by_its_environment(
    venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "")
    assert inactive_folder({"PATH": "/nowhere"}) == str(venv)


def test_a_path_of_the_users_own_wins_and_another_python_in_it_is_told(
    tmp_path: Path, venv: Path
) -> None:
    other = interpreter(tmp_path / "other/bin", "2")
    spec = spec_of(tmp_path, env={"PATH": f"{other}:/bin"})
    environ = {"PATH": "/usr/bin:/bin"}
    assert command_path(spec, environ) == f"{other}:/bin"
    assert environment_notes(spec, environ) == []
    [warning] = check_programs(spec, {"PATH": command_path(spec, environ)})
    assert f"'python' is {other}/python, not the {venv}/python3" in warning
    assert "{{ python }}" in warning
    assert printed(tmp_path, spec, environ) == "value=2\n"


def test_it_is_told_in_one_line(tmp_path: Path, venv: Path) -> None:
    folder = StudyFolder(tmp_path, "study")
    [note] = Launcher(spec_of(tmp_path), folder, 7, "c0ffee", {"PATH": "/bin"}).notes
    assert note.startswith(f"commands find programs in {venv} first: there is the Python")
    assert "\n" not in note


def test_a_study_goes_on_with_another_python(
    tmp_path: Path, venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = spec_of(tmp_path, ("{{ python }}", "train.py"))
    before = spec.identity()
    monkeypatch.setattr(sys, "executable", str(interpreter(tmp_path / "new/bin") / "python"))
    assert spec.identity() == before
    assert str(venv) not in str(before)


def console(folder: Path, venv: Path, *, link: bool) -> Path:
    """Install the command `automl` as a tool does: in its environment, or as a link to it."""
    made = folder / "automl"
    folder.mkdir(parents=True, exist_ok=True)
    if link:
        (venv / "automl").write_text("#!/bin/sh\n")
        (venv / "automl").chmod(0o755)
        made.symlink_to(venv / "automl")
    else:
        made.write_text("#!/bin/sh\n")
        made.chmod(0o755)
    return made


@pytest.mark.parametrize("link", [True, False])
def test_a_command_that_path_leads_to_leaves_python_to_path(
    tmp_path: Path, venv: Path, monkeypatch: pytest.MonkeyPatch, *, link: bool
) -> None:
    mine = interpreter(tmp_path / "mine/bin", "2")
    folder = tmp_path / "home/.local/bin" if link else venv
    monkeypatch.setattr(sys, "argv", [str(console(folder, venv, link=link)), "run"])
    environ = {"PATH": f"{mine}:{folder}:/usr/bin:/bin"}
    assert inactive_folder(environ) == ""
    assert environment_notes(spec_of(tmp_path), environ) == []
    assert printed(tmp_path, spec_of(tmp_path), environ) == "value=2\n"


@pytest.mark.parametrize("argv", [["{venv}/automl"], ["{venv}/other"], ["tune.py"], [""], []])
def test_a_command_by_its_path_or_a_script_means_its_own_python(
    tmp_path: Path, venv: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str]
) -> None:
    console(venv, venv, link=False)
    elsewhere = console(tmp_path / "elsewhere", venv, link=False).parent
    monkeypatch.setattr(sys, "argv", [word.format(venv=venv) for word in argv])
    assert inactive_folder({"PATH": f"{elsewhere}:/usr/bin"}) == str(venv)
    assert inactive_folder({"PATH": "/usr/bin"}) == str(venv)
