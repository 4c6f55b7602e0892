"""Parameters that are a word by themselves, where a flag is its word, or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from automl.render.context import (
    OVERRIDES,
    PARAM_PREFIX,
    TemplateContext,
    getter,
    value_text,
)
from automl.render.shell import Quoting, quote
from automl.render.syntax import Piece
from automl.render.values.overrides import Overrides

FILTER = "lone_flag"
"""The filter by which expressions of a shell line make a `LoneFlag` of a value."""

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


@dataclass(frozen=True, slots=True)
class LoneFlag:
    """The value of a flag at a place in a shell line where it may be a word by itself.

    Attributes:
        value: gives it; LookupError or the like where the trial has none.
        word: what stands for it where it is a word; None: nothing.
    """

    value: Callable[[], object]
    word: str | None


def quoted(quoting: Quoting, value: object) -> str:
    """Return a value as it is written at a place of a shell line.

    Raises:
        ValueError: it has no text, or cannot be quoted there.
    """
    if isinstance(value, Overrides) and quoting is Quoting.WORD:
        return " ".join(quote(quoting, word) for word in value)
    if isinstance(value, LoneFlag):
        if quoting in {Quoting.WORD, Quoting.FORCED}:
            return "" if value.word is None else quote(quoting, value.word)
        value = value.value()
    return quote(quoting, value_text(value))


def lone_getter(name: str) -> Callable[[TemplateContext], object]:
    """Return what gives the value of a parameter, as a `LoneFlag` where it is one."""
    get, parameter = getter(name), name.removeprefix(PARAM_PREFIX)

    def get_lone(context: TemplateContext) -> object:
        if parameter in context.flags:
            return LoneFlag(lambda: get(context), context.flags[parameter])
        return get(context)

    return get_lone


def with_filters(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the parts of a shell line with the filter behind what may be a flag by itself."""
    return [
        _with_filter(piece) if is_lone(pieces, at) else piece for at, piece in enumerate(pieces)
    ]


def _with_filter(piece: Piece) -> Piece:
    name = piece.name.removeprefix(PARAM_PREFIX)
    inside = piece.text.removeprefix("{{").removesuffix("}}")
    return replace(piece, text=f"{{{{ {inside} | {FILTER}({name!r}) }}}}")


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
    return pieces[place].name.startswith(PARAM_PREFIX) and _is_apart(pieces, place)


def overrides_apart(pieces: Sequence[Piece], *, shell_line: bool) -> bool:
    """Tell whether all overrides in a word, or in a shell line, are words by themselves."""
    found = [place for place, one in enumerate(pieces) if not one.is_text and OVERRIDES in one.text]
    if not shell_line:
        return not found or (len(pieces) == 1 and pieces[0].name == OVERRIDES)
    return all(pieces[place].name == OVERRIDES and _is_apart(pieces, place) for place in found)


def _is_apart(pieces: Sequence[Piece], place: int) -> bool:
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
