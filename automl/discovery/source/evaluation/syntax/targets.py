"""What an assignment changes."""

import ast
from contextlib import suppress

from automl.discovery.source.evaluation.calls import Evaluation
from automl.discovery.source.evaluation.definitions import Class, Instance, Module, Scope
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.plain.operators import MISTAKES
from automl.discovery.source.evaluation.values import UNKNOWN, Value


def assign(target: ast.expr, value: Value, evaluation: Evaluation, scope: Scope) -> None:
    """Let the target of an assignment stand for a value."""
    if isinstance(target, ast.Name):
        scope.set(target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _assign_parts(target.elts, value, evaluation, scope)
    elif isinstance(target, ast.Starred):
        assign(target.value, value, evaluation, scope)
    elif isinstance(target, ast.Attribute):
        set_attribute(evaluation.evaluate(target.value, scope), target.attr, value)
    elif isinstance(target, ast.Subscript):
        holder = evaluation.evaluate(target.value, scope)
        key = evaluation.evaluate(target.slice, scope)
        if isinstance(holder, (list, dict)):
            with suppress(*MISTAKES):
                holder[key] = value  # type: ignore[call-overload]


def _assign_parts(
    targets: list[ast.expr], value: Value, evaluation: Evaluation, scope: Scope
) -> None:
    items = items_of(value)
    starred = next((at for at, one in enumerate(targets) if isinstance(one, ast.Starred)), None)
    if items is not None and starred is not None and len(items) >= len(targets) - 1:
        behind = len(targets) - starred - 1
        middle = items[starred : len(items) - behind]
        items = [*items[:starred], middle, *items[len(items) - behind :]]
    if items is None or len(items) != len(targets):
        items = [UNKNOWN] * len(targets)
    for target, item in zip(targets, items, strict=True):
        assign(target, item, evaluation, scope)


def set_attribute(holder: Value, name: str, value: Value) -> None:
    """Set an attribute of an object, a class or a module of the program."""
    if isinstance(holder, Instance):
        holder.attributes[name] = value
    elif isinstance(holder, (Class, Module)):
        holder.scope.names[name] = value
