"""Where each option of an INI text stands, read line by line as Python's configparser does."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from automl.errors import SpecError
from automl.render.patch.lines.text_lines import TextLine, text_lines
from automl.render.patch.lines.words import is_number_or_switch

_SECTION = re.compile(r"\[(?P<name>.+)\]")
_OPTION = re.compile(r"(?P<key>.*?)\s*(?:(?P<sign>[=:])\s*(?P<value>.*))?$")
_COMMENT = re.compile(r"(?:^|\s)(?P<mark>[#;])")
_QUOTED = re.compile(r"(?P<quote>[\"'])(?:(?!(?P=quote)).)*(?P=quote)")

Piece = tuple[int, int]
"""A part of a value that stands in one line: its first character and what follows its last."""


@dataclass(slots=True)
class IniOption:
    """An option of an INI text.

    Attributes:
        section: the section's name; None above the first one.
        key: its name as written.
        line: in which line it begins.
        pieces: its value, line by line; none where it has no `=` or `:`.
        key_end: what follows the key.
        sign: what stands between key and value.
    """

    section: str | None
    key: str
    line: TextLine
    pieces: list[Piece]
    key_end: int
    sign: str

    def value(self, text: str) -> str | None:
        """Return its value, None where it has none."""
        return "\n".join(text[a:b] for a, b in self.pieces) if self.pieces else None


@dataclass(slots=True)
class IniText:
    """What an INI text holds.

    Attributes:
        options: its options in order.
        sections: the lines of section names, in order.
    """

    options: list[IniOption] = field(default_factory=list)
    sections: list[tuple[str, TextLine]] = field(default_factory=list)


def parse_ini(text: str) -> IniText:
    """Return the options of a text.

    A number, a word for yes or no, or a text in quotes that `#` or `;` follows shows that the
    program takes what follows for a comment, so it does everywhere in the file. Else these belong
    to the value, as for configparser.

    Raises:
        SpecError: a line has a value without a key.
    """
    found = _Reader().read(text)
    marks = {mark for one in found.options for mark in _inline_marks(text, one.pieces)}
    for option in found.options:
        option.pieces = [_without_comment(text, piece, marks) for piece in option.pieces]
        while len(option.pieces) > 1 and option.pieces[-1][0] == option.pieces[-1][1]:
            option.pieces.pop()
        option.pieces = _within_quotes(text, option.pieces)
    return found


class _Reader:
    def __init__(self) -> None:
        self._found = IniText()
        self._section: str | None = None
        self._open: IniOption | None = None
        self._indent = 0

    def read(self, text: str) -> IniText:
        for line in text_lines(text):
            value = line.text.strip()
            start = line.start + line.text.find(value)
            if not value:
                if self._open is not None and self._open.pieces:
                    self._open.pieces.append((start, start))
            elif value[0] not in "#;":
                self._take(line, value, start)
        return self._found

    def _take(self, line: TextLine, value: str, start: int) -> None:
        indent = len(line.text) - len(line.text.lstrip())
        if self._open is not None and indent > self._indent:
            self._open.pieces.append((start, start + len(value)))
            return
        self._indent = indent
        if section := _SECTION.match(value):
            self._section, self._open = section["name"], None
            self._found.sections.append((section["name"], line))
        else:
            self._open = self._option(line, value, start)
            self._found.options.append(self._open)

    def _option(self, line: TextLine, value: str, start: int) -> IniOption:
        parts = _OPTION.match(value)
        if parts is None or not parts["key"]:
            raise SpecError(
                f"it is no INI: line {line.number}: a value without a key: {value[:60]}"
            )
        key_end = start + len(parts["key"])
        if parts["sign"] is None:
            return IniOption(self._section, parts["key"], line, [], key_end, "")
        begin, end = parts.span("value")
        sign = value[len(parts["key"]) : begin]
        return IniOption(
            self._section, parts["key"], line, [(start + begin, start + end)], key_end, sign
        )


def _inline_marks(text: str, pieces: Sequence[Piece]) -> Iterator[str]:
    """Yield what begins a comment behind a value that no program takes whole."""
    for start, end in pieces[:1]:
        value = text[start:end]
        quoted = _QUOTED.match(value)
        comment = _COMMENT.search(value, quoted.end() if quoted else 0)
        if comment is None or comment.start() == 0:
            continue
        before = value[: comment.start()].strip()
        if is_number_or_switch(before) or (quoted and quoted.group() == before):
            yield comment["mark"]


def _without_comment(text: str, piece: Piece, marks: set[str]) -> Piece:
    start, end = piece
    value = text[start:end]
    quoted = _QUOTED.match(value)
    for comment in _COMMENT.finditer(value, quoted.end() if quoted else 0):
        if comment["mark"] in marks:
            return start, start + len(value[: comment.start()].rstrip())
    return piece


def _within_quotes(text: str, pieces: list[Piece]) -> list[Piece]:
    """Return what stands in the quotes of a value that is nothing but a text in quotes."""
    if len(pieces) != 1:
        return pieces
    start, end = pieces[0]
    return [(start + 1, end - 1)] if _QUOTED.fullmatch(text, start, end) else pieces
