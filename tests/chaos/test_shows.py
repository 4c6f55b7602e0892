"""The scripts that show one promise each keep it."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="Linux only"),
]

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("show_fresh", ["fresh", "removed", "moved"]),
        ("show_cut_journal", ["lost", "checkpoint", "cut"]),
        ("show_daemon", ["1"]),
    ],
)
def test_the_promise_is_kept(script: str, words: list[str]) -> None:
    command = [sys.executable, "-m", f"tests.chaos.{script}", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
