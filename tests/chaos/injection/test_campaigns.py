"""Samples of the two drivers that place one fault or one kill, as one runs them by hand."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD is Linux's"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler: install gcc"),
]


def report_of(tmp_path: Path, module: str, *options: str) -> dict[str, Any]:
    report = tmp_path / "report.json"
    words = [sys.executable, "-m", module, *options, "--report", str(report)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert report.exists(), done.stderr
    found: dict[str, Any] = json.loads(report.read_text())
    return found


@pytest.mark.parametrize("kind", [(), ("--functions",)], ids=["commands", "functions"])
def test_no_failing_call_loses_anything(kind: tuple[str, ...], tmp_path: Path) -> None:
    sample = (*kind, "--points", "25", "--seconds", "60")
    report = report_of(tmp_path, "tests.chaos.fault_points", *sample)
    assert report["problems"] == []
    assert report["points"] > 0


def test_no_kill_at_a_named_moment_loses_anything(tmp_path: Path) -> None:
    report = report_of(tmp_path, "tests.chaos.moments", "--every", "20", "--seconds", "60")
    assert report["problems"] == []
    assert report["missed"] == []
    assert report["hit"] > 0
