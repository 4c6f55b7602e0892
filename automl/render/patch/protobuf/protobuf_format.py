"""Protobuf text: only the text of a changed value becomes another."""

from collections.abc import Iterator, Mapping
from typing import Any

from automl.data_path.repeatable import Repeatable
from automl.errors import SpecError
from automl.render.patch.data_kinds import Word
from automl.render.patch.edits import Edit, edited
from automl.render.patch.patcher import Steps
from automl.render.patch.protobuf.insertions import new_field, new_item, without
from automl.render.patch.protobuf.message import Field, Message, Value, parse_message
from automl.render.patch.protobuf.words import protobuf_word


class ProtobufFormat:
    """Patches protobuf text; everything but the changed values stays byte for byte."""

    suffixes: tuple[str, ...] = (".config", ".pbtxt", ".prototxt", ".textproto", ".txtpb")

    def data(self, text: str) -> Repeatable:
        """Return the fields of a message, names without quotes as `Word`; see `Patcher`."""
        return parse_message(text).data

    def as_read(self, value: Any, before: Any) -> Any:  # noqa: ANN401 - any value
        """Return a value as a message has it: a name in place of a name; see `Patcher`."""
        if isinstance(value, dict):
            known = before if isinstance(before, dict) else {}
            return Repeatable(
                {key: self.as_read(one, known.get(key)) for key, one in value.items()}
            )
        if isinstance(value, list | tuple):
            first = before[0] if isinstance(before, list) and before else before
            return [self.as_read(one, first) for one in value]
        if isinstance(value, str) and isinstance(before, Word) and value.isidentifier():
            return Word(value)
        if value is None:
            raise SpecError("protobuf text has no null; leave the field out of the file")
        return value

    def patched(self, text: str, changes: Mapping[Steps, Any]) -> str:
        """Return the text with other values; see `Patcher`."""
        message = parse_message(text)
        edits = [
            edit
            for steps, value in changes.items()
            for edit in self._edits(text, message, steps, value)
        ]
        return edited(text, edits)

    def added(self, text: str, steps: Steps, value: Any) -> str:  # noqa: ANN401 - any value
        """Return the text with a field or an item more; see `Patcher`."""
        message = parse_message(text)
        value = self.as_read(value, None)
        if isinstance(steps[-1], str):
            return edited(text, [new_field(text, _message(message, steps[:-1]), steps[-1], value)])
        owner, name = _owner(message, steps[:-1])
        value = self.as_read(value, [one.data for one in owner.values(name)])
        return edited(text, [new_item(text, owner, name, value)])

    def _edits(self, text: str, message: Message, steps: Steps, value: object) -> Iterator[Edit]:
        if isinstance(steps[-1], int):
            owner, name = _owner(message, steps[:-1])
            place = owner.values(name)[steps[-1]]
            field = next(one for one in owner.fields[name] if one.start <= place.start < one.end)
            yield _replaced(place, field, self.as_read(value, place.data))
            return
        owner, name = _owner(message, steps)
        first, *others = owner.fields[name]
        yield _replaced(first.value, first, self.as_read(value, owner.data[name]))
        for one in others:
            yield without(text, one)


def _owner(message: Message, steps: Steps) -> tuple[Message, str]:
    """Return the message that has a field, and the field's name."""
    *before, name = steps
    return _message(message, tuple(before)), str(name)


def _message(message: Message, steps: Steps) -> Message:
    """Return the message at a place."""
    at = 0
    while at < len(steps):
        values = message.values(str(steps[at]))
        at += 1
        position = 0
        if at < len(steps) and isinstance(step := steps[at], int):
            position, at = step, at + 1
        inner = values[position].message
        if inner is None:
            raise SpecError("a field lies in no message")
        message = inner
    return message


def _replaced(place: Value, field: Field, value: object) -> Edit:
    word = protobuf_word(value)
    needs_colon = not field.colon and not isinstance(value, Mapping)
    return Edit(place.start, place.end, f": {word}" if needs_colon else word)
