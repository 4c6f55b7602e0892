"""The words of a protobuf text, with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from automl.errors import SpecError
from automl.render.patch.edits import line_number

_TOKEN = re.compile(
    r"""
    (?P<space>(?:[\s\ufeff]|\#[^\r\n]*)+)
    | (?P<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fF]?)(?![\w.])
    | (?P<name>[A-Za-z_]\w*)
    | (?P<text>"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*')
    | (?P<sign>[{}<>\[\]:,;./-])
    """,
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text.

    Attributes:
        kind: `number`, `name`, `text`, `sign`, or `end` for the end of the file.
        text: the word.
        start: its first character.
        end: what follows its last one.
    """

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of a text, and at last its end; spaces and comments are passed over.

    Raises:
        SpecError: there is something else.
    """
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise wrong(text, at, f"{text[at : at + 20].splitlines()[0]!r} is no part of a message")
        kind = found.lastgroup or ""
        if kind != "space":
            yield Token(kind, found.group(), at, found.end())
        at = found.end()
    yield Token("end", "", at, at)


def wrong(text: str, at: int, what: str) -> SpecError:
    """Return the error that tells what is wrong at a place."""
    column = at - text.rfind("\n", 0, at)
    return SpecError(
        f"it is no protobuf text: line {line_number(text, at)}, column {column}: {what}"
    )
