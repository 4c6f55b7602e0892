"""YAML to plain data, or an error that says where; and where in it each value stands."""

from collections.abc import Hashable, Iterator
from typing import Any

from automl.render.config import FLOAT, POWER
from automl.render.documents.yaml_errors import yaml_errors

_TEXT, _MERGE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"


def yaml_value(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    """Return what a YAML document holds, as plain data: dates and keys such as `on` stay texts.

    Raises:
        SpecError: it is no YAML, or has a key twice; the message names line and column.
    """
    with yaml_errors(text):
        return _loaded(text)


def _loaded(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    import yaml  # noqa: PLC0415 - 30 ms, and not every start reads one

    class Plain(yaml.SafeLoader):
        def construct_mapping(
            self,
            node: yaml.MappingNode,
            deep: bool = False,  # noqa: FBT001, FBT002 - yaml's
        ) -> dict[Hashable, Any]:
            """Return a dictionary; YAML itself would take the last of two equal keys."""
            seen: set[str] = set()
            for key, _ in node.value:
                if key.id == "scalar" and key.tag != _MERGE:
                    # `on` and `1` are names of options, and no key is a truth value or a number.
                    key.tag = _TEXT
                if str(key.value) in seen and key.tag != _MERGE:
                    told = f"the key {key.value!r} is there twice"
                    raise yaml.MarkedYAMLError(problem=told, problem_mark=key.start_mark)
                seen.add(str(key.value))
            return super().construct_mapping(node, deep)

        def construct_object(
            self,
            node: yaml.Node,
            deep: bool = False,  # noqa: FBT001, FBT002 - yaml's
        ) -> Any:  # noqa: ANN401 - whatever the node holds
            """Return a value; what Python refuses has a place, such as a number of 5000 digits."""
            try:
                return super().construct_object(node, deep)
            except (ValueError, OverflowError) as error:
                told = f"this is no YAML: {error}"
                raise yaml.MarkedYAMLError(problem=told, problem_mark=node.start_mark) from error

        def construct_date(self, node: yaml.ScalarNode) -> str:
            return str(node.value)

    Plain.add_constructor("tag:yaml.org,2002:timestamp", Plain.construct_date)
    Plain.add_implicit_resolver(FLOAT, POWER, list("-+0123456789"))
    return yaml.load(text, Plain)  # noqa: S506 - a safe loader


def yaml_marks(text: str) -> dict[str, tuple[int, int]]:
    """Return the line and column, from 1, of each value of a YAML document, by its place.

    A place is as in `tasks[0].cmd`. Nothing is returned of what is no YAML.
    """
    import yaml  # noqa: PLC0415 - as above

    try:
        node = yaml.compose(text, yaml.SafeLoader)
        return dict(_marked(node, "")) if node is not None else {}
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}


def _marked(node: Any, place: str) -> Iterator[tuple[str, tuple[int, int]]]:  # noqa: ANN401 - yaml's
    """Give the marks of what lies within a node; a value's is where its key begins."""
    if node.id == "mapping":
        for key, value in node.value:
            name = str(key.value)
            odd = f"{place}[{name!r}]"
            here = odd if not name.isidentifier() else f"{place}.{name}" if place else name
            yield here, (key.start_mark.line + 1, key.start_mark.column + 1)
            yield from _marked(value, here)
    elif node.id == "sequence":
        for number, item in enumerate(node.value):
            here = f"{place}[{number}]"
            yield here, (item.start_mark.line + 1, item.start_mark.column + 1)
            yield from _marked(item, here)
