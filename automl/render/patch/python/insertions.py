"""Where something new goes in Python source."""

import ast
import re

from automl.render.patch.appending import appended
from automl.render.patch.edits import Edit, line_end, line_stop
from automl.render.patch.python.assignments import Place
from automl.render.patch.python.positions import Positions

_BEHIND = re.compile(r"#[^\r\n]*|(?P<closed>\))|,|[^#),]+")


def inserted(text: str, around: Place, word: str) -> Edit:
    """Return what puts one more item behind the last one within brackets.

    Args:
        text: the source.
        around: what the brackets belong to.
        word: the item.
    """
    positions = Positions(text)
    items = [(positions.start(key), positions.end(value)) for key, value in _items(around.node)]
    if not items:
        return Edit(around.end - 1, around.end - 1, word)
    start, end = max(items, key=lambda item: item[1])
    end = _behind_brackets(text, end, around.end - 1)
    return appended(text, start, end, word, "#[^\r\n]*")


def assigned(text: str, scope: ast.ClassDef | ast.Module, line: str) -> Edit:
    """Return what puts an assignment behind the last one of a class or a module.

    What stands below, such as functions and calls, may need it.
    """
    end = line_end(text)
    assignments = [one for one in scope.body if isinstance(one, ast.Assign | ast.AnnAssign)]
    last = (assignments or scope.body)[-1:]
    if last:
        at = line_stop(text, Positions(text).end(last[0]))
        return Edit(at, at, f"{end}{' ' * last[0].col_offset}{line}")
    gap = end if text and text[-1] not in "\r\n" else ""
    return Edit(len(text), len(text), f"{gap}{line}{end}")


def _items(node: ast.AST | None) -> list[tuple[ast.expr | ast.keyword, ast.expr]]:
    """Return where each item begins and ends."""
    if isinstance(node, ast.Dict):
        return [(key or value, value) for key, value in zip(node.keys, node.values, strict=True)]
    if isinstance(node, ast.Call):
        return [*((one, one) for one in node.args), *((one, one.value) for one in node.keywords)]
    return [(one, one) for one in node.elts] if isinstance(node, ast.List | ast.Tuple) else []


def _behind_brackets(text: str, start: int, end: int) -> int:
    """Return where the brackets end that stand around an item alone."""
    at = start
    for found in _BEHIND.finditer(text, start, end):
        if found["closed"]:
            at = found.end()
    return at
