"""Where each value of a JSON text stands; comments and trailing commas are passed over."""

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, NoReturn

from automl.errors import SpecError

_SPACE = re.compile(r"(?:[\s\ufeff]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_PLAIN = re.compile(
    r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null|NaN|-?Infinity)\b"
)

_DECODER = json.JSONDecoder()


@dataclass(slots=True)
class Value:
    """A value in a text.

    Attributes:
        start: its first character.
        end: what follows its last one.
        children: what it holds, by key or position.
        data: what a program reads there.
        before: where what leads to it begins: its key, or itself.
    """

    start: int
    end: int = 0
    children: dict[str | int, "Value"] = field(default_factory=dict)
    data: Any = None
    before: int = 0


@lru_cache(maxsize=4)
def parse_json(text: str) -> Value:
    """Return the value that a JSON text is; of a key that comes twice, the last counts.

    Nobody may change what it returns.

    Raises:
        SpecError: it is no JSON; the message has line and column.
    """
    parser = _Parser(text)
    try:
        value = parser.value()
    except RecursionError:
        raise SpecError("it is nested too deeply") from None
    parser.skip()
    if parser.at < len(text):
        parser.fail("the end of the file")
    return value


def _plain(word: str) -> object:
    """Return a number or a name of JSON's."""
    try:
        return json.loads(word)
    except ValueError:
        # Python refuses to convert whole numbers of more than 4300 digits.
        return Decimal(word)


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def skip(self) -> str:
        """Pass over spaces and comments; return the character that follows, if any."""
        found = _SPACE.match(self._text, self.at)
        self.at = found.end() if found else self.at
        return self._text[self.at : self.at + 1]

    def value(self) -> Value:
        char = self.skip()
        value = Value(self.at, before=self.at)
        if char == "{":
            self._object(value)
        elif char == "[":
            self._list(value)
        elif char == '"':
            value.data = self._string()
        elif plain := _PLAIN.match(self._text, self.at):
            self.at = plain.end()
            value.data = _plain(plain[0])
        else:
            self.fail("a value")
        value.end = self.at
        return value

    def _object(self, value: Value) -> None:
        self.at += 1
        while self.skip() != "}":
            if self.skip() != '"':
                self.fail("a key in double quotes, or '}'")
            before = self.at
            key = self._string()
            if self.skip() != ":":
                self.fail("':'")
            self.at += 1
            value.children[key] = self.value()
            value.children[key].before = before
            self._comma("}")
        value.data = {key: child.data for key, child in value.children.items()}
        self.at += 1

    def _list(self, value: Value) -> None:
        self.at += 1
        while self.skip() != "]":
            value.children[len(value.children)] = self.value()
            self._comma("]")
        value.data = [child.data for child in value.children.values()]
        self.at += 1

    def _comma(self, closing: str) -> None:
        if self.skip() == ",":
            self.at += 1
        elif self.skip() != closing:
            self.fail(f"',' or {closing!r}")

    def _string(self) -> str:
        try:
            text, self.at = _DECODER.raw_decode(self._text, self.at)
        except json.JSONDecodeError as error:
            self.at = error.pos
            self.fail(f"a text without mistakes ({error.msg})")
        return str(text)

    def fail(self, wanted: str) -> NoReturn:
        line = self._text.count("\n", 0, self.at) + 1
        column = self.at - self._text.rfind("\n", 0, self.at)
        found = self._text[self.at : self.at + 1]
        raise SpecError(
            f"it is no JSON: line {line}, column {column}: expected {wanted}, found "
            f"{repr(found) if found else 'the end'}"
        )
