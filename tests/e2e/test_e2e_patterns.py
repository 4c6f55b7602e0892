"""Metric files whose names nobody knows before, in whole studies."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

Run = Callable[[str], tuple[int, str, str]]

TRAIN = """import json, os, sys, time
x = float(sys.argv[1])
os.makedirs("cache", exist_ok=True)
with open(f"cache/{time.time_ns()}_RNN.json", "w") as file:
    json.dump({"x": x, "MAE@1": x, "MAE@12": 12 * x}, file)
"""

SCRIPT = """import sys
from automl.hpo import *
x = hyperparam.create(type="Integer", name="x", min_value=1, max_value=5)
error = reader.create(type="json_reader", location="LOCATION", key="KEY", metric="error")
train = task.create(
    type="BashTask", metric_reader=error, cmd=[sys.executable, "train.py", "{{ trial.param.x }}"]
)
AutoTuner([x], [train], AT_ONCE, 5, algorithm="grid", direction="minimize", name="s").fit()
"""


def study(place: Path, location: str, key: str, at_once: int = 1) -> str:
    (place / "train.py").write_text(TRAIN)
    text = SCRIPT.replace("LOCATION", location).replace("KEY", key)
    (place / "study.py").write_text(text.replace("AT_ONCE", str(at_once)))
    return "study.py"


def values(place: Path) -> dict[float, str]:
    """Return what the table has for each value of the parameter."""
    rows = (place / "automl_studies/s/results.csv").read_text().splitlines()[1:]
    return {float(row.split(",")[0]): row.split(",")[1] for row in rows}


def test_each_trial_has_the_number_of_its_own_file(place: Path, run_script: Run) -> None:
    old = place / "cache" / "1_RNN.json"
    old.parent.mkdir()
    old.write_text(json.dumps({"MAE@1": -7, "MAE@12": -7}))
    code, _, told = run_script(study(place, "cache/*_RNN.json", "MAE@12"))
    assert code == 0, told
    assert values(place) == {float(x): f"{12.0 * x}" for x in range(1, 6)}
    # Each kept its own, from which another number is read.
    for file in (place / "cache").glob("*.json"):
        file.unlink()
    code, _, told = run_script(study(place, "cache/*_RNN.json", "MAE@1"))
    assert code == 0, told
    assert "read anew: 5 of 5 trials have a value now" in told
    assert values(place) == {float(x): f"{float(x)}" for x in range(1, 6)}


def test_a_slip_in_a_pattern_is_mended_without_another_run(place: Path, run_script: Run) -> None:
    _, _, told = run_script(study(place, "cache/*_CNN.json", "MAE@12"))
    assert re.search(r"no file \S+_CNN.json was written by the command; \S+ has '\d+_RNN", told)
    code, _, told = run_script(study(place, "cache/*_RNN.json", "MAE@12"))
    assert code == 0, told
    assert "5 of 5 trials have a value now, 0 had one before" in told
    assert values(place) == {float(x): f"{12.0 * x}" for x in range(1, 6)}


def test_trials_at_once_are_warned_of(place: Path, run_script: Run) -> None:
    _, _, told = run_script(study(place, "cache/*_RNN.json", "MAE@12", at_once=2))
    assert "may name files of several trials that run at the same time" in told
