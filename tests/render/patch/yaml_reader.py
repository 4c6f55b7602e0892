"""What PyYAML's own nodes say of a text, to compare with: values by their paths."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import yaml

Steps = tuple[str | int, ...]
Leaf = tuple[int, int, Any]


class Core(yaml.SafeLoader):
    """Reads words without quotes as the core schema of YAML 1.2 does."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    def construct_integer(self, node: Any) -> int:
        text = self.construct_scalar(node)
        return int(text, 0) if text[1:2] in {"o", "x"} else int(text)

    def construct_any_float(self, node: Any) -> float:
        return float(re.sub(r"\.(?=inf|nan)", "", self.construct_scalar(node).lower()))


_PREFIX = "tag:yaml.org,2002:"
for _name, _words in {
    "null": "~|null|Null|NULL|",
    "bool": "true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
    "merge": "<<",
}.items():
    Core.add_implicit_resolver(f"{_PREFIX}{_name}", re.compile(rf"(?:{_words})\Z"), None)  # type: ignore[no-untyped-call]
Core.add_constructor(f"{_PREFIX}int", Core.construct_integer)
Core.add_constructor(f"{_PREFIX}float", Core.construct_any_float)


def read(text: str, loader: Any = yaml.SafeLoader) -> dict[Steps, Leaf]:
    """Return where all values are and what they are, of all documents, with what `<<` brings in."""
    # PyYAML takes no tabs where other readers do.
    documents = [one for one in yaml.compose_all(text.replace("\t", " "), loader) if one]
    found: dict[Steps, Leaf] = {}
    for at, document in enumerate(documents):
        found.update(_leaves(document, (at,) if documents[1:] else (), (), loader))
    return found


def values(text: str, loader: Any = yaml.SafeLoader) -> dict[Steps, Any]:
    """Return all values of a text by their paths."""
    return {steps: value for steps, (_, _, value) in read(text, loader).items()}


def _leaves(
    node: Any, steps: Steps, within: tuple[int, ...], loader: Any
) -> Iterator[tuple[Steps, Leaf]]:
    if id(node) in within:
        yield steps, (0, 0, "itself")
    elif node.id == "scalar":
        yield steps, (node.start_mark.index, node.end_mark.index, _value(node, loader))
    elif node.id == "sequence":
        yield steps, (0, 0, f"a list of {len(node.value)}")
        for at, item in enumerate(node.value):
            yield from _leaves(item, (*steps, at), (*within, id(node)), loader)
    else:
        pairs = _pairs(node)
        yield steps, (0, 0, f"a dictionary of {sorted(pairs)}")
        for key, value in pairs.items():
            yield from _leaves(value, (*steps, key), (*within, id(node)), loader)


def _pairs(node: Any) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for key, value in node.value:
        if key.tag == "tag:yaml.org,2002:merge":
            for one in reversed(value.value) if value.id == "sequence" else [value]:
                pairs |= _pairs(one)
        else:
            own[key.value if key.id == "scalar" else f"{key.id} {len(own)}"] = value
    return pairs | own


def _value(node: Any, loader: Any) -> Any:
    """Return what PyYAML makes of a scalar, with its type, as 1 equals True and 1.0."""
    try:
        value = loader("").construct_object(node)
    except (yaml.YAMLError, ValueError):
        return node.tag, node.value
    return type(value).__name__, repr(value)
