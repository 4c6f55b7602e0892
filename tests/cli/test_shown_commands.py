"""The commands that README and the docs show do what is said there, in each shell."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "docs" / "terminal.md"]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = sorted(
    {
        line
        for page in PAGES
        for block in re.findall(
            r"^```sh\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
        )
        for line in block.splitlines()
        if line.startswith("automl ")
    }
)
SHELLS = ["sh", "bash"] + [
    pytest.param(
        shell,
        marks=[
            pytest.mark.integration,
            pytest.mark.skipif(shutil.which(shell) is None, reason=f"there is no {shell} here"),
        ],
    )
    for shell in ("zsh", "fish")
]


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A search path on which the command is."""
    command = tmp_path / "bin" / "automl"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m automl "$@"\n')
    command.chmod(0o755)
    return f"{command.parent}:{os.environ['PATH']}"


def in_shell(shell: str, line: str, path: str, place: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shell, "-c", line],
        cwd=place,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_there_are_commands_to_run() -> None:
    assert any("automl run" in line for line in SHOWN)


@pytest.mark.slow
@pytest.mark.parametrize("line", SHOWN)
def test_a_command_that_is_shown_works(line: str, path: str, tmp_path: Path) -> None:
    done = in_shell("bash", line, path, tmp_path)
    assert done.returncode == 0, done.stderr
    if "run" in line:
        assert "best: trial" in done.stdout


WORDS = (
    "-p lr=1e-5..1e-1:log -p layers=1..4 -p p=0.0..1.0:step=0.1 -p opt=adam,sgd -p --amp=flag "
    "-p 'w=loguniform(1e-5, 1e-1)' -p 'momentum=0.0..0.99 if opt == \"sgd\"' "
    "-- python train.py --lr {lr} --layers {layers} {w} {p} --opt {opt} "
    "--m~'uniform(0, 1)' {momentum}"
)


@pytest.mark.parametrize("shell", SHELLS)
def test_no_shell_touches_a_range(shell: str, tmp_path: Path) -> None:
    show = f"{sys.executable} -c 'import sys; print(sys.argv[1:])' {WORDS}"
    expected = in_shell("bash", show.replace("{", "'{'"), os.environ["PATH"], tmp_path).stdout
    done = in_shell(shell, show, os.environ["PATH"], tmp_path)
    assert (done.stdout, done.returncode) == (expected, 0)
    assert "'lr=1e-5..1e-1:log'" in done.stdout
    assert "--m~uniform(0, 1)" in done.stdout
