"""The contract of what takes numbers out of the text of a file of some form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Found:
    """A number of a file.

    Attributes:
        value: the number.
        step: the step that it belongs to, NaN where none is known.
        line: the number of the line in which it stands, or its record begins, from 1.
        text: that line, or the beginning of it.
    """

    value: float
    step: float
    line: int
    text: str


class RecordParser(Protocol):
    """Takes the numbers of one content of a file, text after text."""

    @property
    def left_out(self) -> str:
        """What could not be read although it is there, in words; empty if nothing was."""
        ...

    @property
    def warnings(self) -> Mapping[str, str]:
        """What the user should know of, by kind."""
        ...

    @property
    def records(self) -> int:
        """How many records there were."""
        ...

    @property
    def has_steps(self) -> bool:
        """Whether steps are read."""
        ...

    def feed(self, text: str, *, final: bool, more: bool) -> Sequence[Found]:
        """Return the numbers that a text completes, in order.

        Args:
            text: what follows the text of before.
            final: nothing follows: what is unfinished counts if its form shows that it is whole.
            more: there is more to come at once.
        """
        ...

    def silence(self, path: str) -> str:
        """Return why there is no number in a file that is not empty, in one line."""
        ...


MakeParser: TypeAlias = Callable[[], RecordParser]
