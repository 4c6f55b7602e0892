"""What a kind of parameter need not write itself."""

import dataclasses
import random
from typing import Any

from automl.space.conditions import Condition, condition_of
from automl.space.kinds.moves import next_place
from automl.space.kinds.shares import place_by_halving, share_by_halving, share_of_place
from automl.space.parameter import Parameter, Span
from automl.space.values import ParamValue, check_name, share_to_index


class Kind:
    """The usual answers of a kind of parameter, each of which a kind may give otherwise.

    A kind is a frozen dataclass with the fields `name` and `when` (a `Condition`, None by default).
    It says `allowed`, `contains` and `count`, and `value_at` where its values can be counted, else
    `quantile` and `span`. The usual answers hold for values that rise from place to place and are
    equally likely. A kind that checks more than its name and its condition calls
    `Kind.__post_init__(self)` first in its own.
    """

    __slots__ = ()
    name: str
    when: Condition | None

    def __post_init__(self) -> None:
        """Check the name, and read the condition as a user writes it."""
        check_name(self.name)
        object.__setattr__(self, "when", condition_of(self.name, self.when))

    @property
    def names(self) -> tuple[str, ...]:
        """The values of a trial that it sets: itself."""
        return (self.name,)

    @property
    def searched(self) -> bool:
        """Whether algorithms choose its value: they do."""
        return True

    @property
    def ordered(self) -> bool:
        """Whether neighbouring values are alike: they are."""
        return True

    @property
    def span(self) -> Span | None:
        """The values as a range of numbers: they are none."""
        return None

    def index_of(self: Parameter, value: ParamValue) -> int:
        """Return the number of one of its values, which rise."""
        return place_by_halving(self, value)

    def quantile(self: Parameter, share: float) -> ParamValue:
        """Return the value at `share`, in [0, 1]: each value has an equal part."""
        return self.value_at(share_to_index(share, self.count or 1))

    def share_of(self: Parameter, value: ParamValue) -> float:
        """Return the middle of the shares whose quantile is `value`."""
        if self.count is None:
            return share_by_halving(self, value)
        return share_of_place(self.index_of(value), self.count)

    def draw(self: Parameter, rng: random.Random) -> ParamValue:
        """Return a random value, each equally likely."""
        if self.count is None:
            return self.quantile(rng.random())
        # Exact for any count; of 2**54 values a share, of 53 bits, would reach every other one.
        return self.value_at(rng.randrange(self.count))

    def moved(self: Parameter, value: ParamValue, factor: float) -> ParamValue:
        """Return the neighbour of `value` above it for a factor above 1, else the one below it."""
        return next_place(self, value, factor)

    def in_order(self: Parameter) -> Parameter:
        """Return the same values in rising order, as they are."""
        return self

    def options(self) -> dict[str, Any]:
        """Return its fields by name, without `when`."""
        return {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)  # type: ignore[arg-type]
            if field.init and field.name != "when"
        }
