"""Where in a JSON or TOML document each value stands; the document itself is known to be right."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from automl.studies.given.place import inside

_TOKEN = re.compile(
    r'(?P<text>"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}|'
    r"'''(?:[^']|'(?!''))*+'{3,5}|"
    r'"(?:[^"\\\n]|\\.)*+"|'
    r"'[^'\n]*+')"
    r"|(?P<end>\n)|(?P<mark>[\[\]{},=:])|(?P<bare>[^\s,\[\]{}=#\"':][^\s,\[\]{}=#\"']*)"
    r"|(?P<gap>#[^\n]*|\s|.)",
    re.DOTALL,
)
_DEEPEST = 100
"""What is nested deeper is no study."""

Mark = tuple[int, int]


class Marks:
    """The places of the values of a document.

    Args:
        text: the document.

    Attributes:
        found: line and column, from 1, by place, such as `tasks[0].cmd`; of a value with a key,
            those of the key.
        twice: the first key that its dictionary has already, with its mark; None where none is.
    """

    def __init__(self, text: str) -> None:
        self.found: dict[str, Mark] = {}
        self.twice: tuple[str, Mark] | None = None
        self._lines = [0, *(one.end() for one in re.finditer("\n", text))]

    def at(self, offset: int) -> Mark:
        """Return line and column of a character, from 1."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def add(self, place: str, offset: int, key: str | None = None) -> None:
        """Take in where a value stands, the first time that it is told."""
        mark = self.at(offset)
        if key is not None and place in self.found and self.twice is None:
            self.twice = key, mark
        self.found.setdefault(place, mark)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


class _Reader:
    """Reads values token by token; of what is wrong it reads as much as it understands."""

    def __init__(self, text: str) -> None:
        self.marks = Marks(text)
        self._tokens = [
            _Token(str(one.lastgroup), one[0], one.start())
            for one in _TOKEN.finditer(text)
            if one.lastgroup != "gap"
        ]
        self._at = 0

    def next(self, *texts: str) -> _Token | None:
        """Take the next token, None behind the last; only one of these texts, if any are given."""
        token = self.peek()
        if token is None or (texts and token.text not in texts):
            return None
        self._at += 1
        return token

    def peek(self) -> _Token | None:
        """Return the next token, and leave it."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def skip(self, *texts: str) -> None:
        """Leave out all that follows of these."""
        while self.next(*texts):
            pass

    def key(self) -> tuple[list[str], int]:
        """Take a key, with dots as TOML has it; return its parts, and where it begins."""
        parts: list[str] = []
        first = self.peek()
        while (token := self.peek()) and token.kind in {"text", "bare"}:
            self._at += 1
            parts += [_content(token.text)] if token.kind == "text" else _split(token.text)
        return parts, first.start if first else 0

    def value(self, place: str, depth: int = 0) -> None:
        """Take a value, and note the places of all within it."""
        token = self.next()
        if token is None or depth > _DEEPEST:
            return
        if token.text == "[":
            self._items(place, depth)
        elif token.text == "{":
            self._entries(place, depth)
        else:
            # A date and its time are two words.
            while (more := self.peek()) and more.kind == "bare":
                self._at += 1

    def _items(self, place: str, depth: int) -> None:
        number = 0
        self.skip("\n", ",")
        while (token := self.peek()) and not self.next("]"):
            here = f"{place}[{number}]"
            self.marks.add(here, token.start)
            self.value(here, depth + 1)
            self.skip("\n", ",")
            number += 1

    def _entries(self, place: str, depth: int) -> None:
        self.skip("\n", ",")
        while self.peek() and not self.next("}"):
            self.entry(place, depth)
            self.skip("\n", ",")

    def entry(self, place: str, depth: int = 0) -> None:
        """Take a key and its value."""
        parts, start = self.key()
        if not parts:
            # Not understood; what follows may be.
            self.next()
            return
        for part in parts[:-1]:
            place = inside(place, part)
            self.marks.add(place, start)
        place = inside(place, parts[-1])
        self.marks.add(place, start, parts[-1])
        self.skip("\n")
        if self.next("=", ":"):
            self.skip("\n")
            self.value(place, depth + 1)


def json_marks(text: str) -> Marks:
    r"""Return the places of the values of a JSON document.

    >>> json_marks('{"a": [1,\n {"b c": 2}]}').found
    {'a': (1, 2), 'a[0]': (1, 8), 'a[1]': (2, 2), "a[1]['b c']": (2, 3)}
    """
    reader = _Reader(text)
    reader.skip("\n")
    reader.value("")
    return reader.marks


def toml_marks(text: str) -> Marks:
    r"""Return the places of the values of a TOML document.

    >>> toml_marks('a = 1\n[[b]]\nc = [2]\n').found
    {'a': (1, 1), 'b': (2, 1), 'b[0]': (2, 1), 'b[0].c': (3, 1), 'b[0].c[0]': (3, 6)}
    """
    reader = _Reader(text)
    counts: dict[str, int] = {}
    table = ""
    while token := reader.peek():
        if reader.next("\n"):
            continue
        if not reader.next("["):
            reader.entry(table)
            continue
        several = reader.next("[") is not None
        parts, _ = reader.key()
        reader.skip("]")
        table = _table(reader.marks, counts, parts, token.start, several=several)
    return reader.marks


def _table(
    marks: Marks, counts: dict[str, int], parts: list[str], start: int, *, several: bool
) -> str:
    """Return the place of a table by its header; of one of several, that of the newest one."""
    place = ""
    for number, part in enumerate(parts, 1):
        place = inside(place, part)
        marks.add(place, start)
        if several and number == len(parts):
            counts[place] = counts.get(place, 0) + 1
        if place in counts:
            place = f"{place}[{counts[place] - 1}]"
    marks.add(place, start)
    return place


def too_deep(text: str) -> Mark:
    """Return where brackets are nested deeper than any study's."""
    marks, depth = Marks(text), 0
    for one in _brackets(text):
        depth += 1 if one[0] in "[{" else -1
        if depth > _DEEPEST:
            return marks.at(one.start())
    return marks.at(0)


def _brackets(text: str) -> Iterator[re.Match[str]]:
    return (one for one in _TOKEN.finditer(text) if one[0] in {"[", "]", "{", "}"})


def _split(word: str) -> list[str]:
    return [part for part in word.split(".") if part]


def _content(written: str) -> str:
    """Return what a key in quotes says; one that only TOML can read stays as it is written."""
    if written[0] == '"':
        with suppress(ValueError):
            return str(json.loads(written, strict=False))
    return written[1:-1]
