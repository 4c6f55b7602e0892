"""Where each field of a protobuf text stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from automl.data_path.repeatable import Repeatable
from automl.errors import SpecError
from automl.render.patch.protobuf.tokens import Token, tokens, wrong
from automl.render.patch.protobuf.words import name_of, number_of, text_of

_CLOSING = {"{": "}", "<": ">"}


@dataclass(slots=True)
class Value:
    """A value of a field.

    Attributes:
        start: its first character.
        end: what follows its last one.
        plain: what it is, if it is no message and no list.
        message: the fields, if it is a message.
        items: the values, if it is a list in brackets.
    """

    start: int
    end: int = 0
    plain: Any = None
    message: "Message | None" = None
    items: "list[Value] | None" = None

    @property
    def data(self) -> Any:  # noqa: ANN401 - any value
        """What a program reads."""
        if self.items is not None:
            return [one.data for one in self.items]
        return self.plain if self.message is None else self.message.data


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it stands once in a text.

    Attributes:
        start: its first character.
        end: what follows its last one, and the comma behind it.
        colon: whether one stands behind its name.
        value: what it is set to.
    """

    start: int
    end: int
    colon: bool
    value: Value


@dataclass(slots=True)
class Message:
    """A message.

    Attributes:
        start: what follows its opening bracket.
        end: its closing bracket, or the end of the text.
        fields: by name, each as often as it stands there.
    """

    start: int = 0
    end: int = 0
    fields: dict[str, list[Field]] = field(default_factory=dict)

    def is_list(self, name: str) -> bool:
        """Tell whether a field stands there more than once, or as a list in brackets."""
        found = self.fields[name]
        return len(found) > 1 or found[0].value.items is not None

    def values(self, name: str) -> list[Value]:
        """Return all values of a field."""
        return [
            item
            for one in self.fields[name]
            for item in ([one.value] if one.value.items is None else one.value.items)
        ]

    @property
    def data(self) -> Repeatable:
        """What a program reads: a field that stands once is itself, else a list."""
        data = Repeatable()
        for name in self.fields:
            values = [one.data for one in self.values(name)]
            data[name] = values if self.is_list(name) else values[0]
        return data


def parse_message(text: str) -> Message:
    """Return the message that a text is.

    Raises:
        SpecError: it is none; the message has line and column.
    """
    reader = _Reader(text)
    try:
        message = reader.message("")
    except RecursionError:
        raise SpecError("it is nested too deeply") from None
    return message


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: Iterator[Token] = tokens(text)
        self._next = next(self._tokens)
        self._end = 0

    def message(self, closing: str) -> Message:
        """Return the fields up to a closing bracket, which stays, or the end of the text."""
        found = Message(self._end)
        while self._next.text != closing or self._next.kind == "text":
            if self._next.kind == "end":
                raise self._wrong(f"expected a field or {closing!r}")
            start, name = self._next.start, self._name()
            colon = self._passed(":")
            value = self._value(colon=colon)
            if not self._passed(",") and self._next.text == ";":
                self._take()
            found.fields.setdefault(name, []).append(Field(start, self._end, colon, value))
        found.end = self._next.start
        return found

    def _name(self) -> str:
        if self._passed("["):
            parts = []
            while self._next.text != "]":
                if self._next.kind not in {"name", "number", "sign"}:
                    raise self._wrong("expected the name of an extension")
                parts.append(self._take().text)
            self._take()
            return f"[{''.join(parts)}]"
        if self._next.kind != "name":
            raise self._wrong("expected the name of a field")
        return self._take().text

    def _value(self, *, colon: bool) -> Value:
        value = Value(self._next.start)
        if self._next.text in _CLOSING:
            closing = _CLOSING[self._take().text]
            value.message = self.message(closing)
            self._take()
        elif self._passed("["):
            value.items = self._items()
        elif not colon:
            raise self._wrong("expected ':', '{' or '<'")
        else:
            value.plain = self._scalar()
        value.end = self._end
        return value

    def _items(self) -> list[Value]:
        found: list[Value] = []
        while not self._passed("]"):
            found.append(self._value(colon=True))
            if not self._passed(",") and self._next.text != "]":
                raise self._wrong("expected ',' or ']'")
        return found

    def _scalar(self) -> Any:  # noqa: ANN401 - any scalar
        minus = self._passed("-")
        token = self._next
        if token.kind == "text" and not minus:
            parts = []
            while self._next.kind == "text":
                parts.append(text_of(self._take().text))
            return "".join(parts)
        if token.kind == "number":
            number = number_of(self._take().text)
            return -number if minus else number
        if token.kind == "name":
            found = name_of(self._take().text)
            if not minus:
                return found
            if isinstance(found, float):
                return -found
        raise self._wrong("expected a value")

    def _passed(self, sign: str) -> bool:
        if self._next.kind != "sign" or self._next.text != sign:
            return False
        self._take()
        return True

    def _take(self) -> Token:
        token = self._next
        self._end = token.end
        if token.kind != "end":
            self._next = next(self._tokens)
        return token

    def _wrong(self, expected: str) -> SpecError:
        found = self._next.text
        shown = repr(found) if found else "the end"
        return wrong(self._text, self._next.start, f"{expected}, found {shown}")
