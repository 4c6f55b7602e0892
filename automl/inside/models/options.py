"""The options that models are built with, and how `build_model` is called with them."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError, shown
from automl.inside.models.grid import Grid, grid
from automl.inside.ranges import place_of

MOST_ROWS = 100_000
"""So many combinations may be listed one by one; a whole grid is never listed."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of a user's models.

    Attributes:
        choices: by name the values that there are, in the order of the user.
        size: how many combinations there are.
        rows: each combination as the places of its values in `choices`, where not all are meant.
    """

    choices: Mapping[str, Sequence[Any]]
    size: int
    rows: Sequence[Sequence[int]] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the options."""
        return tuple(self.choices)


def options_of(params: object) -> Options:
    """Return the options that a user gives: a grid, a dictionary of lists, a list of combinations.

    Raises:
        SpecError: they are none of these.
    """
    whole = grid(params) if isinstance(params, Mapping) else params
    if isinstance(whole, Grid) and whole.whole:
        return Options(choices={one: whole.choices(one) for one in whole.names}, size=whole.size)
    if isinstance(whole, str) or not isinstance(whole, Sequence) or not whole:
        raise SpecError(
            "params must be automl.grid({'lr': [0.01, 0.001]}), a dictionary of lists, or a list "
            f"of combinations, got {shown(params)}",
            place="params",
        )
    if len(whole) > MOST_ROWS:
        raise SpecError(
            f"params is a part of a grid, with {len(whole):,} combinations; at most {MOST_ROWS:,} "
            "may be picked. Give the whole grid, and by max_trial_num how many are trained",
            place="params",
        )
    return _of_rows(whole)


def _of_rows(rows: Sequence[Any]) -> Options:
    first = rows[0]
    if not isinstance(first, Mapping) or not first:
        raise SpecError(
            f"params: a combination must be a dictionary of values, got {shown(first)}",
            place="params",
        )
    choices: dict[str, list[Any]] = {name: [] for name in first}
    listed: list[tuple[int, ...]] = []
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping) or row.keys() != first.keys():
            raise SpecError(
                f"params[{number}] must have the options {', '.join(map(repr, first))}, as "
                f"params[0] has, got {shown(row)}",
                place="params",
            )
        listed.append(tuple(_place_in(choices[name], row[name]) for name in first))
    if len(set(listed)) < len(listed):
        again = next(one for one in range(len(listed)) if listed[one] in listed[:one])
        raise SpecError(
            f"params[{again}] is there already: {shown(dict(rows[again]))}; list it once",
            place="params",
        )
    return Options(choices=choices, size=len(listed), rows=listed)


def _place_in(values: list[Any], value: Any) -> int:  # noqa: ANN401 - any value
    """Return the place of a value among those seen so far, of which it becomes one."""
    place = place_of(value, values)
    if place is None:
        values.append(value)
    return len(values) - 1 if place is None else place


def call_with(function: Callable[..., Any], values: Mapping[str, Any]) -> Callable[[], Any]:
    """Return the call of a function with options: as keywords, or as one dictionary.

    Raises:
        SpecError: it takes them neither way.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return lambda: function(**values)
    try:
        signature.bind(**values)
    except TypeError as error:
        if _takes_one(signature, values):
            return lambda: function(dict(values))
        name = getattr(function, "__name__", "build_model")
        raise SpecError(
            f"build_model: {name}{signature} does not take the options "
            f"{', '.join(map(repr, values))}: {error}. Let it have an argument for each of them, "
            "or one for a dictionary of all",
            place="build_model",
        ) from None
    return lambda: function(**values)


def _takes_one(signature: inspect.Signature, values: Mapping[str, Any]) -> bool:
    """Tell whether a function takes one argument that is none of the options."""
    try:
        (first,) = signature.bind({}).arguments
    except TypeError:
        return False
    return first not in values
