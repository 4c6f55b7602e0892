"""YAML files: only the text of a changed value becomes another."""

from collections.abc import Mapping
from typing import Any

from automl.render.patch.edits import edited, line_end
from automl.render.patch.patcher import Steps
from automl.render.patch.yaml_nodes.changing import Changing
from automl.render.patch.yaml_nodes.composing import composed, composed_to_read
from automl.render.patch.yaml_nodes.reading import data_of
from automl.render.patch.yaml_nodes.writing import checked, lines_of


class YamlFormat:
    """Patches YAML; everything but the changed values stays byte for byte."""

    suffixes: tuple[str, ...] = (".yaml", ".yml")

    def data(self, text: str) -> Any:  # noqa: ANN401 - whatever the text holds
        """Return what a text holds; see `Patcher`."""
        return data_of(composed_to_read(text))

    def as_read(self, value: Any, before: Any) -> Any:  # noqa: ANN401, ARG002 - any values
        """Return a value as YAML has it; see `Patcher`."""
        return checked(value)

    def patched(self, text: str, changes: Mapping[Steps, Any]) -> str:
        """Return the text with other values; see `Patcher`."""
        tree = composed(text)
        if not tree.documents:
            # Only comments are there, or nothing.
            (value,) = changes.values()
            end = line_end(text)
            gap = end if text and text[-1] not in "\r\n" else ""
            return text + gap + "".join(line + end for line in lines_of(value, 0, 2))
        return edited(text, Changing(tree, changes).edits)

    def added(self, text: str, steps: Steps, value: Any) -> str:  # noqa: ANN401 - any value
        """Return the text with a key or an item more; see `Patcher`."""
        return self.patched(text, {steps: value})
