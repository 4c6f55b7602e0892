"""Trains Keras models of several forms as trials of `tune` do; prints what they were fed with."""

import itertools
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np

from automl.inside.calling.words import Call, Target
from automl.inside.files import PARAMS, records_in
from automl.inside.models.asked import training_of
from automl.inside.trial import Trial


class Seen(keras.losses.Loss):
    """Tells which batches a model is trained and validated with: the mean of their targets."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the mean of the targets, with no gradient."""
        return keras.ops.mean(y_true, axis=-1) + 0 * keras.ops.mean(y_pred, axis=-1)


def batch(number: int) -> tuple[Any, Any]:
    return np.full((4, 3), number, "float32"), np.full((4, 1), number, "float32")


def yielding(count: int | None) -> Callable[[], Iterator[Any]]:
    return lambda: map(batch, itertools.count() if count is None else range(count))


def one_in_one_out(width: int) -> Any:
    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Dense(width)(inputs)))
    model.compile("sgd", loss=Seen(), metrics=[keras.metrics.AUC(), "mae"])
    return model


def several(width: int) -> Any:
    first, second = keras.Input((3,), name="first"), keras.Input((3,), name="second")
    both = keras.layers.Concatenate()([keras.layers.Dense(width)(first), second])
    head = keras.layers.Dense(1, name="head")(both)
    tail = keras.layers.Dense(1, activation="sigmoid", name="tail")(both)
    model = keras.Model({"first": first, "second": second}, {"head": head, "tail": tail})
    model.compile(
        "sgd",
        loss={"head": "mse", "tail": "binary_crossentropy"},
        metrics={"head": ["mae"], "tail": ["accuracy", keras.metrics.Recall(name="recall")]},
    )
    return model


def named() -> Iterator[Any]:
    x, y = batch(1)
    while True:
        yield {"first": x, "second": x}, {"head": y, "tail": y}


def trained(build: Callable[..., Any], **given: Any) -> dict[str, Any]:
    """Return the value of a trial, its reports by name, and the losses of its batches."""
    folder = tempfile.mkdtemp()
    Path(folder, PARAMS).write_text('{"width": 3}')
    losses: list[float] = []
    checked: list[float] = []
    callback = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda _, logs: losses.append(logs["loss"]),
        on_test_batch_end=lambda _, logs: checked.append(logs["loss"]),
    )
    training = training_of(build, {"width": [3, 5]}, {"callbacks": [callback], **given})
    value = training(Trial(Call(Target("t"), folder, 0, 1, (training.metric,))))
    reports: dict[str, list[float]] = {}
    for one in records_in(f"{folder}/reports.jsonl"):
        reports.setdefault(one["name"], []).append(one["value"])
    kept = keras.models.load_model(
        f"{folder}/checkpoint/model.keras", custom_objects={"Seen": Seen}
    )
    return {
        "value": value,
        "reports": reports,
        "losses": single(losses, given["steps_per_epoch"]),
        "checked": single(checked, given.get("validation_steps") or 2),
        "kept": kept.count_params(),
    }


def single(means: list[float], steps: int) -> list[int]:
    """Return the loss of each batch, of the means over an epoch that Keras tells."""
    found: list[int] = []
    for start in range(0, len(means), steps):
        sums = [mean * number for number, mean in enumerate(means[start : start + steps], 1)]
        found += [round(now - before) for before, now in zip([0, *sums[:-1]], sums, strict=True)]
    return found


def main() -> None:
    found = {}
    for length in (1, 3, 4, 100, None):
        for validation in (2, None):
            found[f"{length} {validation}"] = trained(
                one_in_one_out,
                train=yielding(length),
                steps_per_epoch=4,
                epochs=3,
                validation=yielding(validation),
                validation_steps=2 if validation is None else None,
                verbose=0,
            )
    data = {"steps_per_epoch": 2, "epochs": 2, "verbose": 0, "train": named}
    found["several"] = trained(several, **data)
    found["weighted"] = trained(
        one_in_one_out, **{**data, "train": yielding(3), "class_weight": {0: 1.0, 1: 10.0, 2: 1.0}}
    )
    x = np.arange(20, dtype="float32").repeat(3).reshape(20, 3)
    found["arrays"] = trained(
        one_in_one_out,
        **{**data, "train": (x, x[:, :1]), "batch_size": 5, "steps_per_epoch": 4},
        metric="mae",
        validation=(x, x[:, :1]),
        validation_steps=2,
    )
    sys.stdout.write(json.dumps(found))


main()
