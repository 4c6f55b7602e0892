"""Models of Keras that are really trained, by JAX on the CPU."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# Not imported: Keras starts threads, and this process forks.
HERE = all(importlib.util.find_spec(name) for name in ("keras", "jax"))

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not HERE, reason="needs the extra `integration`, for Keras and JAX"),
]

ROOT = Path(__file__).parents[3]


def ran(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a script."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT), "KERAS_BACKEND": "jax", "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def fed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What models of several forms were fed with."""
    program = ROOT / "tests" / "programs" / "keras_models.py"
    done = ran(tmp_path_factory.mktemp("fed"), str(program))
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("validation", [2, None])
@pytest.mark.parametrize("length", [1, 3, 4, 100, None])
def test_a_model_sees_each_batch_in_order_whatever_the_length_of_the_generator(
    fed: dict[str, Any], length: int | None, validation: int | None
) -> None:
    found = fed[f"{length} {validation}"]
    assert found["losses"] == [number % (length or 12) for number in range(12)]
    assert found["checked"] == [0, 1] * 3
    assert found["value"] == found["reports"]["val_loss"][-1] == 0.5
    # A second model of a process has its metrics numbered.
    names = {re.sub(r"_\d+$", "", name) for name in found["reports"]}
    assert names >= {"auc", "val_auc", "mae", "val_mae", "loss"}
    assert found["kept"] == 16


def test_several_inputs_and_outputs_go_by_name(fed: dict[str, Any]) -> None:
    found = fed["several"]
    assert found["value"] == found["reports"]["loss"][-1]
    assert {"head_mae", "tail_accuracy", "tail_recall", "head_loss"} <= {*found["reports"]}


def test_classes_and_arrays_are_as_for_keras(fed: dict[str, Any]) -> None:
    assert fed["weighted"]["losses"] == [0, 10, 2, 0]
    assert fed["arrays"]["value"] == fed["arrays"]["reports"]["val_mae"][-1]
    assert fed["arrays"]["checked"] == [2, 7] * 2


GRID = """
import keras
import numpy as np
from sklearn.datasets import load_digits
import automl

x, y = load_digits(return_X_y=True)
x, y = (x[:600] / 16).astype("float32"), keras.utils.to_categorical(y[:600])


def train_generator():
    for start in range(0, 600, 60):
        yield x[start : start + 60], y[start : start + 60]


def build_model(lr, act_in):
    model = keras.Sequential(
        [keras.Input((64,)), keras.layers.Dense(16, act_in), keras.layers.Dense(10, "sigmoid")]
    )
    model.compile(keras.optimizers.Adam(lr), "mean_squared_error", metrics=[keras.metrics.AUC()])
    return model


params = automl.grid({"lr": [0.001, 0.01], "act_in": ["relu", "tanh"]})
found = automl.tune(
    build_model, params, train=train_generator, steps_per_epoch=12, epochs=2, metric="auc",
    max_parallel=2,
)
by_hand = []
for options in params:
    keras.utils.set_random_seed(0)
    model = build_model(**options)
    batches = (one for _ in range(9) for one in train_generator())
    logs = model.fit(batches, steps_per_epoch=12, epochs=2, verbose=0, shuffle=False).history
    (name,) = [name for name in logs if name.startswith("auc")]
    by_hand.append(logs[name][-1])
print("by hand", params[int(np.argmax(by_hand))])
values = [trial.value for trial in found.trials]
print("same values", np.allclose(values, by_hand, atol=1e-4))
kept = found.best_model().evaluate(train_generator(), verbose=0, return_dict=True)
print("kept", kept["auc"] > 0.5, found.best_value > 0.5)
"""


def test_the_best_of_a_grid_is_that_of_training_each_by_hand(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    (tmp_path / "grid.py").write_text(GRID)
    done = ran(tmp_path, "grid.py")
    lines = done.stdout.splitlines()
    assert sorted(line for line in lines if line.startswith("Model ")) == [
        f"Model {number} of 4..." for number in range(1, 5)
    ]
    (best,) = re.findall(r"^Best params found: (.*)$", done.stdout, re.MULTILINE)
    assert f"by hand {best}" in lines
    assert lines[-2:] == ["same values True", "kept True True"]


def test_the_example_runs(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    code = (ROOT / "examples" / "keras_grid.py").read_text()
    for old, new in (("[0.001, 0.0005]", "[0.001]"), ('["relu", "swish", "tanh"]', '["relu"]')):
        assert code.count(old) == 1
        code = code.replace(old, new)
    (tmp_path / "keras_grid.py").write_text(code)
    lines = ran(tmp_path, "keras_grid.py").stdout.splitlines()
    assert [line for line in lines if line.startswith("Model")] == [
        "Model 1 of 2...",
        "Model 2 of 2...",
    ]
    assert lines[-2].startswith("Best params found: {'lr': 0.001, 'loss': 'mean_squared_error', ")
    assert re.fullmatch(r"of the digits that it did not see, it knows \d+%", lines[-1])
