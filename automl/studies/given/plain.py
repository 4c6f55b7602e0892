"""Whether a description is plain data, which everything that reads it may take for granted."""

from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError
from automl.studies.given.place import below

DEEPEST = 64
"""So many lists and dictionaries may lie within each other."""

LONGEST_BITS = 4096
"""A whole number may have so many bits; Python writes no text of much longer ones."""


def check_plain(value: object, place: str, depth: int = 0) -> None:
    """Check the keys, depth and numbers of plain data; objects within it are left alone.

    Raises:
        SpecError: a key is no text, lists lie too deep within each other (or in themselves), or a
            number is too long to be written.
    """
    if isinstance(value, int) and value.bit_length() > LONGEST_BITS:
        raise SpecError(
            f"{place}: a whole number of {value.bit_length()} bits is too long; at most "
            f"{LONGEST_BITS} are allowed",
            place=place,
        )
    if not isinstance(value, Mapping | list | tuple):
        return
    if depth > DEEPEST:
        raise SpecError(
            f"{place}: lists and dictionaries lie more than {DEEPEST} deep in each other",
            place=place,
        )
    for name, item in _items(value, place):
        check_plain(item, name, depth + 1)


def _items(value: Any, place: str) -> list[tuple[str, Any]]:  # noqa: ANN401 - a mapping or list
    if not isinstance(value, Mapping):
        return [(f"{place}[{number}]", item) for number, item in enumerate(value)]
    for key in value:
        if not isinstance(key, str):
            raise SpecError(
                f"{place}: the key {key!r} is no string{_advice(key)}",
                place=place,
            )
    return [(below(place, key), item) for key, item in value.items()]


def _advice(key: object) -> str:
    if isinstance(key, bool):
        return "; YAML takes on, off, yes and no for these: put them in quotes"
    if isinstance(key, tuple):
        return "; of a row of a table, take table['params'].iloc[0].to_dict()"
    return ""
