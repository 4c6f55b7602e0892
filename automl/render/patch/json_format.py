"""JSON files, with comments too: only the text of a changed value becomes another."""

import json
import re
from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError
from automl.render.patch.json_tree import Value, parse_json
from automl.render.patch.patcher import Steps

_REST = re.compile(r"(?P<comma>,?)(?P<comment>[ \t]*(?://[^\r\n]*|/\*[^\n]*?\*/)?)(?=[ \t]*\r?\n)")
"""What follows the last child in its line, if that is only a comma and a comment."""


class JsonFormat:
    """Patches JSON; everything but the changed values stays byte for byte."""

    suffixes: tuple[str, ...] = (".json", ".jsonc")

    def data(self, text: str) -> Any:  # noqa: ANN401 - whatever the text holds
        """Return what a text holds; see `Patcher`."""
        return parse_json(text).data

    def as_read(self, value: Any, before: Any) -> Any:  # noqa: ANN401, ARG002 - any values
        """Return a value as JSON has it; see `Patcher`."""
        return json.loads(_as_json(value))

    def patched(self, text: str, changes: Mapping[Steps, Any]) -> str:
        """Return the text with other values; see `Patcher`."""
        tree = parse_json(text)
        places = {steps: _found(tree, steps) for steps in changes}
        for steps, place in sorted(places.items(), key=lambda item: -item[1].start):
            text = text[: place.start] + _as_json(changes[steps]) + text[place.end :]
        return text

    def added(self, text: str, steps: Steps, value: Any) -> str:  # noqa: ANN401 - any value
        """Return the text with a key or an item more; see `Patcher`."""
        around = _found(parse_json(text), steps[:-1])
        key = f"{json.dumps(steps[-1])}: " if isinstance(steps[-1], str) else ""
        new = key + _as_json(value)
        if not around.children:
            at = around.start + 1
            return text[:at] + new + text[at:]
        last = max(around.children.values(), key=lambda one: one.end)
        line = text.rfind("\n", 0, last.before) + 1
        before = text[line : last.before]
        if not line or before.strip():
            return f"{text[: last.end]}, {new}{text[last.end :]}"
        # A child on a line of its own is followed by another such line, behind its comment.
        rest = _REST.match(text, last.end)
        comma, comment = (rest["comma"], rest["comment"]) if rest else ("", "")
        at = rest.end() if rest else last.end
        end = "\r\n" if text[line - 2 : line] == "\r\n" else "\n"
        return f"{text[: last.end]},{comment}{end}{before}{new}{comma}{text[at:]}"


def _found(tree: Value, steps: Steps) -> Value:
    place = tree
    for step in steps:
        place = place.children[step]
    return place


def _as_json(value: object) -> str:
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise SpecError(f"JSON has no value {value!r}: {error}") from error
