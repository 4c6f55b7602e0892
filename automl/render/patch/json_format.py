"""JSON files, with comments too: only the text of a changed value becomes another."""

import json
from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError
from automl.render.patch.appending import appended
from automl.render.patch.edits import Edit, edited
from automl.render.patch.json_tree import Value, parse_json
from automl.render.patch.patcher import Steps

_COMMENT = r"//[^\r\n]*|/\*[^\n]*?\*/"


class JsonFormat:
    """Patches JSON; everything but the changed values stays byte for byte."""

    suffixes: tuple[str, ...] = (".json", ".jsonc")

    def data(self, text: str) -> Any:  # noqa: ANN401 - whatever the text holds
        """Return what a text holds; see `Patcher`."""
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            # It has comments, or a number too long for Python, or it is no JSON.
            return parse_json(text).data

    def as_read(self, value: Any, before: Any) -> Any:  # noqa: ANN401, ARG002 - any values
        """Return a value as JSON has it; see `Patcher`."""
        return json.loads(_as_json(value))

    def patched(self, text: str, changes: Mapping[Steps, Any]) -> str:
        """Return the text with other values; see `Patcher`."""
        tree = parse_json(text)
        places = {steps: _found(tree, steps) for steps in changes}
        return edited(
            text,
            [Edit(one.start, one.end, _as_json(changes[at])) for at, one in places.items()],
        )

    def added(self, text: str, steps: Steps, value: Any) -> str:  # noqa: ANN401 - any value
        """Return the text with a key or an item more; see `Patcher`."""
        around = _found(parse_json(text), steps[:-1])
        key = f"{json.dumps(steps[-1])}: " if isinstance(steps[-1], str) else ""
        new = key + _as_json(value)
        if not around.children:
            at = around.start + 1
            return edited(text, [Edit(at, at, new)])
        last = max(around.children.values(), key=lambda one: one.end)
        return edited(text, [appended(text, last.before, last.end, new, _COMMENT)])


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
