"""What statements of Python source set: the paths of targets, and what is changed otherwise."""

import ast
from collections.abc import Iterator

_OF_THEIR_OWN = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
"""What has names of its own in it."""

_CHANGING = {
    *("update", "setdefault", "pop", "popitem", "clear", "append", "extend", "insert", "remove"),
    *("sort", "reverse", "__setitem__", "__setattr__", "__delitem__"),
    *("merge_from_dict", "merge_from_list", "merge_from_file"),
}
"""Methods of dictionaries, lists and usual configurations that change them."""

EVERYTHING = "*"
"""The name of what may change any other: `from module import *`."""


def changed_in(part: ast.AST) -> Iterator[ast.expr]:
    """Yield what a part of the source sets, deletes, or changes by a method, wherever in it."""
    waiting = [part]
    while waiting:
        node = waiting.pop(0)
        yield from (_named(name, node) for name in _bound(node))
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
        whole = _calls(target.value, {"globals", "locals"})
        return (*around, key) if (around or whole) and isinstance(key, str) else ()
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
    if not isinstance(node, ast.Call):
        return None
    if _calls(node, {"setattr", "delattr"}) and node.args:
        return node.args[0]
    called = node.func
    if not (isinstance(called, ast.Attribute) and called.attr in _CHANGING):
        return None
    whole = _calls(called.value, {"globals", "locals"})
    return _named(EVERYTHING, node) if whole else called.value


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names to which a node gives something that is no assigned value."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (one.asname or one.name.partition(".")[0] for one in node.names)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.name
        inner = (one for one in ast.walk(node) if isinstance(one, ast.Global))
        yield from (name for one in inner for name in one.names)
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


def _named(name: str, node: ast.AST) -> ast.Name:
    return ast.Name(name, ast.Load(), lineno=getattr(node, "lineno", 0))


def _calls(node: ast.AST, names: set[str]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
