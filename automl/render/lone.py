"""Which parameters are a word by themselves, so that a value is all that a program gets there."""

from collections.abc import Sequence
from dataclasses import dataclass

from automl.render.context import PARAM_PREFIX
from automl.render.syntax import Piece

_BLANKS = " \t\n"
_BEFORE = frozenset(f"{_BLANKS};|&(")
_AFTER = frozenset(f"{_BLANKS};|&)<>")


@dataclass(frozen=True, slots=True)
class Lone:
    """A parameter that is a word by itself.

    Attributes:
        name: the parameter.
        before: the word before it, as far as it is the user's own text.
    """

    name: str
    before: str = ""


def lone_in_word(pieces: Sequence[Piece]) -> list[Lone]:
    """Return the parameter that a word of a command is nothing but the placeholder of."""
    if len(pieces) == 1 and pieces[0].name.startswith(PARAM_PREFIX):
        return [Lone(pieces[0].name.removeprefix(PARAM_PREFIX))]
    return []


def lone_in_line(pieces: Sequence[Piece]) -> list[Lone]:
    """Return the parameters that are words by themselves in a shell line, quotes left aside."""
    return [
        Lone(piece.name.removeprefix(PARAM_PREFIX), _last_word(_beside(pieces[:place][::-1])))
        for place, piece in enumerate(pieces)
        if is_lone(pieces, place)
    ]


def is_lone(pieces: Sequence[Piece], place: int) -> bool:
    """Tell whether a piece of a shell line is a parameter with blanks on both sides."""
    if not pieces[place].name.startswith(PARAM_PREFIX):
        return False
    before, after = _beside(pieces[:place][::-1]), _beside(pieces[place + 1 :])
    return (not before or before[-1] in _BEFORE) and (not after or after[0] in _AFTER)


def _beside(pieces: Sequence[Piece]) -> str:
    """Return the text next to a piece, statements passed over; no blank where a value is next."""
    for piece in pieces:
        if piece.is_text and piece.text:
            return piece.text
        if not piece.text.startswith("{%"):
            return "x"
    return ""


def _last_word(text: str) -> str:
    words = text.split()
    return words[-1] if words else ""
