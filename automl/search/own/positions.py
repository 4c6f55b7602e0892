"""The values of a countable parameter as places in a row, neighbours beside each other."""

from automl.space.parameters import Parameter, ParamValue, value_key


class Positions:
    """The values of a countable parameter by their place, from 0.

    A list of numbers is sorted, so that neighbours are alike; ranges are in ascending order as
    they are. Other lists (strings, booleans, mixed ones, linked values) keep their order, which
    means nothing.

    Attributes:
        count: the number of values.
        ordered: whether neighbouring places have neighbouring values.
    """

    def __init__(self, parameter: Parameter) -> None:
        if parameter.count is None:
            raise TypeError(f"parameter {parameter.name!r} cannot be counted")
        self.count: int = parameter.count
        self._parameter = parameter
        listed = getattr(parameter, "candidates", None)
        self._values: tuple[ParamValue, ...] | None = None
        self.ordered = True
        if listed is not None:
            values = tuple(parameter.value_at(index) for index in range(self.count))
            self.ordered = all(map(_is_number, values))
            self._values = tuple(sorted(values)) if self.ordered else values  # type: ignore[type-var]
            self._places = {value_key(value): at for at, value in enumerate(self._values)}

    def value(self, place: int) -> ParamValue:
        """Return the value at a place, with its own type."""
        if self._values is not None:
            return self._values[place]
        return self._parameter.value_at(place)

    def place(self, value: ParamValue) -> int:
        """Return the place of a value; KeyError when it is not one of a list."""
        if self._values is not None:
            return self._places[value_key(value)]
        # Not bisect: there may be more places than an index can hold.
        low, high = 0, self.count - 1
        while low < high:
            middle = (low + high) // 2
            if self._parameter.value_at(middle) < value:  # type: ignore[operator]
                low = middle + 1
            else:
                high = middle
        return low

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


def _is_number(value: ParamValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
