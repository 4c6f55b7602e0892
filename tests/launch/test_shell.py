"""Which shell runs trials: bash, where the environment has what another would lose."""

import shutil
import subprocess
from pathlib import Path

import pytest
from loop_fakes import PATTERN, make_spec

from automl.journal.folder import StudyFolder
from automl.launch import environment
from automl.launch.environment import environment_notes, shell_of
from automl.launch.launcher import Launcher
from automl.study.launch import SHELL, Launch
from automl.study.resources import Grant
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask, Command
from automl.study.trial import Trial

FUNCTION = {"BASH_FUNC_module%%": "() {  echo module $1\n}"}
DOTTED = {"my.setting": "dotted"}
PLAIN = {"PATH": "/usr/bin:/bin", "_A1": "x"}
SH_IS_BASH = Path(SHELL).resolve().name == "bash"

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
drops = pytest.mark.skipif(SH_IS_BASH, reason="sh loses nothing here")


def launched(
    path: Path, environ: dict[str, str], *commands: Command, cleanup: Command | None = None
) -> Launch:
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
    tasks = [BashTask(cmd=one, metric_reader=reader, cleanup=cleanup) for one in commands]
    folder = StudyFolder(path, "study")
    folder.create()
    launcher = Launcher(make_spec(path, tasks=tuple(tasks)), folder, 7, "c0ffee", environ)
    return launcher.prepare(Trial(id=0, params={"x": 7}), 1, Grant(env={}))


def printed(launch: Launch, environ: dict[str, str]) -> str:
    """Return what the script prints, started as the executor starts it."""
    done = subprocess.run(
        [launch.shell, launch.script], env=environ, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@needs_bash
@drops
@pytest.mark.parametrize("more", [FUNCTION, DOTTED, {"BASH_FUNC_ml()": "() { :; }"}, {"1A": ""}])
def test_bash_runs_trials_where_sh_would_lose_a_variable(more: dict[str, str]) -> None:
    assert Path(shell_of(PLAIN | more)).name == "bash"
    assert Path(shell_of(more)).name == "bash"
    assert environment_notes(make_spec(env={"PATH": "/bin"}), PLAIN | more) == []


def test_sh_runs_all_others() -> None:
    assert shell_of(PLAIN) == shell_of({}) == SHELL
    assert environment_notes(make_spec(env={"PATH": "/bin"}), PLAIN) == []


def test_nothing_changes_where_sh_is_bash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bash").touch()
    (tmp_path / "sh").symlink_to("bash")
    monkeypatch.setattr(environment, "SHELL", str(tmp_path / "sh"))
    assert shell_of(FUNCTION) == str(tmp_path / "sh")


@drops
def test_without_bash_one_line_names_what_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    assert shell_of(FUNCTION | DOTTED) == SHELL
    [note] = environment_notes(make_spec(env={"PATH": "/bin"}), PLAIN | FUNCTION | DOTTED)
    assert note == (
        "commands do not get module, my.setting: /bin/sh drops them, and there is no bash here"
    )
    many = {f"a.{number}": "" for number in range(9)}
    [note] = environment_notes(make_spec(env={"PATH": "/bin"}), many)
    assert "a.0, a.1, a.2, a.3, a.4 and 4 more" in note


@needs_bash
@drops
@pytest.mark.parametrize(
    "command",
    [
        "module load; echo {{ trial.param.x }}",
        ("bash", "-c", "module load; echo $0", "{{ trial.param.x }}"),
    ],
)
def test_functions_that_bash_exported_reach_commands(tmp_path: Path, command: Command) -> None:
    environ = PLAIN | FUNCTION
    launch = launched(tmp_path, environ, command)
    assert printed(launch, environ) == "module load\n7\n"


@needs_bash
@drops
def test_scripts_say_by_which_shell_they_run(tmp_path: Path) -> None:
    environ = PLAIN | DOTTED
    launch = launched(tmp_path, environ, ("env",), "env", cleanup="env")
    text = Path(launch.script).read_text()
    assert text.splitlines()[0] == f"#!{launch.shell}"
    assert "# By hand: bash trial.sh" in text
    assert printed(launch, environ).count("my.setting=dotted") == 2
    cleanup = Path(launch.script).with_name("cleanup.sh")
    assert cleanup.read_text().startswith(f"#!{launch.shell}\n")
    run = subprocess.run([launch.shell, cleanup], env=environ, capture_output=True, check=True)
    assert b"my.setting=dotted" in run.stdout


@needs_bash
@drops
def test_what_is_started_without_a_script_runs_by_it_too(tmp_path: Path) -> None:
    line = launched(tmp_path, PLAIN | FUNCTION, "module load").direct
    assert line is not None
    assert Path(line.argv[0]).name == "bash"
    words = launched(tmp_path, PLAIN | FUNCTION, ("train", "x")).direct
    assert words is not None
    assert words.argv == ("train", "x")
