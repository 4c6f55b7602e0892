"""Python files of plain assignments: only the text of a changed value becomes another."""

import ast
from collections.abc import Mapping
from typing import Any

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.edits import Edit, edited
from automl.render.patch.patcher import Steps
from automl.render.patch.python.assignments import Place, parse_assignments
from automl.render.patch.python.insertions import assigned, inserted
from automl.render.patch.python.words import is_name, python_word


class PythonFormat:
    """Patches Python files; everything but the changed values stays byte for byte."""

    suffixes: tuple[str, ...] = (".py",)

    def data(self, text: str) -> dict[str, Any]:
        """Return the names that are assigned; expressions are `Word`; see `Patcher`."""
        return {str(name): one.data for name, one in parse_assignments(text).children.items()}

    def as_read(self, value: Any, before: Any) -> Any:  # noqa: ANN401, ARG002 - any value
        """Return a value as a file has it, tuples as lists; see `Patcher`."""
        if isinstance(value, dict):
            return {str(key): self.as_read(one, None) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.as_read(one, None) for one in value]
        return value

    def patched(self, text: str, changes: Mapping[Steps, Any]) -> str:
        """Return the text with other values; see `Patcher`."""
        module = parse_assignments(text)
        edits = []
        for steps, value in changes.items():
            place = _found(module, steps)
            if isinstance(place.node, ast.ClassDef) or place.end == place.start:
                raise SpecError(f"{path_text(steps)!r} is no value; set the values in it")
            edits.append(Edit(place.start, place.end, python_word(value, place, text)))
        return edited(text, edits)

    def added(self, text: str, steps: Steps, value: Any) -> str:  # noqa: ANN401 - any value
        """Return the text with a name, a key or an item more; see `Patcher`."""
        around = _found(parse_assignments(text), steps[:-1])
        word = python_word(value, None, text)
        node = around.node
        if isinstance(node, ast.List | ast.Tuple):
            return edited(text, [inserted(text, around, word)])
        if isinstance(node, ast.Dict):
            return edited(text, [inserted(text, around, f"{steps[-1]!r}: {word}")])
        if not is_name(str(steps[-1])):
            raise SpecError(f"{steps[-1]!r} is no name that Python assigns to")
        if isinstance(node, ast.Call):
            return edited(text, [inserted(text, around, f"{steps[-1]}={word}")])
        if not isinstance(node, ast.ClassDef | ast.Module):
            raise SpecError(f"{path_text(steps)!r}: write a first value for it into the file")
        return edited(text, [assigned(text, node, f"{steps[-1]} = {word}")])


def _found(module: Place, steps: Steps) -> Place:
    place = module
    for step in steps:
        place = place.children[step]
        if place.doubt:
            raise SpecError(
                f"{path_text(steps)!r} is no plain assignment: {place.doubt}; "
                "write it as one, at the file's end"
            )
    return place
