"""What a node of Python source holds: a plain value, or others by key or position."""

import ast
import math
from collections.abc import Iterator
from typing import Any

from automl.space.numbers import is_number

_NO_NUMBERS = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def constant_of(node: ast.expr) -> tuple[bool, Any]:
    """Return whether a node is a plain value, and which."""
    if isinstance(node, ast.Constant):
        plain = node.value is None or isinstance(node.value, str | int | float)
        return plain, node.value if plain else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        known, value = constant_of(node.operand)
        if known and is_number(value):
            return True, -value if isinstance(node.op, ast.USub) else value
    if _calls(node, "float") and isinstance(node, ast.Call) and len(node.args) == 1:
        known, value = constant_of(node.args[0])
        if known and value in _NO_NUMBERS:
            return True, _NO_NUMBERS[value]
    return False, None


def pairs_of(node: ast.expr) -> Iterator[tuple[str | int, ast.expr]]:
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


def is_mapping(node: ast.AST | None) -> bool:
    """Tell whether a node holds others by names: nothing but attributes, if it is None."""
    if node is None or isinstance(node, ast.Module | ast.ClassDef | ast.Dict):
        return True
    return _calls(node, "dict")


def is_empty(node: ast.expr) -> bool:
    """Tell whether a node is an empty list or dictionary."""
    if isinstance(node, ast.Dict):
        return not node.keys
    if isinstance(node, ast.Call):
        return is_mapping(node) and not node.args and not node.keywords
    return isinstance(node, ast.List | ast.Tuple) and not node.elts


def _calls(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
