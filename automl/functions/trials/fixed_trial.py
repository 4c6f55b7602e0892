"""A trial with given values, by which an objective can be called without a study."""

from collections.abc import Mapping
from typing import Any

from automl.inside.drawing import Draws
from automl.inside.ranges import Range, as_json


class FixedTrial(Draws):
    """A trial with given values: `objective(FixedTrial({"x": 1.0}))` returns its number.

    Args:
        params: the values, by name.
        number: the trial's.

    Attributes:
        number: as above.
        user_attrs: what the objective noted.
        system_attrs: nothing.
    """

    def __init__(self, params: Mapping[str, Any], number: int = 0) -> None:
        fixed = {name: {"value": as_json(value)} for name, value in params.items()}
        super().__init__("", 0, fixed, learns=False)
        self._names = tuple(fixed)
        self.number = number
        self.user_attrs: dict[str, Any] = {}
        self.system_attrs: dict[str, Any] = {}

    def report(self, value: float, step: int) -> None:
        """Do nothing: no study looks."""

    def should_prune(self) -> bool:
        """Return that it goes on."""
        return False

    def set_user_attr(self, key: str, value: Any) -> None:  # noqa: ANN401 - any value
        """Note something."""
        self.user_attrs[key] = value

    def _value(self, name: str, asked: Range) -> Any:  # noqa: ANN401
        if name not in self._names:
            raise ValueError(
                f"the value of the parameter {name!r} is not found: the trial was given "
                f"{', '.join(map(repr, self._names)) or 'none'}"
            )
        return super()._value(name, asked)
