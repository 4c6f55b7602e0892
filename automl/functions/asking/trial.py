"""A trial that a program asked for."""

from typing import Any

from automl.functions.asking.asking import Asking
from automl.inside.calling.words import Call
from automl.inside.trial import Trial


class AskedTrial(Trial):
    """A trial that runs until its program tells the study how it ended.

    What it asks for and reports is written to its folder first, as the process of a function does,
    so that nothing of it is lost with its program; the study takes it in at once.

    Args:
        call: the trial, in the words by which a process would be told of it.
        asking: holds its study.
        study: that study.
    """

    def __init__(self, call: Call, asking: Asking, study: Any) -> None:  # noqa: ANN401 - makes these
        super().__init__(call)
        self._asking = asking
        self._study = study

    @property
    def study(self) -> Any:  # noqa: ANN401 - as above
        """The study that it was asked of."""
        return self._study

    @property
    def params(self) -> dict[str, Any]:
        """Its values: those that it asked for so far, or all of a study that describes them."""
        if self._learns:
            return super().params
        return {name: one.value for name, one in self._offers.items()}

    def report(self, value: float, step: int) -> None:
        """Tell a value on the way, by which `should_prune` answers from now on.

        Raises:
            RuntimeError: the trial has ended; else as for a trial that runs.
        """
        self._asking.check_runs(self.number)
        super().report(value, step)
        self._asking.look(self.number)

    def set_user_attr(self, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Note something of the trial.

        Raises:
            RuntimeError: the trial has ended; else as for a trial that runs.
        """
        self._asking.check_runs(self.number)
        super().set_user_attr(key, value)

    def _note(self, line: str) -> None:
        self._asking.check_runs(self.number)
        super()._note(line)
        self._asking.look(self.number)
