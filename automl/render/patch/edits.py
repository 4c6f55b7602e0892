"""Pieces of a text that become others, while all else stays byte for byte."""

from collections.abc import Iterable
from dataclasses import dataclass

from automl.errors import SpecError


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of a text and what takes its place.

    Args:
        start: its first character.
        end: what follows its last one; `start` where something is put in.
        text: what stands there afterwards.
    """

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with its edits; those that put something in at one place keep their order.

    >>> edited("a = 1, b = 2", [Edit(11, 12, "20"), Edit(4, 5, "10")])
    'a = 10, b = 20'

    Raises:
        SpecError: two of them change one place.
    """
    pieces = []
    end = 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        if edit.start < end:
            line = text.count("\n", 0, edit.start) + 1
            raise SpecError(f"two changes meet at one place, in line {line}; set one of them")
        pieces += [text[end : edit.start], edit.text]
        end = edit.end
    return "".join([*pieces, text[end:]])


def line_number(text: str, at: int) -> int:
    r"""Return in which line a character stands, from 1.

    >>> line_number("a\nb", 2)
    2
    """
    return text.count("\n", 0, at) + 1


def line_end(text: str) -> str:
    r"""Return how the lines of a text end, by its first one.

    >>> line_end("a\r\nb\r\n"), line_end("a")
    ('\r\n', '\n')
    """
    first = text.partition("\n")[0]
    return "\r\n" if first.endswith("\r") and first != text else "\n"


def line_stop(text: str, at: int) -> int:
    r"""Return where the line of a character ends.

    >>> line_stop("ab\r\nc", 1)
    2
    """
    stops = [found for found in (text.find("\r", at), text.find("\n", at)) if found >= 0]
    return min(stops, default=len(text))
