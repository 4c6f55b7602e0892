"""How parsers of data classes name options and write a yes or no."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto


class YesNo(Enum):
    """How a `bool` is given."""

    WORD = auto()
    """As a word, `true` or `false`, behind the name."""
    ON_OFF = auto()
    """By the name, or by the negative name."""
    ON_OFF_IF_TRUE = auto()
    """By the name; the negative name is there only where the default is true."""
    CHANGE = auto()
    """By the name, which changes the default whatever it is."""


@dataclass(frozen=True)
class Style:
    """How a parser makes options of fields.

    Attributes:
        library: its name.
        names: of an option, from the names of its field and of those in which it is.
        negative: the name that turns a flag off.
        yes_no: how a `bool` is given.
        words: for a yes and a no.
        member_names: whether enumerations are given by the names of their members.
        joined: whether name and value are one word.
        by_place: whether what has no default is given by its place.
    """

    library: str
    names: Callable[[tuple[str, ...]], tuple[str, ...]]
    negative: Callable[[tuple[str, ...]], str] | None = None
    yes_no: YesNo = YesNo.WORD
    words: tuple[str, str] = ("true", "false")
    member_names: bool = False
    joined: bool = False
    by_place: bool = False


def _dotted(path: tuple[str, ...]) -> tuple[str, ...]:
    return (f"--{'.'.join(path)}",)


def _hyphens(path: tuple[str, ...]) -> tuple[str, ...]:
    return (f"--{'.'.join(path).replace('_', '-')}",)


def _last(path: tuple[str, ...]) -> tuple[str, ...]:
    return (f"--{path[-1]}",)


def _both(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((f"--{path[-1]}", f"--{path[-1].replace('_', '-')}")))


def _bare(path: tuple[str, ...]) -> tuple[str, ...]:
    return (".".join(path),)


def _no_hyphens(path: tuple[str, ...]) -> str:
    return _hyphens((*path[:-1], f"no_{path[-1]}"))[0]


TRANSFORMERS = Style(
    "transformers",
    _both,
    lambda path: f"--no_{path[-1]}",
    YesNo.ON_OFF_IF_TRUE,
)
TYRO = Style("tyro", _hyphens, _no_hyphens, YesNo.ON_OFF, member_names=True)
SIMPLE_PARSING = Style(
    "simple_parsing", _last, lambda path: f"--no{path[-1]}", YesNo.ON_OFF, member_names=True
)
JSONARGPARSE = Style("jsonargparse", _dotted, member_names=True)
JSONARGPARSE_CLI = Style("jsonargparse", _dotted, member_names=True, by_place=True)
DRACCUS = Style("draccus", _dotted, member_names=True)
PYRALLIS = Style("pyrallis", _dotted, member_names=True)
CHZ = Style("chz", _bare, words=("True", "False"), joined=True)
PYDANTIC = Style("pydantic-settings", _dotted)
TAP = Style("tap", _last, yes_no=YesNo.CHANGE)
FIRE = Style("fire", _last, lambda path: f"--no{path[-1]}", YesNo.ON_OFF)
