"""What PyYAML's own nodes say of a text, to compare with: values by their paths."""

from collections.abc import Iterator
from typing import Any

import yaml

Steps = tuple[str | int, ...]
Leaf = tuple[int, int, Any]


def read(text: str) -> dict[Steps, Leaf]:
    """Return where all values are and what they are, of all documents, with what `<<` brings in."""
    # PyYAML takes no tabs where other readers do.
    documents = [one for one in yaml.compose_all(text.replace("\t", " "), yaml.SafeLoader) if one]
    found: dict[Steps, Leaf] = {}
    for at, document in enumerate(documents):
        found.update(_leaves(document, (at,) if documents[1:] else (), ()))
    return found


def values(text: str) -> dict[Steps, Any]:
    """Return all values of a text by their paths."""
    return {steps: value for steps, (_, _, value) in read(text).items()}


def _leaves(node: Any, steps: Steps, within: tuple[int, ...]) -> Iterator[tuple[Steps, Leaf]]:
    if id(node) in within:
        yield steps, (0, 0, "itself")
    elif node.id == "scalar":
        yield steps, (node.start_mark.index, node.end_mark.index, _value(node))
    elif node.id == "sequence":
        yield steps, (0, 0, f"a list of {len(node.value)}")
        for at, item in enumerate(node.value):
            yield from _leaves(item, (*steps, at), (*within, id(node)))
    else:
        pairs = _pairs(node)
        yield steps, (0, 0, f"a dictionary of {sorted(pairs)}")
        for key, value in pairs.items():
            yield from _leaves(value, (*steps, key), (*within, id(node)))


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


def _value(node: Any) -> Any:
    """Return what PyYAML makes of a scalar, with its type, as 1 equals True and 1.0."""
    try:
        value = yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError):
        return node.tag, node.value
    return type(value).__name__, repr(value)
