"""The values of a countable parameter as places in a row, neighbours beside each other."""

from automl.space.parameters import Parameter, ParamValue


class Positions:
    """The values of a countable parameter by their place, from 0.

    They are in rising order (`Parameter.in_order`), so that neighbours are alike. Lists of other
    things than numbers (strings, booleans, mixed ones) keep their order, which means nothing.

    Attributes:
        count: the number of values.
        ordered: whether neighbouring places have neighbouring values.
    """

    def __init__(self, parameter: Parameter) -> None:
        if parameter.count is None:
            raise TypeError(f"parameter {parameter.name!r} cannot be counted")
        self.count: int = parameter.count
        self.ordered = parameter.ordered
        self._rising = parameter.in_order()

    def value(self, place: int) -> ParamValue:
        """Return the value at a place, with its own type."""
        return self._rising.value_at(place)

    def place(self, value: ParamValue) -> int:
        """Return the place of one of the values."""
        return self._rising.index_of(value)

    def distance(self, left: int, right: int) -> float:
        """Return how far two places are apart: 0 to 1, and 1 for any two of a list without order.

        >>> from automl.space.parameters import Categorical
        >>> places = Positions(Categorical(name="n", candidates=(30, 10, 20)))
        >>> places.distance(places.place(10), places.place(20))
        0.5
        """
        if left == right:
            return 0.0
        return abs(left - right) / (self.count - 1) if self.ordered else 1.0

    def beside(self, place: int) -> list[int]:
        """Return the places next to one; all others where the order means nothing."""
        if not self.ordered:
            return [other for other in range(self.count) if other != place]
        return [other for other in (place - 1, place + 1) if 0 <= other < self.count]
