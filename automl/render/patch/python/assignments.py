"""The values that a Python file assigns, each with its place."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from automl.errors import SpecError
from automl.quiet import muted
from automl.render.patch.data_kinds import Word
from automl.render.patch.python.nodes import constant_of, is_empty, is_mapping, pairs_of
from automl.render.patch.python.positions import Positions
from automl.render.patch.python.targets import EVERYTHING, changed_in, root_of, target_steps


@dataclass(slots=True)
class Place:
    """A value in a Python file.

    Attributes:
        start: its first character.
        end: what follows its last one; `start` where it has no text of its own.
        node: what is assigned; None for what only gets attributes.
        plain: its value, if it is no dictionary or list.
        children: what it holds, by key or position.
        doubt: why another value here would not be the one that counts.
    """

    start: int = 0
    end: int = 0
    node: ast.expr | ast.ClassDef | ast.Module | None = None
    plain: Any = None
    children: dict[str | int, "Place"] = field(default_factory=dict)
    doubt: str = ""

    @property
    def data(self) -> Any:  # noqa: ANN401 - any value
        """What it is, as plain values; an expression is a `Word`."""
        if isinstance(self.node, ast.List | ast.Tuple) and self.plain is None:
            return [self.children[at].data for at in sorted(self.children)]
        if self.children or (self.plain is None and is_mapping(self.node)):
            return {str(key): child.data for key, child in self.children.items()}
        return self.plain


def parse_assignments(text: str) -> Place:
    """Return the names that a module assigns; of one that is assigned twice, the last counts.

    Raises:
        SpecError: it is no Python.
    """
    try:
        with muted(Warning):
            module = ast.parse(text.removeprefix("\ufeff"))
    except SyntaxError as error:
        place = f"line {error.lineno}, column {error.offset}: " if error.lineno else ""
        raise SpecError(f"it is no Python: {place}{error.msg}") from error
    except (ValueError, MemoryError) as error:
        raise SpecError(f"it is no Python: {error}") from error
    found = Place(node=module)
    _Reader(text, Positions(text)).body(module.body, found)
    return found


def only_assigns(text: str) -> bool:
    """Tell whether a module does nothing but import and assign, and works wherever it lies."""
    found = parse_assignments(text)
    body = found.node.body if isinstance(found.node, ast.Module) else []
    relative = any(isinstance(one, ast.ImportFrom) and one.level for one in body)
    # Of OpenMMLab: the files that it names lie beside this one.
    return not relative and "_base_" not in found.children and all(map(_is_plain, body))


class _Reader:
    def __init__(self, text: str, positions: Positions) -> None:
        self._text = text
        self._positions = positions

    def body(self, statements: Sequence[ast.stmt], scope: Place) -> None:
        for one in statements:
            if isinstance(one, ast.Assign):
                self._doubts(one.value, scope)
                for target in one.targets:
                    self._assign(scope, target, one.value)
            elif isinstance(one, ast.AnnAssign):
                if one.value is not None:
                    self._doubts(one.value, scope)
                    self._assign(scope, one.target, one.value)
            elif isinstance(one, ast.ClassDef):
                inner = Place(self._positions.start(one), self._positions.end(one), one)
                self.body(one.body, inner)
                scope.children[one.name] = inner
            else:
                self._doubts(one, scope)

    def _assign(self, scope: Place, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            self._assign_each(scope, target, value)
            return
        steps = target_steps(target)
        if steps:
            _put(scope, steps, self._place(value))
        else:
            self._doubt(scope, target)

    def _assign_each(self, scope: Place, target: ast.Tuple | ast.List, value: ast.expr) -> None:
        values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
        starred = any(isinstance(one, ast.Starred) for one in [*target.elts, *values])
        if starred or len(values) != len(target.elts):
            self._doubts(target, scope)
            return
        for name, one in zip(target.elts, values, strict=True):
            self._assign(scope, name, one)

    def _place(self, node: ast.expr) -> Place:
        place = Place(self._positions.start(node), self._positions.end(node), node)
        known, place.plain = constant_of(node)
        if known:
            return place
        pairs = list(pairs_of(node))
        if pairs or is_mapping(node) or isinstance(node, ast.List | ast.Tuple):
            place.children = {step: self._place(inner) for step, inner in pairs}
        if isinstance(node, ast.Dict):
            _doubt_keys(place, node)
        if not place.children and not is_empty(node):
            place.plain = Word(self._text[place.start : place.end])
        return place

    def _doubts(self, part: ast.AST, scope: Place) -> None:
        """Note what a part of the source changes that does more than assign, or only at times."""
        for target in changed_in(part):
            self._doubt(scope, target)

    def _doubt(self, scope: Place, target: ast.expr) -> None:
        steps = target_steps(target) or target_steps(root_of(target))
        doubt = f"line {target.lineno} changes it, too, or only at times"
        if steps == (EVERYTHING,):
            for place in scope.children.values():
                place.doubt = doubt
            return
        if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Load):
            # What an import or a function brings counts only where the file assigns it, too.
            steps = steps if steps[0] in scope.children else ()
        for step in steps:
            scope = scope.children.setdefault(step, Place(plain=Word("...")))
        if steps:
            scope.doubt = doubt


def _is_plain(statement: ast.stmt) -> bool:
    told = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    plain = (ast.Assign, ast.AnnAssign, ast.ClassDef, ast.Import, ast.ImportFrom)
    return told or isinstance(statement, plain)


def _put(scope: Place, steps: tuple[str | int, ...], place: Place) -> None:
    for step in steps[:-1]:
        scope = scope.children.setdefault(step, Place())
    # A name that is assigned again counts from there on.
    scope.children.pop(steps[-1], None)
    scope.children[steps[-1]] = place


def _doubt_keys(place: Place, node: ast.Dict) -> None:
    """Note which keys of a dictionary another part of it may set again: `{"lr": 1, **more}`."""
    seen: dict[str, object] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            for one in place.children.values():
                if one.node is not None and _before(one.node, value):
                    one.doubt = f"line {value.lineno} may set it again (**)"
        elif isinstance(key, ast.Constant):
            name = str(key.value)
            if seen.setdefault(name, key.value) != key.value:
                place.children[name].doubt = f"two keys are called {name!r}"
            seen[name] = key.value


def _before(node: ast.AST, other: ast.expr) -> bool:
    place = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
    return place < (other.lineno, other.col_offset)
