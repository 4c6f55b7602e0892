"""What a program reads from the nodes of a YAML text."""

from collections.abc import Iterator
from typing import Any

from automl.errors import SpecError
from automl.render.patch.patcher import Documents
from automl.render.patch.yaml_nodes.nodes import Alias, Mapping, Node, Scalar, Sequence, Tree
from automl.render.patch.yaml_nodes.words import MERGE, AsWritten, plain_word, tagged_word


def data_of(tree: Tree) -> Any:  # noqa: ANN401 - whatever a text holds
    """Return what a text holds: of several documents, all; of an alias, the very same object."""
    reading = Reading(tree)
    found = [reading.value(root) for root in tree.documents]
    if len(found) > 1:
        return Documents(found)
    return found[0] if found else None


class Reading:
    """The values of nodes.

    Args:
        tree: the text.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[int, Any] = {}

    def value(self, node: Node) -> Any:  # noqa: ANN401 - whatever a node holds
        """Return the value of a node."""
        node = _meant(node)
        if isinstance(node, Scalar):
            return scalar_value(node)
        if id(node) not in self._known:
            # An alias within a list may mean that very list.
            empty: Any = [] if isinstance(node, Sequence) else {}
            self._known[id(node)] = empty
            if isinstance(node, Sequence):
                empty += [self.value(item) for item in node.items]
            elif isinstance(node, Mapping):
                empty.update(self._pairs(node))
        return self._known[id(node)]

    def _pairs(self, node: Mapping) -> Iterator[tuple[str, Any]]:
        for source in self.sources(node):
            yield from self.value(source).items()
        for key, value in node.pairs:
            if not is_merge(key):
                yield self.key(key), self.value(value)

    def sources(self, node: Mapping) -> list[Node]:
        """Return the dictionaries that `<<` of one names; of two with a key, the later counts."""
        found: list[Node] = []
        for key, value in node.pairs:
            if is_merge(key):
                meant = _meant(value)
                several = meant.items[::-1] if isinstance(meant, Sequence) else [meant]
                found += map(_meant, several)
        for one in found:
            if not isinstance(one, Mapping):
                line = self._tree.line(node.start)
                raise SpecError(f"it is no YAML: line {line}: '<<' needs a dictionary")
        return found

    def key(self, node: Node) -> str:
        """Return the name of a key: what it says; of lists and dictionaries, what is written."""
        node = _meant(node)
        if not isinstance(node, Scalar):
            return AsWritten(self._tree.text[node.start : node.end])
        return node.text if type(scalar_value(node)) is str else AsWritten(node.text)


def scalar_value(node: Scalar) -> Any:  # noqa: ANN401 - a plain value
    """Return what a scalar is."""
    if node.tag not in {"", "!"}:
        return tagged_word(node.text, node.tag)
    return node.text if node.style or node.tag else plain_word(node.text)


def is_merge(key: Node) -> bool:
    """Tell whether a key is `<<`, which stands for the keys of other dictionaries."""
    if not isinstance(key, Scalar):
        return False
    return key.tag == MERGE or (key.text == "<<" and not key.style and not key.tag)


def _meant(node: Node) -> Node:
    return node.target if isinstance(node, Alias) else node
