"""All combinations of some lists of values, of which none is made before it is asked for."""

import math
import operator
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, SupportsIndex, overload

from automl.errors import SpecError, shown
from automl.inside.ranges import place_of

_SHORT = reprlib.Repr()
_SHORT.maxlist, _SHORT.maxstring, _SHORT.maxother = 8, 80, 80


class Grid(Sequence[dict[str, Any]]):
    """Combinations in the order of nested loops: the last name turns fastest; `grid` makes it.

    It is a sequence of dictionaries. A part of it, as in `grid[10:20]`, is one too.

    Args:
        values: lists of values by name, all checked.
        places: which of all combinations it has; all of them if not given.

    Attributes:
        names: the names, in the order given.
        size: how many combinations there are, also where `len` cannot tell as many.
    """

    __hash__ = None  # type: ignore[assignment] # equal to lists

    def __init__(self, values: Mapping[str, Sequence[Any]], places: range | None = None) -> None:
        self._values = {name: list(listed) for name, listed in values.items()}
        whole = math.prod(map(len, self._values.values()))
        self._places = range(whole) if places is None else places
        self.names = tuple(self._values)
        # Not by `len`, which counts to 2**63 alone.
        ends = self._places.start, self._places.stop
        self.size = max(0, -((ends[0] - ends[1]) // self._places.step))
        self.whole = self._places == range(whole)

    def choices(self, name: str) -> list[Any]:
        """Return the values of a name, in the order given."""
        return list(self._values[name])

    def __len__(self) -> int:
        return self.size

    def __bool__(self) -> bool:
        return bool(self.size)

    @overload
    def __getitem__(self, index: SupportsIndex) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> "Grid": ...
    def __getitem__(self, index: SupportsIndex | slice) -> "dict[str, Any] | Grid":
        if isinstance(index, slice):
            return Grid(self._values, self._places[index])
        try:
            place = self._places[operator.index(index)]
        except IndexError:
            raise IndexError(
                f"there is no combination {operator.index(index)}: the grid has {self.size:,}"
            ) from None
        return self._at(place)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(self._at, self._places)

    def __reversed__(self) -> Iterator[dict[str, Any]]:
        return map(self._at, reversed(self._places))

    def __contains__(self, combination: object) -> bool:
        return self._place_of(combination) in self._places

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:  # noqa: ANN401
        """Return the place of a combination.

        Raises:
            ValueError: it is not there.
        """
        place = self._place_of(value)
        if place not in self._places[start:stop]:
            raise ValueError(f"{value!r} is not in the grid")
        return self._places.index(place)

    def count(self, value: Any) -> int:  # noqa: ANN401 - as any sequence has it
        """Return whether a combination is there, as a number."""
        return int(value in self)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Grid) and self._values == other._values:
            return list(self._values) == list(other._values) and self._places == other._places
        if not isinstance(other, Grid | list):
            return NotImplemented
        length = other.size if isinstance(other, Grid) else len(other)
        return self.size == length and all(map(operator.eq, self, other))

    def __repr__(self) -> str:
        values = ", ".join(f"{name!r}: {_SHORT.repr(one)}" for name, one in self._values.items())
        part = "" if self.whole else f"[{_sliced(self._places)}]"
        return f"automl.grid({{{values}}}){part}"

    def _at(self, place: int) -> dict[str, Any]:
        found = []
        for name in reversed(self.names):
            place, index = divmod(place, len(self._values[name]))
            found.append((name, self._values[name][index]))
        return dict(reversed(found))

    def _place_of(self, combination: object) -> int:
        """Return the place of a combination in the whole grid; -1 where it is none of it."""
        if not isinstance(combination, Mapping) or combination.keys() != self._values.keys():
            return -1
        place = 0
        for name, values in self._values.items():
            try:
                index = values.index(combination[name])
            except ValueError:
                return -1
            place = place * len(values) + index
        return place


def grid(values: Mapping[str, Sequence[Any]]) -> Grid:
    """Return all combinations of lists of values, without making them.

    >>> grid({"lr": [0.1, 0.01], "act": ["relu", "tanh"]})[1]
    {'lr': 0.1, 'act': 'tanh'}

    Args:
        values: a list of values for each name. The last name turns fastest, as in nested loops.

    Returns:
        A sequence of dictionaries: it has a length, indices and slices.

    Raises:
        SpecError: there is no name, or what stands for one is no list of different values; a
            ValueError too.
    """
    if not isinstance(values, Mapping) or not values:
        raise SpecError(
            "grid needs a list of values for each name, such as {'lr': [0.01, 0.001]}, got "
            f"{shown(values)}"
        )
    return Grid({name: _listed(name, one) for name, one in values.items()})


def _listed(name: object, given: Any) -> list[Any]:  # noqa: ANN401 - whatever a user gives
    if not isinstance(name, str) or not name:
        raise SpecError(f"grid: a name must be a text, got {name!r}")
    if isinstance(given, set | frozenset):
        raise SpecError(f"grid: {name!r} must be a list, as a set has no order, got {shown(given)}")
    if isinstance(given, str | bytes | Mapping) or not _is_listed(given):
        raise SpecError(
            f"grid: {name!r} must be a list of values, got {shown(given)}; of one value, give "
            "[value]"
        )
    # Numbers of an array become Python's own.
    listed = [_plain(one) for one in given]
    if not listed:
        raise SpecError(f"grid: {name!r} has no values; give at least one")
    check_different(name, listed)
    return listed


def _is_listed(given: object) -> bool:
    return all(hasattr(given, one) for one in ("__len__", "__iter__")) and not isinstance(
        given, type
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        return value.item()
    return value


def check_different(name: str, values: Sequence[Any]) -> None:
    """Raise SpecError if a value is there twice, types included."""
    seen: set[Any] = set()
    others: list[Any] = []
    for value in values:
        try:
            twice = (type(value), value) in seen
            seen.add((type(value), value))
        except TypeError:
            # Not hashable, such as a list.
            twice = _is_among(value, others)
            others.append(value)
        if twice:
            raise SpecError(f"grid: {name!r} has {shown(value)} twice; list it once")


def _is_among(value: Any, others: Sequence[Any]) -> bool:  # noqa: ANN401 - any value
    try:
        return place_of(value, others) is not None
    except (ValueError, TypeError):
        return False  # Arrays, say, do not tell whether they are equal.


def _sliced(places: range) -> str:
    if not places:
        return ":0"
    stop = "" if places.step < 0 and places.stop < 0 else str(places.stop)
    step = "" if places.step == 1 else f":{places.step}"
    return f"{places.start}:{stop}{step}"
