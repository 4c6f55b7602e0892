"""Values for the names that an objective asks for, without asking the controller.

The controller proposes values for all names that it knows, each with the range that it is from. A
name that it does not know, or that is asked with another range, is drawn here. What was asked is
written down, a line for each name.
"""

import math
import warnings
from _thread import allocate_lock
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from automl.inside.drawn import (
    DRAWN_VALUE,
    FIXED_VALUE,
    PROPOSED_VALUE,
    Drawn,
    drawn_line,
    write_drawn,
)
from automl.inside.ranges import (
    CATEGORICAL,
    FLOAT,
    Range,
    categorical_range,
    float_range,
    int_range,
    place_of,
    range_of,
)


class _Offer(NamedTuple):
    """What is proposed for a name, with all that can be made of it before it is asked for.

    Attributes:
        value: the value.
        asked: the range that it is from; None: it is fixed, whatever the range.
        line: what is noted if it is asked for with that range.
    """

    value: Any
    asked: Range | None
    line: str


def _offer(name: str, offered: Mapping[str, Any]) -> _Offer:
    value, described = offered["value"], offered.get("range")
    if described is None:
        return _Offer(value, None, "")
    return _Offer(
        value, range_of(described), drawn_line(Drawn(name, described, value, PROPOSED_VALUE))
    )


class Draws:
    """The values of one trial, as it asks for them.

    It may be asked from several threads. The values that are drawn follow from the seed and the
    name alone, whatever is asked before.

    Args:
        folder: the trial's, to which each name is written when it is first asked for.
        seed: the trial's.
        proposed: by name a `value`, and the `range` that it is from; one without a range is fixed:
            it is taken whatever the range, as Optuna takes those of `enqueue_trial`.
        learns: whether other names may be asked for, which they may not be where the study
            describes its parameters.
    """

    def __init__(
        self,
        folder: str,
        seed: int,
        proposed: Mapping[str, Mapping[str, Any]],
        *,
        learns: bool = True,
    ) -> None:
        self._folder = folder
        self._seed = seed
        self._offers = {name: _offer(name, offered) for name, offered in proposed.items()}
        self._learns = learns
        self._told: dict[str, tuple[Range, Any]] = {}
        self._lock = allocate_lock()

    @property
    def params(self) -> dict[str, Any]:
        """The values that were asked for so far, in this order."""
        return {name: value for name, (_, value) in self._told.items()}

    @property
    def ranges(self) -> dict[str, Range]:
        """The ranges with which they were asked for."""
        return {name: given for name, (given, _) in self._told.items()}

    def suggest_float(
        self, name: str, low: float, high: float, *, step: float | None = None, log: bool = False
    ) -> float:
        """Return a float from `low` to `high`, both included; of `step`, a multiple above `low`.

        Raises:
            ValueError: see `float_range`; or the name has been asked for as another kind.
        """
        return float(self._value(name, float_range(low, high, step=step, log=log)))

    def suggest_int(
        self, name: str, low: int, high: int, *, step: int = 1, log: bool = False
    ) -> int:
        """Return a whole number from `low` to `high`, both included.

        Raises:
            ValueError: see `int_range`; or the name has been asked for as another kind.
        """
        return int(self._value(name, int_range(low, high, step=step, log=log)))

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any:  # noqa: ANN401
        """Return one of the choices, the object itself.

        Raises:
            ValueError: there is none; or the name has been asked for with others.
        """
        choices = list(choices)
        asked = categorical_range(choices)
        place = place_of(self._value(name, asked), asked.choices)
        return choices[place or 0]

    def suggest_uniform(self, name: str, low: float, high: float) -> float:
        """Return a float from `low` to `high`."""
        return self.suggest_float(name, low, high)

    def suggest_loguniform(self, name: str, low: float, high: float) -> float:
        """Return a float from `low` to `high`, spread by its logarithm."""
        return self.suggest_float(name, low, high, log=True)

    def suggest_discrete_uniform(self, name: str, low: float, high: float, q: float) -> float:
        """Return a float from `low` to `high` in steps of `q`."""
        return self.suggest_float(name, low, high, step=q)

    def _value(self, name: str, asked: Range) -> Any:  # noqa: ANN401
        if not isinstance(name, str):
            raise TypeError(f"the name of a parameter must be a string, got {name!r}")
        with self._lock:
            if name in self._told:
                return self._again(name, asked)
            offer = self._offers.get(name)
            if offer is not None and offer.asked == asked:
                value, line = offer.value, offer.line
            else:
                value, source = self._first(name, asked, offer)
                line = drawn_line(Drawn(name, asked.described(), value, source))
            if self._learns:
                self._note(line)
            self._told[name] = asked, value
            return value

    def _note(self, line: str) -> None:
        """Write down what was asked for."""
        write_drawn(self._folder, line)

    def _again(self, name: str, asked: Range) -> Any:  # noqa: ANN401
        """Return the value that a name has already, as Optuna does where the range is another."""
        before, value = self._told[name]
        if before.kind != asked.kind:
            raise ValueError(
                f"parameter {name!r} has been asked for as {before.kind} in this trial, and is now "
                f"asked for as {asked.kind}; give it another name"
            )
        if before.log != asked.log:
            raise ValueError(
                f"parameter {name!r} has been asked for with log={before.log} in this trial, and "
                f"is now asked for with log={asked.log}; give it another name"
            )
        if before != asked and before.kind == CATEGORICAL:
            raise ValueError(
                f"parameter {name!r} has been asked for with choices={list(before.choices)!r} in "
                f"this trial, and is now asked for with {list(asked.choices)!r}; give it another "
                "name"
            )
        if before != asked:
            warnings.warn(
                f"parameter {name!r} is asked for twice in a trial, with other ranges; the value "
                f"of the first one counts: {before.described()}",
                RuntimeWarning,
                stacklevel=4,
            )
        return value

    def _first(self, name: str, asked: Range, offer: _Offer | None) -> tuple[Any, str]:
        """Return a value that is not proposed for a name with this range, and where it is from."""
        if offer is None and not self._learns:
            known = ", ".join(self._offers) or "none"
            raise ValueError(
                f"{name!r} is no parameter of this study, which describes its own; known: {known}"
            )
        if offer is not None and offer.asked is None:
            return self._fixed(name, asked, offer.value), FIXED_VALUE
        return drawn(asked, self._seed, name), DRAWN_VALUE

    def _fixed(self, name: str, asked: Range, given: Any) -> Any:  # noqa: ANN401
        value = asked.checked(given)
        if not asked.contains(value):
            warnings.warn(
                f"the fixed value of parameter {name!r}, {value!r}, is out of the range that it "
                f"is asked for with: {asked.described()}; it is taken all the same",
                stacklevel=5,
            )
        return value


def drawn(asked: Range, seed: int, name: str) -> Any:  # noqa: ANN401
    """Return a random value of a range, the same for the same seed and name."""
    import random  # noqa: PLC0415 - takes milliseconds, and is not needed where all is proposed

    rng = random.Random(f"{seed}/{name}")  # noqa: S311 - a search, not a secret
    if asked.kind == CATEGORICAL:
        return asked.choices[rng.randrange(len(asked.choices))]
    if asked.kind == FLOAT:
        return _drawn_float(asked, rng)
    low, high, step = int(asked.low), int(asked.high), int(asked.step or 1)
    if not asked.log:
        return low + step * rng.randrange((high - low) // step + 1)
    share = rng.random()
    # Each whole number has the part of the line around it.
    value = math.exp(math.log(low - 0.5) * (1 - share) + math.log(high + 0.5) * share)
    return min(max(round(value), low), high)


def _drawn_float(asked: Range, rng: Any) -> float:  # noqa: ANN401 - its module is loaded late
    low, high, share = asked.low, asked.high, rng.random()
    if asked.step is not None:
        from decimal import Decimal  # noqa: PLC0415 - only for steps

        exact, step = Decimal(str(low)), Decimal(str(asked.step))
        count = int((Decimal(str(high)) - exact) // step) + 1
        return min(float(exact + step * rng.randrange(count)), high)
    if asked.log:
        value = math.exp(math.log(low) * (1 - share) + math.log(high) * share)
    else:
        # Not low + share * (high - low): the width may be more than a float can hold.
        value = low * (1 - share) + high * share
    return min(max(value, low), high)
