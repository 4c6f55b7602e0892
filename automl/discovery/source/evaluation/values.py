"""What a name of a program may stand for while its source is read.

Numbers, texts, lists and dictionaries are Python's own. All else is what this module and
`definitions` have, or a `Thing` of a library.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Value: TypeAlias = object
"""What the evaluation works with: plain data, or something that stands for what is not."""


@dataclass(frozen=True)
class Place:
    """A line of a file."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}"


@dataclass(frozen=True)
class Unknown:
    """A value that only a run would tell.

    Attributes:
        type: the built-in type that it has in any case, None if that is not known.
        origin: the dotted name whose call or attribute it is; empty if there is none.
    """

    type: "type | None" = None
    origin: str = ""


UNKNOWN = Unknown()

NO_VALUE = Unknown(origin="no value")
"""Stands where there is no value at all; compared by identity."""


@dataclass(frozen=True)
class External:
    """Something of a module that is not of the program's own folder: `argparse.ArgumentParser`."""

    name: str


@dataclass(frozen=True)
class Member:
    """One of an enumeration."""

    of: str
    name: str
    value: Value


@dataclass(frozen=True)
class Generic:
    """A type with types in brackets: `Optional[int]`, and `int | None` as a `typing.Union`."""

    of: Value
    args: tuple[Value, ...]


@dataclass(frozen=True)
class Automatic:
    """The value that `enum.auto()` leaves to the enumeration."""
