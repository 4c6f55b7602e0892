"""What `tune` uses of Keras, with models that only count; a copy of it may stand as `keras.py`."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any


class Model:
    """A model whose loss falls with each batch by a rate; it notes what it is fed with."""

    def __init__(self, rate: float = 0.1, *, compiled: bool = True, **metrics: float) -> None:
        self.rate, self.compiled, self.metrics = rate, compiled, metrics
        self.stop_training = False
        self.seen: list[Any] = []
        self.validated: list[list[Any]] = []
        self.given: dict[str, Any] = {}
        self.loss = 1.0

    def fit(self, x: Any, *, steps_per_epoch: int, epochs: int, **given: Any) -> None:
        """Train as Keras does: each epoch so many batches, then the validation, then callbacks."""
        self.given = given
        for epoch in range(epochs):
            for _ in range(steps_per_epoch):
                self.seen.append(next(x))
                self.loss *= 1 - self.rate
            logs = {"loss": self.loss, **self.metrics}
            validation = given["validation_data"]
            if validation is not None:
                self.validated.append([validation[place] for place in range(len(validation))])
                logs |= {f"val_{name}": 2 * value for name, value in logs.items()}
            for callback in given["callbacks"]:
                callback.set_model(self)
                callback.on_epoch_end(epoch, logs=logs)
            if self.stop_training:
                return

    def save(self, path: str) -> None:
        """Keep what it came to."""
        Path(path).write_text(json.dumps({"rate": self.rate, "loss": self.loss}))


class PyDataset:
    """What Keras takes batches from by their place."""


class LambdaCallback:
    """Calls a function at the end of each epoch."""

    def __init__(self, on_epoch_end: Callable[..., None]) -> None:
        self.on_epoch_end = on_epoch_end

    def set_model(self, model: Model) -> None:
        """Take in the model that is trained."""
        self.model = model


def _load_model(path: str, **options: Any) -> Model:
    kept = json.loads(Path(path).read_text())
    model = Model(kept["rate"], **options)
    model.loss = kept["loss"]
    return model


utils = SimpleNamespace(set_random_seed=random.seed, PyDataset=PyDataset)
callbacks = SimpleNamespace(LambdaCallback=LambdaCallback)
models = SimpleNamespace(load_model=_load_model)
