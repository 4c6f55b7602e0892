"""A number as it stands in a file, for whoever shows where it was found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

Span: TypeAlias = tuple[int, int]
"""Where something begins and ends in a line."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One number of a line.

    Attributes:
        path: the file.
        number: that of the line in the file, from 1, as editors count.
        line: the line, without what a terminal would not show.
        span: where the number stands in it; None where that is not known.
        value: the number.
        step: the step that it belongs to, NaN where none is known.
    """

    path: str
    number: int
    line: str
    span: Span | None
    value: float
    step: float


Tell: TypeAlias = Callable[[Sighting], None]
"""Takes each number that counts, in the order of the lines."""


@runtime_checkable
class Showing(Protocol):
    """A follower that can show where its numbers stand; those of other packages need not."""

    def watch(self, tell: Tell) -> None:
        """Tell from now on where each number stands; call it before anything is read."""
        ...
