"""Values as readable YAML; the only module that imports yaml."""

import re
from collections.abc import Hashable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from automl.errors import SpecError

_LINE_ENDS = frozenset("\r\x85\u2028\u2029\ufeff")
_FLOAT = "tag:yaml.org,2002:float"
_POWER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+\Z")
"""A number that YAML 1.1 reads only with a point and a sign, `1.0e-5`; as text it needs quotes."""


def yaml_text(value: Mapping[str, Any]) -> str:
    """Return plain JSON values as a YAML document, keys in their order."""
    return _dumped(value, width=100)


def yaml_line(value: object) -> str:
    """Return plain JSON values as YAML in one line, to stand behind a key or a dash.

    >>> yaml_line({"name": "lr", "log": True}), yaml_line("{{ trial.param.lr }}")
    ('{name: lr, log: true}', "'{{ trial.param.lr }}'")
    """
    # A lone scalar would end with the mark of a document's end.
    text = _dumped([value], width=float("inf"), default_flow_style=True, breaks=frozenset("\n"))
    return text.strip()[1:-1]


def _dumped(value: object, breaks: AbstractSet[str] = frozenset(), **options: Any) -> str:  # noqa: ANN401 - yaml's
    import yaml  # noqa: PLC0415 - 30 ms, and not every start writes one

    class Exact(yaml.SafeDumper):
        def represent_text(self, text: str) -> yaml.Node:
            # Without escapes, YAML would read these as ends of lines, and fold them into blanks.
            style = '"' if (_LINE_ENDS | breaks) & set(text) else None
            return self.represent_scalar("tag:yaml.org,2002:str", text, style)

    Exact.add_representer(str, Exact.represent_text)
    Exact.add_implicit_resolver(_FLOAT, _POWER, list("-+0123456789"))
    return str(yaml.dump(value, Dumper=Exact, sort_keys=False, allow_unicode=True, **options))


def yaml_value(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    """Return what a YAML document holds, as plain data: dates and keys such as `on` stay texts.

    Raises:
        SpecError: it is no YAML, or has a key twice; the message names line and column.
    """
    import yaml  # noqa: PLC0415 - as above

    class Plain(yaml.SafeLoader):
        def construct_mapping(
            self,
            node: yaml.MappingNode,
            deep: bool = False,  # noqa: FBT001, FBT002 - yaml's
        ) -> dict[Hashable, Any]:
            """Return a dictionary; YAML itself would take the last of two equal keys."""
            seen: set[str] = set()
            for key, _ in node.value:
                if key.tag == "tag:yaml.org,2002:bool":
                    # `on:` and `off:` are names of options, and no key is a truth value.
                    key.tag = "tag:yaml.org,2002:str"
                if str(key.value) in seen and key.tag != "tag:yaml.org,2002:merge":
                    told = f"the key {key.value!r} is there twice"
                    raise yaml.MarkedYAMLError(problem=told, problem_mark=key.start_mark)
                seen.add(str(key.value))
            return super().construct_mapping(node, deep)

        def construct_date(self, node: yaml.ScalarNode) -> str:
            return str(node.value)

    Plain.add_constructor("tag:yaml.org,2002:timestamp", Plain.construct_date)
    Plain.add_implicit_resolver(_FLOAT, _POWER, list("-+0123456789"))
    try:
        return yaml.load(text, Plain)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise SpecError(f"{where}{error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SpecError(f"this is no YAML: {error}") from error


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
