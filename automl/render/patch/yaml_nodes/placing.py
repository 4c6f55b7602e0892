"""Which parts of a YAML text become others where a node has another value, or gets one more."""

import re
from typing import Any

from automl.errors import SpecError
from automl.render.patch.appending import appended
from automl.render.patch.edits import Edit, line_end, line_stop
from automl.render.patch.yaml_nodes.nodes import Mapping, Node, Scalar, Sequence, Tree
from automl.render.patch.yaml_nodes.writing import line_of, lines_of

_COMMENT = r"[ \t]#[^\r\n]*"
_HEAD = re.compile(r"[|>][-+\d]*")
_STEP = 2

_KEPT = {"float": float, "int": int, "str": str, "bool": bool, "map": dict, "seq": list}
"""Tags of YAML's own, each with the type of values that may have it."""


def replaced(tree: Tree, key: Node | None, node: Node, value: Any) -> list[Edit]:  # noqa: ANN401
    """Return what puts another value in the place of a node; its anchor stays.

    Args:
        tree: the text.
        key: the key of the node; None for an item.
        node: what is replaced.
        value: a plain value.
    """
    style = node.style if isinstance(node, Scalar) and node.style in {"'", '"'} else ""
    new = line_of(value, style if isinstance(value, str) else "")
    start = node.start
    if node.tag and type(value) is not _KEPT.get(node.tag.removeprefix("tag:yaml.org,2002:")):
        start = node.outer
        new = f"&{node.anchor} {new}" if node.anchor else new
    if isinstance(node, Scalar) and start == node.end:
        return [_filled(tree, key, node, new)]
    if isinstance(node, Scalar) and node.style in {"|", ">"}:
        return _of_lines(tree, node, start, new)
    if node.in_lines:
        return _of_collection(tree, node, start, new)
    return [Edit(start, node.end, new)]


def _filled(tree: Tree, key: Node | None, node: Scalar, new: str) -> Edit:
    """Return what gives a value to a key or a dash that has none."""
    if node.colon or key is None:
        return Edit(node.lead, node.lead, f" {new}")
    question = tree.text[key.entry : key.entry + 1] == "?" and key.entry < key.outer
    if not question:
        return Edit(key.end, key.end, f": {new}")
    at = line_stop(tree.text, key.end)
    return Edit(at, at, f"{line_end(tree.text)}{' ' * tree.column(key.entry)}: {new}")


def _of_lines(tree: Tree, node: Scalar, start: int, new: str) -> list[Edit]:
    """Return what replaces a text in lines of its own; the comment in its first line stays."""
    head = _HEAD.match(tree.text, node.start)
    until = min(line_stop(tree.text, node.start), node.end)
    return [Edit(start, head.end() if head else until, new), Edit(until, node.end, "")]


def _of_collection(tree: Tree, node: Node, start: int, new: str) -> list[Edit]:
    """Return what replaces lines of keys or items; the comment behind their key stays."""
    text = tree.text
    end = line_stop(text, node.end)
    if line_stop(text, node.lead) >= node.start:
        return [Edit(start, end, new)]
    first = Edit(node.lead, node.lead, f" {new}")
    if start < node.start:
        first = Edit(start, node.lead, new)
    return [first, Edit(line_stop(text, node.lead), end, "")]


def with_key(tree: Tree, node: Mapping, key: str, value: Any) -> Edit:  # noqa: ANN401 - any value
    """Return what adds a key to a dictionary."""
    if node.in_lines:
        column = tree.column(node.pairs[0][0].entry)
        return _with_lines(tree, node, list(lines_of({key: value}, column, _step(tree))))
    new = f"{line_of(key)}: {line_of(value)}"
    if not node.pairs:
        return Edit(node.start + 1, node.start + 1, new)
    if tree.text[node.start] != "{":
        raise SpecError(f"line {tree.line(node.start)}: a pair without {{}} gets no further key")
    last, its_value = node.pairs[-1]
    end = max(last.end, its_value.end) if _is_written(its_value) else last.end
    return appended(tree.text, last.outer, end, new, _COMMENT)


def with_item(tree: Tree, node: Sequence, value: Any) -> Edit:  # noqa: ANN401 - any value
    """Return what adds an item to a list."""
    if node.in_lines:
        column = tree.column(node.items[0].entry)
        lines = list(lines_of(value, column + 2, _step(tree)))
        lines[0] = f"{' ' * column}- {lines[0].lstrip(' ')}"
        return _with_lines(tree, node, lines)
    if not node.items:
        return Edit(node.start + 1, node.start + 1, line_of(value))
    last = node.items[-1]
    return appended(tree.text, last.outer, last.end, line_of(value), _COMMENT)


def _with_lines(tree: Tree, node: Node, lines: list[str]) -> Edit:
    """Return what adds lines below the last one of a list or a dictionary."""
    text, last = tree.text, _last(node)
    end = line_end(text)
    new = end.join(lines)
    if isinstance(last, Scalar) and last.style in {"|", ">"}:
        head = _HEAD.match(text, last.start)
        if head and "+" in head[0] and text[last.until - 1] in "\r\n":
            # The empty lines below belong to its text.
            return Edit(last.until, last.until, new + end)
    at = line_stop(text, last.end)
    return Edit(at, at, end + new)


def _last(node: Node) -> Node:
    """Return what stands last in a list or a dictionary, without what is in brackets."""
    while node.in_lines:
        if isinstance(node, Mapping):
            key, value = node.pairs[-1]
            node = value if _is_written(value) else key
        elif isinstance(node, Sequence):
            node = node.items[-1]
    return node


def _is_written(value: Node) -> bool:
    return not isinstance(value, Scalar) or value.colon


def _step(tree: Tree) -> int:
    """Return how much further the keys of an inner dictionary are indented."""
    waiting = list(tree.documents)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, Sequence):
            waiting += node.items
        elif isinstance(node, Mapping) and node.in_lines:
            column = tree.column(node.pairs[0][0].entry)
            for _, value in node.pairs:
                if isinstance(value, Mapping) and value.in_lines:
                    return max(tree.column(value.pairs[0][0].entry) - column, 1)
            waiting += [value for _, value in node.pairs]
    return _STEP
