"""A script that asks for its values and reports: in a study without a reader, and by hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from automl.hpo import AutoTuner, hyperparam, task
from automl.study.trial import Trial, TrialState

pytestmark = pytest.mark.integration

SCRIPT = """\
import multiprocessing, os, subprocess, sys
import automl

def told(value):
    automl.report(value, step=2)

def ranks():
    # As torchrun starts them; the last one is the first to report.
    for rank in (2, 1, 0):
        environ = {**os.environ, "RANK": str(rank), "WORLD_SIZE": "3"}
        line = f"import automl; automl.report({rank + 1}, step=1)"
        subprocess.run([sys.executable, "-c", line], env=environ, check=True)

if __name__ == "__main__":
    how = automl.params(how="alone")["how"]
    print("loss: 0.75")
    if how in ("alone", "nan"):
        automl.report(4, step=1)
        automl.report(0.5 if how == "alone" else float("nan"), step=2)
    elif how == "spawned":
        child = multiprocessing.get_context("spawn").Process(target=told, args=(3,))
        child.start()
        child.join()
    elif how == "ranks":
        ranks()
    elif how == "named":
        automl.report(1, name="accuracy")
"""

HOWS = ["alone", "nan", "spawned", "ranks", "named", "silent"]


@pytest.fixture
def study(place: Path) -> AutoTuner:
    Path(place, "train.py").write_text(SCRIPT)
    return AutoTuner(
        hyperparams=[hyperparam.create(type="Categorical", name="how", candidates=HOWS)],
        task_list=[task.create(type="BashTask", cmd=[sys.executable, "train.py"])],
        max_parallel=2,
        max_trial_num=len(HOWS),
        algorithm="grid",
        fail_fast=None,
    )


def test_what_a_script_reports_is_its_result(study: AutoTuner, place: Path) -> None:
    study.fit()
    trials: dict[str, Trial] = {str(one.params["how"]): one for one in study.trials}
    assert {how: one.value for how, one in trials.items() if one.value is not None} == {
        "alone": 0.5,
        "spawned": 3.0,
        "ranks": 1.0,
    }
    assert trials["alone"].measurements == 2
    assert trials["nan"].state is TrialState.FAILED
    assert "the metric is nan, not a finite number" in trials["nan"].reason
    assert "what was reported is named 'accuracy'" in trials["named"].reason
    assert "let the program call automl.report(value)" in trials["silent"].reason
    assert "it printed 'loss' (0.75)" in trials["silent"].reason

    folder = study._study.folder.trial(trials["alone"].id)
    before = Path(folder.path, "reports.jsonl").read_text()
    assert [json.loads(line)["value"] for line in before.splitlines()] == [4, 0.5]
    subprocess.run(["sh", folder.script], check=True, capture_output=True)
    assert Path(folder.path, "reports.jsonl").read_text() == before
    subprocess.run([sys.executable, "train.py"], check=True, capture_output=True)
    assert not Path(place, "reports.jsonl").exists()
