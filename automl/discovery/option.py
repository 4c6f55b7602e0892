"""An option of a program as the program tells it, and what was found of a whole program."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

Plain: TypeAlias = "bool | int | float | str | Sequence[Plain] | None"
"""Plain data, with the types that the program gave: `1e-3` is a float, `3` an integer."""


class Kind(Enum):
    """What an option takes."""

    FLOAT = "float"
    INTEGER = "integer"
    CHOICE = "choice"
    FLAG = "flag"
    TEXT = "text"
    PATH = "path"
    UNKNOWN = "unknown"


class Missing(Enum):
    """Stands where nothing was found: `None` is a default too."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing.MISSING


class How(Enum):
    """By what means options were found."""

    SOURCE = "its source"
    HELP = "--help"
    CONFIG = "a config file"
    TYPED = "the words of the command"


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a program.

    Attributes:
        names: as they are typed, the long one first: `--lr`, `-l`. A positional, and a name that
            is joined with its value (`lr=0.1`), stand bare.
        kind: what it takes. CHOICE goes before the type of its choices.
        default: plain data. Of a flag, whether the program does by default what the first name
            asks for: a lone `--no-amp` is False when amp is on by default.
        choices: what the program allows, in its order and with its types; as words for a yes or
            no that must be written (`--amp true`).
        negative: the word that turns a flag off, such as `--no-amp`; None if there is none.
        low: the smallest value that the program itself says that it takes.
        high: the largest one.
        low_open: whether `low` itself is not taken.
        high_open: whether `high` itself is not taken.
        many: whether it takes several words, or may be given several times.
        required: whether the program does not start without it.
        positional: whether it is known by its place, not by its name.
        joined: whether name and value are one word, `lr=0.1` or `--lr=0.1`, and nothing else.
        help: what the program tells of it, in one line.
        stands_for: what the program calls its value where its names do not tell: `EPOCHS` of
            `-e EPOCHS`, `epochs` of argparse's `dest`.
        place: where it was found: `train.py:12`, `--help`, `config.yaml:3`.
        subcommand: the subcommand that takes it, as typed; empty if it goes before all of them.
        excludes: first names of options that cannot be given beside this one.
        asked: whether the program asks for it by `automl.params`, so that no word gives it.
        given: the words that the command gives it already, so that it is no longer free: empty
            for a flag that is there. None if the command does not name it.
    """

    names: tuple[str, ...]
    kind: Kind
    default: "Plain | Missing" = MISSING
    choices: tuple[Plain, ...] = ()
    negative: str | None = None
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False
    many: bool = False
    required: bool = False
    positional: bool = False
    joined: bool = False
    help: str = ""
    stands_for: str = ""
    place: str = ""
    subcommand: str = ""
    excludes: tuple[str, ...] = ()
    asked: bool = False
    given: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a program.

    Attributes:
        options: in the order in which the program has them.
        doubts: sentences for the user: what could not be read, and why.
        how: by what means.
        start: which word of the command is the first of the program's own: 2 for
            `python train.py --lr 1`.
        library: what reads the command line, such as `argparse`; empty if that is not known.
        options_at: how many of the program's own words stand before its options, where options
            behind other words may not count; None where they count behind all words.
        reports: whether the program tells its numbers by `automl.report`.
    """

    options: tuple[Option, ...]
    doubts: tuple[str, ...]
    how: How
    start: int
    library: str = ""
    options_at: int | None = None
    reports: bool = False

    def named(self, name: str) -> Option | None:
        """Return the option that is typed so, None if there is none."""
        return next((one for one in self.options if name in one.names), None)
