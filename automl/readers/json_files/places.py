"""What stands at a path of a JSON document."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from automl.data_path.choice import is_meant, positions
from automl.data_path.path import Span, Step, Where, path_text
from automl.readers.numbers.number import number_of
from automl.space.numbers import is_number

Positions: TypeAlias = tuple[int, ...]
"""Which items of lists led to a value, where a path goes through several."""

_MOST_PLACES = 2000


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at a path.

    Attributes:
        positions: the items of lists that led there, where the path did not name one.
        value: what stands there.
    """

    positions: Positions
    value: Any


def places_of(document: object, path: Sequence[Step]) -> list[Place]:
    """Return all that stands at a path, in order; a list at its end is all its items.

    >>> [one.value for one in places_of({"history": {"loss": [0.5, 0.25]}}, ("history", "loss"))]
    [0.5, 0.25]
    """
    found = [Place((), document)]
    for step in path:
        found = [one for place in found for one in _below(place, step)]
    return [one for place in found for one in _items(place)]


def number_at(value: object) -> float | None:
    """Return the number that a value of JSON is, None if it is none; a text may be just a number.

    >>> [number_at(one) for one in (1, "0.91", True, None, "0.91 s", 10**400)]
    [1.0, 0.91, None, None, None, inf]
    """
    if isinstance(value, str):
        return number_of(value)
    if not is_number(value):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def numbers_in(document: object) -> list[tuple[str, str]]:
    """Return the paths of a document that lead to numbers, each with what stands there."""
    return list(islice(_numbers_below(document, ()), _MOST_PLACES))


def _below(place: Place, step: Step) -> Iterator[Place]:
    value = place.value
    if isinstance(step, Where | Span):
        if isinstance(value, list):
            for at in positions(value, step):
                yield Place((*place.positions, at), value[at])
        elif isinstance(value, dict) and isinstance(step, Where) and is_meant(value, step):
            yield place
    elif isinstance(step, str):
        if isinstance(value, dict) and step in value:
            yield Place(place.positions, value[step])
    elif isinstance(value, list) and -len(value) <= step < len(value):
        yield Place(place.positions, value[step])


def _items(place: Place) -> Iterator[Place]:
    if not isinstance(place.value, list):
        yield place
        return
    for at, item in enumerate(place.value):
        yield Place((*place.positions, at), item)


def _numbers_below(value: object, path: tuple[Step, ...]) -> Iterator[tuple[str, str]]:
    """Give the paths that lead to numbers; a list of numbers is one."""
    waiting = [(path, value)]
    while waiting:
        path, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting += [((*path, key), one) for key, one in islice(value.items(), _MOST_PLACES)]
        elif isinstance(value, list) and value and number_at(value[-1]) is not None:
            yield path_text(path) or ".", f"{len(value)} numbers"
        elif isinstance(value, list):
            waiting += [((*path, at), one) for at, one in enumerate(value[:1])]
        elif number_at(value) is not None:
            yield path_text(path) or ".", str(value)
        if len(waiting) > _MOST_PLACES:
            return
