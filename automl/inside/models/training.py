"""The objective of `tune`: builds a model with the options of a trial, trains it and keeps it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from automl.inside.models.batches import stream
from automl.inside.models.callbacks import callbacks_of
from automl.inside.models.data import Data
from automl.inside.models.epochs import EpochEnds
from automl.inside.models.options import Options, call_with
from automl.inside.models.passes import InOrder
from automl.inside.models.weights import weighing
from automl.inside.pruned import TrialPruned

if TYPE_CHECKING:
    from automl.inside.trial import Trial

CHECKPOINT = "model.keras"
"""The file of a trained model, in the trial's folder for checkpoints."""

NOT_SAVED = "model_not_saved"
"""What a trial notes where its model could not be written: why."""

KEPT_EPOCH = "kept_epoch"
"""What a trial notes: after which epoch its model was written, from 1."""

_SHARED_GPU = {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}
"""Lets several models be trained on one GPU, whose memory the libraries else take whole."""


@dataclass(frozen=True, kw_only=True)
class Training:
    """What each trial does.

    Attributes:
        build_model: the user's.
        options: what it is called with.
        data: what the model is fed with.
        epochs: how many, where the study has no budget.
        metric: what is reported, as Keras or the user names it.
        direction: what is better.
        of_best: whether the model and the value of the best epoch count, not of the last.
        class_weight: the weight of each class, by its number; None: all alike.
        callbacks: a tuple of those of the user for each model, or what makes them.
        verbose: as Keras has it.
        seed: of each model; None: each trial has its own.
        call: by which name the user's script comes to it when it is run again; empty if it does
            not.
    """

    build_model: Callable[..., Any]
    options: Options
    data: Data
    epochs: int
    metric: str
    direction: str
    of_best: bool = False
    class_weight: Mapping[int, float] | None = None
    callbacks: Any = ()
    verbose: Any = 2
    seed: int | None = None
    call: str = ""

    def __call__(self, trial: Trial) -> float:
        """Build, train and keep the model of a trial; return what it is ranked by.

        Raises:
            TrialPruned: the study wanted the trial to end.
            Exception: whatever building or training raises.
        """
        for name, value in _SHARED_GPU.items():
            os.environ.setdefault(name, value)
        import keras  # noqa: PLC0415 - loads for seconds; so below

        if not hasattr(keras.utils, "PyDataset"):
            raise ImportError(f"tune needs Keras 3; this is Keras {keras.__version__}")
        seed = trial.seed % 2**32 if self.seed is None else self.seed
        keras.utils.set_random_seed(seed)
        model = self._built(trial)
        # So that random data is the same, however much building took.
        keras.utils.set_random_seed(seed)
        ends = EpochEnds(trial, self.metric, self.direction, lambda: _end_training(model))
        kept = _Kept(trial, model)

        def on_epoch_end(epoch: int, logs: Mapping[str, Any] | None = None) -> None:
            if ends(epoch, logs) and self.of_best:
                kept.write(ends.step)

        self._fit(model, trial, on_epoch_end)
        if ends.pruned:
            raise TrialPruned(f"at {self.metric} {ends.value:.6g}")
        if ends.value is None or ends.best is None:
            raise ValueError(f"the model was trained for no epoch; epochs={self.epochs}")
        if not self.of_best:
            kept.write(ends.step)
        return ends.best if self.of_best else ends.value

    def _built(self, trial: Trial) -> Any:  # noqa: ANN401 - a model of Keras
        choices = self.options.choices
        values = {name: trial.suggest_categorical(name, choices[name]) for name in choices}
        model = call_with(self.build_model, values)()
        if not hasattr(model, "fit"):
            returned = "nothing" if model is None else f"a {type(model).__name__}"
            raise TypeError(f"build_model returned {returned}; it must return a compiled model")
        if not getattr(model, "compiled", True):
            raise ValueError(
                "build_model returned a model that is not compiled; end it with "
                "model.compile(optimizer=..., loss=...)"
            )
        return model

    def _fit(self, model: Any, trial: Trial, on_epoch_end: Callable[..., None]) -> None:  # noqa: ANN401
        import keras  # noqa: PLC0415

        source, steps = self.data.training()
        epochs = self.epochs if trial.budget is None else int(trial.budget)
        raised: list[Exception] = []
        batches = stream(source, steps * epochs)
        if self.class_weight is not None:
            batches = map(weighing(self.class_weight), batches)
        given = callbacks_of(self.callbacks)
        try:
            model.fit(
                _watched(batches, raised),
                steps_per_epoch=steps,
                epochs=epochs,
                validation_data=self._validation(),
                callbacks=[*given, keras.callbacks.LambdaCallback(on_epoch_end=on_epoch_end)],
                verbose=self.verbose,
                shuffle=False,
            )
        except Exception:
            if raised:
                # Rather than what TensorFlow makes of it.
                raise raised[0] from None
            raise

    def _validation(self) -> Any:  # noqa: ANN401 - a dataset of Keras
        import keras  # noqa: PLC0415

        found = self.data.validating()
        if found is None:
            return None
        source, steps = found

        class Validation(keras.utils.PyDataset):  # type: ignore[misc]
            """The batches of a validation; Keras begins with the first after each epoch."""

            def __init__(self) -> None:
                super().__init__()
                self._batches = InOrder(source)

            def __len__(self) -> int:
                return steps

            def __getitem__(self, place: int) -> Any:  # noqa: ANN401
                return self._batches[place]

        return Validation()


class _Kept:
    """Writes a model into the folder of its trial, so that a file there is always whole."""

    def __init__(self, trial: Trial, model: Any) -> None:  # noqa: ANN401
        self._trial = trial
        self._model = model

    def write(self, epoch: int) -> None:
        """Write it after an epoch; where that cannot be done, note why.

        The value of the trial stands.
        """
        folder = self._trial.checkpoint_dir
        part = f"{folder}/part-{CHECKPOINT}"
        try:
            self._model.save(part)
            os.replace(part, f"{folder}/{CHECKPOINT}")  # noqa: PTH105 - no pathlib here
            self._trial.set_user_attr(KEPT_EPOCH, epoch)
        except Exception as error:  # noqa: BLE001 - of a user's own layers
            told = f"{type(error).__name__}: {error}"
            self._trial.set_user_attr(NOT_SAVED, told)
            print(f"the model is not kept: {told}", file=sys.stderr)  # noqa: T201 - its log


def _end_training(model: Any) -> None:  # noqa: ANN401
    model.stop_training = True


def _watched(batches: Iterator[Any], raised: list[Exception]) -> Iterator[Any]:
    """Yield batches as a generator of tuples, as Keras wants; note what making them raised."""
    try:
        for batch in batches:
            yield tuple(batch) if isinstance(batch, list) else batch
    except Exception as error:
        raised.append(error)
        raise
