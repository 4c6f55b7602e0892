"""A callback of transformers that reports: `Trainer(..., callbacks=[ReportCallback()])`."""

from collections.abc import Mapping
from typing import Any

from transformers import TrainerCallback

from automl.inside.scripts.reporting import report_all


class ReportCallback(TrainerCallback):  # type: ignore[misc] # a class of a package without types
    """Reports what the trainer logs, such as `eval_loss`, by its names, with the global step.

    Outside of a trial it does nothing.
    """

    def on_log(
        self,
        args: Any,  # noqa: ANN401 - those of transformers
        state: Any,  # noqa: ANN401
        control: Any,  # noqa: ANN401
        logs: Mapping[str, Any] | None = None,
        **_: Any,  # noqa: ANN401
    ) -> None:
        """Report the numbers that were logged, but for the epoch, which is no result."""
        del args, control
        if state.is_world_process_zero:
            numbers = {name: one for name, one in (logs or {}).items() if name != "epoch"}
            report_all(numbers, state.global_step)
