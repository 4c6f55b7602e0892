"""The benchmarks run and write their table; what they measure is no matter of a test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    command = [sys.executable, "-m", "benchmarks.overhead", *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_quick_run_prints_the_table_and_writes_json(tmp_path: Path) -> None:
    file = tmp_path / "table.json"
    done = run("--quick", "--only", "startup", "--json", str(file), folder=tmp_path)
    assert done.returncode == 0, done.stderr

    told = json.loads(file.read_text("utf-8"))
    row, others = told["rows"]
    assert others["what"] == "startup: CPU that others used meanwhile"
    assert row["what"] == "import automl.hpo"
    assert row["at_most"] == 150
    assert row["measured"] is not None
    assert row["verdict"] == ("ok" if row["measured"] <= 150 else "short")
    assert set(told["machine"]) == {
        "cores",
        "python",
        "kernel",
        "file_system",
        "date",
        "load",
        "quick",
    }
    assert "import automl.hpo" in done.stdout
    assert "<= 150 ms" in done.stdout
    assert str(tmp_path) not in done.stdout + file.read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["table.json"]


def test_an_unknown_measure_lists_the_known_ones(tmp_path: Path) -> None:
    done = run("--only", "startup,lunch", folder=tmp_path)
    assert done.returncode == 2
    assert "unknown measure 'lunch'; known: startup, empty," in done.stderr
