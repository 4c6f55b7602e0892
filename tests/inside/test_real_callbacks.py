"""Callbacks that report, with the real libraries where these are installed."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from automl.inside.files import REPORTS
from automl.inside.reports import Report, report_in

pytestmark = pytest.mark.integration

KERAS = """
import keras
import numpy as np
from automl.inside.keras import ReportCallback

x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
model = keras.Sequential([keras.layers.Dense(1)])
model.compile("sgd", "mse", metrics=["mae"])
given = dict(validation_split=0.25, epochs=2, verbose=0)
model.fit(x, x.sum(axis=1), callbacks=[ReportCallback()], **given)
"""

XGBOOST = """
import numpy as np
import xgboost
from automl.inside.xgboost import ReportCallback

x = np.random.default_rng(0).normal(size=(64, 4))
data = xgboost.DMatrix(x, x.sum(axis=1))
rows = dict(evals=[(data, "train"), (data, "eval")], verbose_eval=False)
xgboost.train({"nthread": 1}, data, 2, callbacks=[ReportCallback()], **rows)
xgboost.cv({"nthread": 1}, data, 1, nfold=2, callbacks=[ReportCallback()])
model = xgboost.XGBRegressor(n_estimators=1, n_jobs=1, callbacks=[ReportCallback()])
model.fit(x, x.sum(axis=1), eval_set=[(x, x.sum(axis=1))], verbose=False)
"""

LIGHTGBM = """
import lightgbm
import numpy as np
from automl.inside.lightgbm import ReportCallback

x = np.random.default_rng(0).normal(size=(64, 4))
y = x.sum(axis=1)
given = {"num_threads": 1, "verbose": -1, "min_data_in_leaf": 2, "metric": ["l2", "l1"]}
data = lightgbm.Dataset(x, y)
# The callback that ends a training is called behind it, so that the last round counts, too.
early = lightgbm.early_stopping(1, verbose=False)
lightgbm.train(given, data, 2, valid_sets=[data], callbacks=[early, ReportCallback()])
lightgbm.cv(given, data, 1, nfold=2, stratified=False, callbacks=[ReportCallback()])
"""


def needs(*packages: str) -> None:
    """Skip a test, and say so, where a package is not installed; none is imported here."""
    for name in packages:
        if find_spec(name) is None:
            pytest.skip(f"{name} is not installed")


def names_told(source: str, folder: Path, *, inside: bool = True) -> list[tuple[str, float | None]]:
    """Run a training; return the names that it told, each with its step."""
    own = {"AUTOML_TRIAL_DIR": str(folder), "AUTOML_MARK": "5ad3:7"} if inside else {}
    environ = {**os.environ, "KERAS_BACKEND": "jax", **own}
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", source], env=environ, cwd=folder, check=True
    )
    path = folder / REPORTS
    lines = path.read_text().splitlines() if path.exists() else []
    reports = [report_in(line) for line in lines]
    assert None not in reports
    return [(one.name, one.step) for one in reports if isinstance(one, Report)]


def test_keras(tmp_path: Path) -> None:
    needs("keras", "jax")
    each = ["loss", "mae", "val_loss", "val_mae"]
    told = names_told(KERAS, tmp_path)
    assert told == [(name, step) for step in (1, 2) for name in each]


def test_xgboost(tmp_path: Path) -> None:
    needs("xgboost")
    rounds = [(name, step) for step in (1, 2) for name in ("train-rmse", "eval-rmse")]
    folds = [("train-rmse", 1), ("test-rmse", 1)]
    assert names_told(XGBOOST, tmp_path) == [*rounds, *folds, ("validation_0-rmse", 1)]


def test_lightgbm(tmp_path: Path) -> None:
    needs("lightgbm")
    told = names_told(LIGHTGBM, tmp_path)
    rounds = [(name, step) for step in (1, 2) for name in ("training-l2", "training-l1")]
    assert told[:4] == rounds
    assert [name.rpartition("-")[2] for name, _ in told[4:]] == ["l2", "l1"]


@pytest.mark.parametrize("library", ["keras", "xgboost", "lightgbm"])
def test_outside_of_a_trial_they_do_nothing(library: str, tmp_path: Path) -> None:
    needs(library)
    source = {"keras": KERAS, "xgboost": XGBOOST, "lightgbm": LIGHTGBM}[library]
    assert names_told(source, tmp_path, inside=False) == []


@pytest.mark.parametrize(
    ("library", "base"),
    [("lightning", "lightning.pytorch.Callback"), ("transformers", "transformers.TrainerCallback")],
)
def test_those_of_torch_are_callbacks_of_their_libraries(library: str, base: str) -> None:
    needs(library, "torch")
    lines = [
        f"import {base.rpartition('.')[0]}, {library}",
        f"from automl.inside.{library} import ReportCallback",
        f"assert isinstance(ReportCallback(), {base})",
    ]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True)
