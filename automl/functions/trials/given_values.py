"""An objective called once more, with the values of a trial that ended."""

from collections.abc import Mapping, Sequence
from typing import Any

from automl.inside.ranges import categorical_range, place_of


class GivenValues:
    """What an objective asks of a trial, answered by the values that the trial had."""

    params: Mapping[str, Any]

    def suggest_float(
        self, name: str, low: float, high: float, *, step: float | None = None, log: bool = False
    ) -> float:
        """Return the trial's value of a name.

        Raises:
            ValueError: it did not ask for that; so for all of them.
        """
        del low, high, step, log
        return float(self._value(name))

    def suggest_int(
        self, name: str, low: int, high: int, *, step: int = 1, log: bool = False
    ) -> int:
        """Return the trial's value of a name."""
        del low, high, step, log
        return int(self._value(name))

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any:  # noqa: ANN401
        """Return the trial's choice, the object itself; of objects that JSON has not, by its name.

        Raises:
            ValueError: it did not ask for that, or its value is none of the choices.
        """
        value, asked = self._value(name), categorical_range(list(choices))
        place = place_of(value, asked.choices)
        if place is None:
            raise ValueError(f"{value!r}, the value of {name!r}, is not one of {list(choices)!r}")
        return choices[place]

    def suggest_uniform(self, name: str, low: float, high: float) -> float:
        """Return the trial's value of a name."""
        return self.suggest_float(name, low, high)

    def suggest_loguniform(self, name: str, low: float, high: float) -> float:
        """Return the trial's value of a name."""
        return self.suggest_float(name, low, high)

    def suggest_discrete_uniform(self, name: str, low: float, high: float, q: float) -> float:
        """Return the trial's value of a name."""
        return self.suggest_float(name, low, high, step=q)

    def report(self, value: float, step: int) -> None:
        """Do nothing, as the trial has ended."""

    def should_prune(self) -> bool:
        """Return that it goes on."""
        return False

    def set_user_attr(self, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Do nothing, as the trial has ended."""

    def _value(self, name: str) -> Any:  # noqa: ANN401
        if name not in self.params:
            raise ValueError(f"the trial has no value of {name!r}; it has {list(self.params)}")
        return self.params[name]
