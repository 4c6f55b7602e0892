"""JSON files, with comments too: only the text of a changed value becomes another."""

import json
from collections.abc import Mapping
from typing import Any

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.json_tree import Value, parse_json
from automl.render.patch.patcher import missing_path
from automl.render.patch.path import parse_path


class JsonFormat:
    """Patches JSON; everything but the changed values stays byte for byte."""

    suffixes: tuple[str, ...] = (".json", ".jsonc")

    def patched(self, text: str, changes: Mapping[str, Any]) -> str:
        """Return the text with other values; see `Patcher`."""
        tree = parse_json(text)
        places = {path: _found(tree, path) for path in changes}
        last = len(text) + 1
        for path, place in sorted(places.items(), key=lambda item: -item[1].start):
            if place.end > last:
                raise SpecError(f"{path!r} is set, and so is a part of it; set one of them")
            last = place.start
            text = text[: place.start] + _as_json(path, changes[path]) + text[place.end :]
        return text


def _found(tree: Value, path: str) -> Value:
    place = tree
    for step in parse_path(path):
        # A list has positions, an object has keys, which may be made of digits.
        if step not in place.children:
            raise missing_path(path, map(path_text, tree.paths()))
        place = place.children[step]
    return place


def _as_json(path: str, value: object) -> str:
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise SpecError(f"{path!r}: JSON has no value {value!r}: {error}") from error
