"""A callback of Lightning that reports: `Trainer(callbacks=[ReportCallback()])`."""

import sys
from importlib import import_module
from typing import Any

from automl.inside.scripts.reporting import report_all

_NAMES = ("lightning.pytorch", "pytorch_lightning")
"""The names under which Lightning is installed; what the script has imported goes first."""


def _callback() -> Any:  # noqa: ANN401 - a class of a package that need not be there
    for name in (*(one for one in _NAMES if one in sys.modules), _NAMES[0]):
        try:
            return import_module(name).Callback
        except ModuleNotFoundError:
            continue
    return import_module(_NAMES[1]).Callback


class ReportCallback(_callback()):  # type: ignore[misc] # a class of a package without types
    """Reports what a module logs, by its names, with the number of its epoch.

    The numbers of a validation are reported when it ends, all others with their epoch. What was
    logged in an earlier epoch is not reported again. Outside of a trial it does nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, Any] = {}

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:  # noqa: ANN401
        """Report the numbers of a validation, unless it only checks that it works."""
        del pl_module
        if not trainer.sanity_checking:
            self._report(trainer)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:  # noqa: ANN401
        """Report the numbers of an epoch that were not reported yet."""
        del pl_module
        self._report(trainer)

    def _report(self, trainer: Any) -> None:  # noqa: ANN401
        if not trainer.is_global_zero:
            return
        found = {name: float(one) for name, one in trainer.callback_metrics.items()}
        new = {name: one for name, one in found.items() if self._told.get(name) != one}
        self._told.update(new)
        # Behind a training, and beside it, its epochs are counted already.
        report_all(new, trainer.current_epoch + (trainer.state.fn == "fit"))
