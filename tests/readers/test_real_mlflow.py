"""What MLflow itself writes is read: studies of programs that log, into both kinds of stores."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mlflow")
pytest.importorskip("sqlalchemy")

pytestmark = [pytest.mark.slow, pytest.mark.integration]

PROGRAM = """
import sys
import mlflow

x, trial = float(sys.argv[1]), sys.argv[2]
with mlflow.start_run(run_name="whole"):
    for epoch in range(3):
        mlflow.log_metric("val/loss", x + 1 / (epoch + 1), step=epoch)
    with mlflow.start_run(nested=True):
        mlflow.log_metric("val/loss", 99.0)
"""

STUDY = """
import sys
from automl.hpo import *

x = hyperparam.create(type="Integer", name="x", min_value=1, max_value=3)
loss = reader.create(type="mlflow_reader", key="val/loss", metric="loss")
train = task.create(
    type="BashTask",
    metric_reader=loss,
    cmd=[sys.executable, "train.py", "{{ trial.param.x }}", "{{ trial.id }}"],
)
tuner = AutoTuner([x], [train], 2, 3, algorithm="grid", direction="minimize")
tuner.fit()
print(sorted((one.params["x"], round(one.value, 6)) for one in tuner.trials))
"""


@pytest.mark.parametrize("uri", ["sqlite:///mlflow.db", "mlruns"])
def test_each_trial_gets_what_it_logged(tmp_path: Path, uri: str) -> None:
    (tmp_path / "train.py").write_text(PROGRAM)
    (tmp_path / "study.py").write_text(STUDY)
    env = {**os.environ, "MLFLOW_TRACKING_URI": uri, "MLFLOW_ALLOW_FILE_STORE": "true"}
    # Makes the tables, which MLflow does not bear twice at once; and a run that is no trial's.
    before = [sys.executable, "train.py", "-5", "none"]
    subprocess.run(before, cwd=tmp_path, env=env, check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "study.py"],
        cwd=tmp_path,
        env=env,
        check=False,
        capture_output=True,
        text=True,
    )
    assert "[(1, 1.333333), (2, 2.333333), (3, 3.333333)]" in done.stdout, done.stderr
