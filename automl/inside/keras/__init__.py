"""A callback of Keras that reports: `model.fit(..., callbacks=[ReportCallback()])`."""

from typing import Any

import keras

from automl.inside.scripts.reporting import report_all


class ReportCallback(keras.callbacks.Callback):  # type: ignore[misc] # Keras has no types
    """Reports what Keras logs of each epoch by its names, such as `val_loss`, with its number.

    Outside of a trial it does nothing. Of an epoch, the number is how many there were by its end.
    """

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Report the numbers of an epoch that has ended."""
        report_all(logs or {}, epoch + 1)
