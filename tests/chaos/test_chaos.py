"""Small runs of the chaos driver, as one runs it by hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.integration,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]


BRIEF = ("--span-ms", "30", "--starters")
CALLS = ("--span-ms", "150", "--server-kills", "3", "--starter-kills", "6")


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("mode", "kills", "trials", "options"),
    [
        ("grid", 10, 24, ()),
        ("grid", 6, 120, BRIEF),
        ("functions", 8, 60, CALLS),
        *(
            pytest.param(mode, 4, 16, (), marks=pytest.mark.integration)
            for mode in ("ladder", "stopping", "pbt")
        ),
    ],
)
def test_kills_lose_nothing_and_run_nothing_twice(
    mode: str, kills: int, trials: int, options: tuple[str, ...], tmp_path: Path
) -> None:
    report_file = tmp_path / "report.json"
    size = ["--mode", mode, "--kills", str(kills), "--trials", str(trials), "--seed", "1"]
    words = [sys.executable, "-m", "tests.chaos.driver", *size, *options]
    command = [*words, "--report", str(report_file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert report_file.exists(), done.stderr
    report = json.loads(report_file.read_text())
    assert report["problems"] == []
    assert report["kills"] == kills
    counted = ["lost", "run_twice", "left", "not_ended"]
    assert [report[name] for name in counted] == [0, 0, 0, 0]
    assert done.returncode == 0
