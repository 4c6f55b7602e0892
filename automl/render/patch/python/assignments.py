"""The values that a Python file assigns, each with its place."""

import ast
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from automl.errors import SpecError
from automl.quiet import muted
from automl.render.patch.data_kinds import Word
from automl.render.patch.python.positions import Positions

_OF_THEIR_OWN = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
"""What has names of its own in it."""

_CHANGING = {"update", "setdefault", "pop", "clear", "append", "extend", "insert", "remove"}
"""Methods of dictionaries and lists that change them."""

_NO_NUMBERS = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


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
        if self.children or (self.plain is None and _is_mapping(self.node)):
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


class _Reader:
    def __init__(self, text: str, positions: Positions) -> None:
        self._text = text
        self._positions = positions

    def body(self, statements: Sequence[ast.stmt], scope: Place) -> None:
        for one in statements:
            if isinstance(one, ast.Assign):
                for target in one.targets:
                    self._assign(scope, target, one.value)
            elif isinstance(one, ast.AnnAssign):
                if one.value is not None:
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
        steps = _steps(target)
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
        known, place.plain = _constant(node)
        if known:
            return place
        pairs = list(_pairs(node))
        if pairs or _is_mapping(node) or isinstance(node, ast.List | ast.Tuple):
            place.children = {step: self._place(inner) for step, inner in pairs}
        if not place.children and not _is_empty(node):
            place.plain = Word(self._text[place.start : place.end])
        return place

    def _doubts(self, changing: ast.AST, scope: Place) -> None:
        """Note what a part of the source changes that does more than assign, or only at times."""
        waiting = [changing]
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, _OF_THEIR_OWN):
                continue
            if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
                if not isinstance(node.ctx, ast.Load):
                    self._doubt(scope, node)
            if (changed := _changed(node)) is not None:
                self._doubt(scope, changed)
            waiting += ast.iter_child_nodes(node)

    def _doubt(self, scope: Place, target: ast.expr) -> None:
        steps = _steps(target) or _steps(_root(target))
        for step in steps:
            scope = scope.children.setdefault(step, Place(plain=Word("...")))
        if steps:
            scope.doubt = f"line {target.lineno} changes it, too, or only at times"


def _put(scope: Place, steps: tuple[str | int, ...], place: Place) -> None:
    for step in steps[:-1]:
        scope = scope.children.setdefault(step, Place())
    # A name that is assigned again counts from there on.
    scope.children.pop(steps[-1], None)
    scope.children[steps[-1]] = place


def _steps(target: ast.expr) -> tuple[str | int, ...]:
    """Return the path of what an assignment sets; empty if that cannot be told."""
    if isinstance(target, ast.Name):
        return (target.id,)
    if isinstance(target, ast.Attribute):
        around = _steps(target.value)
        return (*around, target.attr) if around else ()
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        around, key = _steps(target.value), target.slice.value
        return (*around, key) if around and isinstance(key, str) else ()
    return ()


def _root(target: ast.expr) -> ast.expr:
    """Return the name that a target begins with."""
    while isinstance(target, ast.Attribute | ast.Subscript | ast.Starred):
        target = target.value
    return target


def _changed(node: ast.AST) -> ast.expr | None:
    """Return the object that a call of a method changes, if the node is one."""
    called = node.func if isinstance(node, ast.Call) else None
    changes = isinstance(called, ast.Attribute) and called.attr in _CHANGING
    return called.value if changes and isinstance(called, ast.Attribute) else None


def _constant(node: ast.expr) -> tuple[bool, Any]:
    """Return whether a node is a plain value, and which."""
    if isinstance(node, ast.Constant):
        plain = node.value is None or isinstance(node.value, str | int | float)
        return plain, node.value if plain else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        known, value = _constant(node.operand)
        if known and isinstance(value, int | float) and not isinstance(value, bool):
            return True, -value if isinstance(node.op, ast.USub) else value
    if _calls(node, "float") and isinstance(node, ast.Call) and len(node.args) == 1:
        known, value = _constant(node.args[0])
        if known and value in _NO_NUMBERS:
            return True, _NO_NUMBERS[value]
    return False, None


def _pairs(node: ast.expr) -> Iterator[tuple[str | int, ast.expr]]:
    """Yield what a dictionary, a list or a call holds, as far as it can be named."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant):
                yield str(key.value), value
    elif isinstance(node, ast.Call):
        for one in node.keywords:
            if one.arg is not None:
                yield one.arg, one.value
    elif isinstance(node, ast.List | ast.Tuple) and not any(
        isinstance(one, ast.Starred) for one in node.elts
    ):
        yield from enumerate(node.elts)


def _is_mapping(node: ast.AST | None) -> bool:
    if node is None or isinstance(node, ast.Module | ast.ClassDef | ast.Dict):
        return True
    return _calls(node, "dict")


def _calls(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _is_empty(node: ast.expr) -> bool:
    """Tell whether a node is an empty list or dictionary."""
    if isinstance(node, ast.Dict):
        return not node.keys
    if isinstance(node, ast.Call):
        return _is_mapping(node) and not node.args and not node.keywords
    return isinstance(node, ast.List | ast.Tuple) and not node.elts
