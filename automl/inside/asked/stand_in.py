"""What a script gets for a trial that it asks for where it is imported once more."""

from typing import Any

from automl.inside.asked.fixed import checked, suggest_fixed
from automl.inside.drawing import Draws


class TrialStandIn(Draws):
    """A trial of no study: its values are drawn at random, and what it is told is kept by nobody.

    Args:
        number: its number, from 0.

    Attributes:
        number: as above.
        values: what `tell` was given, None before.
        state: likewise.
        user_attrs: what was noted.
        dir: nothing.
    """

    def __init__(self, number: int) -> None:
        super().__init__("", number, {})
        self.number = number
        self.values: list[Any] | None = None
        self.state: Any = None
        self.user_attrs: dict[str, Any] = {}
        self.dir = ""

    @property
    def value(self) -> Any:  # noqa: ANN401 - as it was told
        """The first of its values."""
        return self.values[0] if self.values else None

    def report(self, value: float, step: int) -> None:
        """Do nothing."""

    def should_prune(self) -> bool:
        """Return that it goes on."""
        return False

    def set_user_attr(self, key: str, value: Any) -> None:  # noqa: ANN401 - any value
        """Note something."""
        self.user_attrs[key] = value

    def _note(self, line: str) -> None:
        """Write nothing down."""


class AskedStandIns:
    """Gives trials of no study, and takes what they are told."""

    def __init__(self) -> None:
        self._count = 0

    def ask(self, fixed_distributions: Any = None) -> TrialStandIn:  # noqa: ANN401 - as Optuna's
        """Return a trial that no study knows."""
        trial = TrialStandIn(self._count)
        self._count += 1
        suggest_fixed(trial, checked(fixed_distributions))
        return trial

    def tell(
        self,
        trial: Any,  # noqa: ANN401 - a trial or its number
        values: Any = None,  # noqa: ANN401 - as Optuna's
        state: Any = None,  # noqa: ANN401
        skip_if_finished: bool = False,  # noqa: FBT001, FBT002 - Optuna's argument
    ) -> Any:  # noqa: ANN401
        """Return the trial with what it was told."""
        del skip_if_finished
        told = TrialStandIn(trial) if isinstance(trial, int) else trial
        several = isinstance(values, list | tuple)
        told.values = None if values is None else [*values] if several else [values]
        told.state = state
        return told

    def add(self, trial: object) -> None:
        """Do nothing."""
