"""Data in which one value and a list of one look alike, as in protobuf text."""

from typing import Any


class Repeatable(dict[str, Any]):
    """A dictionary in which a value that is no list is a list of one, too: `[0]` means itself."""


def listed(value: object, around: object) -> object:
    """Return a value as the list of one that it also is, by what is around it; else itself.

    >>> listed(5, Repeatable(a=5)), listed(5, {"a": 5}), listed([5], Repeatable(a=[5]))
    ([5], 5, [5])
    """
    return [value] if isinstance(around, Repeatable) and not isinstance(value, list) else value
