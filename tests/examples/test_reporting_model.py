"""The example that reports: by hand three of its lines do nothing, in a trial they tell."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from automl.inside.reports import Report, report_in

SCRIPT = Path(__file__).parents[2] / "examples" / "reporting_model.py"

pytestmark = pytest.mark.integration  # each start imports scikit-learn and trains


def train(folder: Path, **variables: str) -> str:
    environ = {**os.environ, "OMP_NUM_THREADS": "1", **variables}
    line = [sys.executable, str(SCRIPT)]
    return subprocess.run(
        line, cwd=folder, env=environ, check=True, capture_output=True, text=True
    ).stdout


def test_it_trains_by_hand_and_reports_in_a_trial(tmp_path: Path) -> None:
    by_hand = train(tmp_path)
    assert list(tmp_path.iterdir()) == []

    (tmp_path / "params.json").write_text('{"alpha": 0.0001, "eta0": 0.01}')
    printed = train(tmp_path, AUTOML_TRIAL_DIR=str(tmp_path), AUTOML_MARK="5ad3:7")
    assert printed == by_hand
    lines = (tmp_path / "reports.jsonl").read_text().splitlines()
    reports = [one for one in map(report_in, lines) if isinstance(one, Report)]
    assert [one.step for one in reports] == list(range(1, 31))
    assert f"epoch 30: {reports[-1].value:.4f}\n" in printed
    assert reports[-1].value > 0.8
