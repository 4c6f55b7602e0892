"""Where a new field goes in a protobuf text, and what goes with one that is taken out."""

import re
from collections.abc import Mapping

from automl.render.patch.edits import Edit, line_end
from automl.render.patch.protobuf.message import Field, Message
from automl.render.patch.protobuf.words import protobuf_word

_REST = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_LINE_REST = re.compile(r"[ \t]*(?:\r\n|\r|\n|\Z)")


def new_field(text: str, around: Message, name: str, value: object) -> Edit:
    """Return what puts a field behind the last one of a message."""
    word = protobuf_word(value)
    line = f"{name} {word}" if isinstance(value, Mapping) else f"{name}: {word}"
    fields = [one for same in around.fields.values() for one in same]
    if fields:
        return _behind(text, max(fields, key=lambda one: one.end), line)
    if around.end == len(text) and around.start == 0:
        gap = line_end(text) if text and text[-1] not in "\r\n" else ""
        return Edit(around.end, around.end, f"{gap}{line}{line_end(text)}")
    return Edit(around.start, around.start, f" {line}" + " " * (around.start == around.end))


def new_item(text: str, owner: Message, name: str, value: object) -> Edit:
    """Return what puts a value behind the last one of a field that is a list."""
    last = owner.fields[name][-1]
    if last.value.items is None:
        colon = ":" if last.colon else ""
        return _behind(text, last, f"{name}{colon} {protobuf_word(value)}")
    if not last.value.items:
        return Edit(last.value.end - 1, last.value.end - 1, protobuf_word(value))
    at = last.value.items[-1].end
    return Edit(at, at, f", {protobuf_word(value)}")


def without(text: str, field: Field) -> Edit:
    """Return what takes a field out, and its lines where it has them for itself."""
    start, end = field.start, field.end
    indent = _indent(text, start)
    rest = _LINE_REST.match(text, end)
    if indent is not None and rest:
        return Edit(start - len(indent), rest.end(), "")
    while indent is None and text[start - 1 : start] in {" ", "\t"}:
        start -= 1
    return Edit(start, end, "")


def _behind(text: str, last: Field, line: str) -> Edit:
    """Return what puts a field behind another, on a line of its own if that has one."""
    indent = _indent(text, last.start)
    rest = _REST.match(text, last.end)
    if indent is None or rest is None:
        return Edit(last.end, last.end, f" {line}")
    return Edit(rest.end(), rest.end(), f"{line_end(text)}{indent}{line}")


def _indent(text: str, at: int) -> str | None:
    """Return what a line begins with; None if more than that stands before a place."""
    line = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    before = text[line:at]
    return None if before.strip(" \t\ufeff") else before
