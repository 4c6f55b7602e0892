"""What statements of Python source set: the paths of targets, and what is changed otherwise."""

import ast
from collections.abc import Iterator

_OF_THEIR_OWN = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
"""What has names of its own in it."""

_CHANGING = {"update", "setdefault", "pop", "clear", "append", "extend", "insert", "remove"}
"""Methods of dictionaries and lists that change them."""


def changed_in(part: ast.AST) -> Iterator[ast.expr]:
    """Yield what a part of the source sets, deletes, or changes by a method, wherever in it."""
    waiting = [part]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, _OF_THEIR_OWN):
            continue
        target = _changed(node)
        if target is not None:
            yield target
        waiting += ast.iter_child_nodes(node)


def target_steps(target: ast.expr) -> tuple[str, ...]:
    """Return the path of what an assignment sets; empty if that cannot be told."""
    if isinstance(target, ast.Name):
        return (target.id,)
    if isinstance(target, ast.Attribute):
        around = target_steps(target.value)
        return (*around, target.attr) if around else ()
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        around, key = target_steps(target.value), target.slice.value
        return (*around, key) if around and isinstance(key, str) else ()
    return ()


def root_of(target: ast.expr) -> ast.expr:
    """Return the name that a target begins with."""
    while isinstance(target, ast.Attribute | ast.Subscript | ast.Starred):
        target = target.value
    return target


def _changed(node: ast.AST) -> ast.expr | None:
    """Return what a node itself changes, if anything."""
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        return None if isinstance(node.ctx, ast.Load) else node
    called = node.func if isinstance(node, ast.Call) else None
    changes = isinstance(called, ast.Attribute) and called.attr in _CHANGING
    return called.value if changes and isinstance(called, ast.Attribute) else None
