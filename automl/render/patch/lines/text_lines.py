"""The lines of a text, with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE = re.compile(r"[^\r\n]*")
_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line without its end, the first one without the mark of UTF-8.

    Attributes:
        number: which line it is, from 1.
        start: where in the text it begins.
        text: what it holds.
    """

    number: int
    start: int
    text: str


def text_lines(text: str) -> Iterator[TextLine]:
    r"""Yield the lines of a text, however they end; an empty one after the last end is none.

    >>> [(one.start, one.text) for one in text_lines("a\r\n\nb")]
    [(0, 'a'), (3, ''), (4, 'b')]
    """
    number, start = 1, len(text) - len(text.removeprefix("\ufeff"))
    while start < len(text):
        found = _LINE.match(text, start)
        assert found is not None  # noqa: S101 - it matches the empty text too
        yield TextLine(number, start, found.group())
        end = _END.match(text, found.end())
        number, start = number + 1, end.end() if end else len(text)
