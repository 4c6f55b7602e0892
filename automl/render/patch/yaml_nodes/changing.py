"""Changes of a YAML text, so that what aliases and `<<` share changes nowhere else."""

from collections.abc import Mapping as AnyMapping
from typing import Any

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.compared import differences, value_at, with_value
from automl.render.patch.edits import Edit
from automl.render.patch.patcher import Steps
from automl.render.patch.yaml_nodes.nodes import Alias, Mapping, Node, Sequence, Tree
from automl.render.patch.yaml_nodes.placing import replaced, with_item, with_key
from automl.render.patch.yaml_nodes.reading import Reading, data_of, is_merge
from automl.render.patch.yaml_nodes.writing import checked

_GONE = object()
"""Stands for the value of an anchor that is within what gets another value."""


class Changing:
    """The edits that change values of a text.

    What an anchor shares is written once: where one of its places changes, an alias becomes a copy
    with the new value, and a key that `<<` brings in gets a key of its own above it. A change at
    the anchor itself is refused if it would reach a place that is not to change.

    Args:
        tree: the text.
        changes: where to value; or one place that is not there yet.

    Attributes:
        edits: what becomes of the text.

    Raises:
        SpecError: a value is shared with a place that is not to change.
    """

    def __init__(self, tree: Tree, changes: AnyMapping[Steps, Any]) -> None:
        self.edits: list[Edit] = []
        self._tree = tree
        self._changes = changes
        self._reading = Reading(tree)
        self._new = data_of(tree)
        for steps, value in changes.items():
            self._new = with_value(self._new, steps, checked(value))
        self._places: dict[int, Steps] = {}
        self._refused: dict[tuple[int, Steps], list[Steps]] = {}
        roots = [
            ((at,) if tree.documents[1:] else (), one) for at, one in enumerate(tree.documents)
        ]
        for place, root in roots:
            self._place(root, place)
        for place, root in roots:
            self._visit(None, root, place)
        self._raise()

    def _place(self, node: Node, steps: Steps) -> None:
        self._places[id(node)] = steps
        if isinstance(node, Sequence):
            for at, item in enumerate(node.items):
                self._place(item, (*steps, at))
        elif isinstance(node, Mapping):
            for name, (_, value) in self._own(node).items():
                self._place(value, (*steps, name))

    def _own(self, node: Mapping) -> dict[str, tuple[Node, Node]]:
        """Return the pairs of a dictionary itself; of a key that is there twice, the last."""
        return {
            self._reading.key(key): (key, value) for key, value in node.pairs if not is_merge(key)
        }

    def _visit(self, key: Node | None, node: Node, steps: Steps) -> None:
        """Go through what is written, and change what is to be another."""
        if isinstance(node, Alias):
            self._visit_alias(key, node, steps)
        elif steps in self._changes:
            self.edits += replaced(self._tree, key, node, self._changes[steps])
        elif isinstance(node, Sequence):
            for at, item in enumerate(node.items):
                self._visit(None, item, (*steps, at))
            for value in self._at(steps)[len(node.items) :]:
                self.edits.append(with_item(self._tree, node, value))
        elif isinstance(node, Mapping):
            self._visit_mapping(node, steps)

    def _visit_alias(self, key: Node | None, node: Alias, steps: Steps) -> None:
        new = self._at(steps)
        if self._is_same(new, self._shared(node.target)):
            return
        if self._is_touched(steps):
            self.edits += replaced(self._tree, key, node, new)
        else:
            self._refuse(node.target, (), steps)

    def _visit_mapping(self, node: Mapping, steps: Steps) -> None:
        own = self._own(node)
        brought = self._brought(node, steps)
        new = self._at(steps)
        for name in [*new, *(name for name in brought if name not in new)]:
            place = (*steps, name)
            if name in own:
                if self._is_touched(place):
                    self._check_once(node, name)
                self._visit(*own[name], place)
            elif name in brought and name in new and self._is_same(new[name], brought[name][1]):
                continue
            elif self._is_touched(place):
                self.edits.append(with_key(self._tree, node, name, new[name]))
            elif name in brought:
                self._refuse(brought[name][0], (name,), place)

    def _check_once(self, node: Mapping, name: str) -> None:
        """Raise SpecError if two keys that are not the same are called alike: `1` and `'1'`."""
        keys = [key for key, _ in node.pairs if self._reading.key(key) == name]
        if len({type(self._reading.value(key)) for key in keys}) > 1:
            lines = " and ".join(str(self._tree.line(key.start)) for key in keys)
            raise SpecError(f"{name!r} is the name of two keys, in lines {lines}; rename one")

    def _brought(self, node: Mapping, steps: Steps) -> dict[str, tuple[Node, Any]]:
        """Return what is to come by `<<` into a dictionary: keys, from where, and values."""
        brought: dict[str, tuple[Node, Any]] = {}
        for source in self._reading.sources(node):
            shared = self._shared(source)
            if isinstance(shared, dict):
                brought |= {name: (source, one) for name, one in shared.items()}
            else:
                self._refuse(source, (), steps)
        return brought

    def _at(self, steps: Steps) -> Any:  # noqa: ANN401 - any value
        """Return what is to stand at a place."""
        return value_at(self._new, steps)

    def _shared(self, target: Node) -> Any:  # noqa: ANN401 - any value
        """Return what is to stand where an anchor is, or a dictionary that `<<` names."""
        place = self._places.get(id(target))
        if place is None:
            return self._reading.value(target)
        if any(place[:end] in self._changes for end in range(len(place))):
            return _GONE
        return self._at(place)

    def _is_touched(self, steps: Steps) -> bool:
        return any(place[: len(steps)] == steps for place in self._changes)

    @staticmethod
    def _is_same(one: object, other: object) -> bool:
        return next(differences(one, other), None) is None

    def _refuse(self, target: Node, within: Steps, steps: Steps) -> None:
        """Note that a place has the value of an anchor, but is not to change.

        Args:
            target: what has the anchor.
            within: where in it the value is.
            steps: the place.
        """
        shared = (*self._places.get(id(target), ()), *within)
        reach = [one for one in self._changes if shared[: len(one)] == one[: len(shared)]]
        mine = reach[0] if reach else shared
        self._refused.setdefault((target.outer, mine), []).append((*steps, *mine[len(shared) :]))

    def _raise(self) -> None:
        """Raise the error that tells which places have the value of an anchor too."""
        for (at, mine), others in self._refused.items():
            set_, too = path_text(mine), [path_text(other) for other in others]
            raise SpecError(
                f"it cannot set {set_!r} alone: line {self._tree.line(at)} has an anchor (&) by "
                f"which {', '.join(map(repr, too))} has the same value; set "
                f"'{'; '.join([set_, *too])}' to change all, or change that in the file"
            )
