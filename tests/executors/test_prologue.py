"""What scripts that this machine starts do before their commands."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from automl.executors.local.prologue import CGROUP_VARIABLE, GATE_VARIABLE, PROLOGUE
from automl.render.script import cleanup_script, trial_script

SHELLS = [path for name in ("sh", "dash", "bash") if (path := shutil.which(name))]
BEFORE = """\
if [ -n "${AUTOML_GATE-}" ]; then \
read -r AUTOML_GATE || exit 1; exec < /dev/null; unset AUTOML_GATE; fi
if [ -n "${AUTOML_CGROUP-}" ]; then \
{ echo $$ > "$AUTOML_CGROUP/cgroup.procs"; } 2>/dev/null; unset AUTOML_CGROUP; fi
"""


@pytest.fixture(params=SHELLS, ids=os.path.basename)
def shell(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=[trial_script, cleanup_script], ids=["trial", "cleanup"])
def script(request: pytest.FixtureRequest) -> object:
    return request.param


def run(
    shell: str,
    script: object,
    line: str,
    stdin: bytes | None = None,
    **variables: str,
) -> subprocess.CompletedProcess[bytes]:
    assert callable(script)
    text = script(title="t", cwd="/", exports="", commands=[line], prologue=PROLOGUE)
    env = {**os.environ, **variables}
    return subprocess.run(
        [shell, "-c", text], check=False, capture_output=True, env=env, input=stdin
    )


def test_the_lines_as_they_are_written(script: object) -> None:
    assert callable(script)
    text = script(title="t", cwd="/", exports="", commands=["true"], prologue=PROLOGUE)
    assert text.split("\n", 3)[3].startswith(BEFORE)


def test_a_script_enters_the_group_that_it_is_told_before_any_command(
    shell: str, script: object, tmp_path: Path
) -> None:
    group = tmp_path / "a 'group'"
    group.mkdir()
    ended = run(shell, script, 'echo "$PPID"; env', **{CGROUP_VARIABLE: str(group)})
    parent, *variables = ended.stdout.decode().splitlines()
    assert (group / "cgroup.procs").read_text() == f"{parent}\n"
    assert not any(line.startswith(CGROUP_VARIABLE) for line in variables)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_gate_is_nothing_that_commands_see(shell: str, script: object) -> None:
    line = "read -r line; echo $?; env"
    ended = run(shell, script, line, b"one\ntwo\n", **{GATE_VARIABLE: "closed"})
    no_input, *variables = ended.stdout.decode().splitlines()
    assert no_input == "1"
    assert not any(line.startswith(GATE_VARIABLE) for line in variables)


def test_a_gate_that_nobody_opens_is_not_passed(shell: str, script: object, tmp_path: Path) -> None:
    """As who began it died before it had done all that the commands are to inherit."""
    variables = {GATE_VARIABLE: "closed", "AUTOML_EXIT_FILE": str(tmp_path / "exit")}
    ended = run(shell, script, "echo ran", b"", **variables)
    assert (ended.stdout, ended.stderr) == (b"", b"")
    assert not (tmp_path / "exit").exists()


def test_a_group_that_is_gone_changes_nothing(shell: str, script: object, tmp_path: Path) -> None:
    ended = run(shell, script, "echo ran", **{CGROUP_VARIABLE: str(tmp_path / "gone")})
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"ran\n", b"")


def test_by_hand_a_script_keeps_its_input(shell: str, script: object) -> None:
    assert run(shell, script, "cat", b"typed\n").stdout == b"typed\n"
