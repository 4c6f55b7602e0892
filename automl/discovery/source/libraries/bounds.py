"""Bounds that a function sets which checks a value: `if not 0 <= value <= 1: raise ...`."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from automl.discovery.option import Kind, Plain
from automl.discovery.source.evaluation.calls import Evaluation
from automl.discovery.source.evaluation.definitions import Function, Scope
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.values import UNKNOWN, Value
from automl.discovery.source.libraries.kinds import Taken, choices_of
from automl.space.numbers import is_finite

_BELOW = (ast.Lt, ast.LtE)
_ABOVE = (ast.Gt, ast.GtE)
_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.NotIn: ast.In,
}


def within_bounds(
    taken: Taken, function: Function, names: dict[str, Value], evaluation: Evaluation
) -> Taken:
    """Return what a function takes with the bounds outside of which it raises an error.

    Args:
        taken: by its type.
        function: that converts a text.
        names: what is known of its parameters.
        evaluation: which evaluates the bounds.
    """
    scope = Scope(function.scope.module, function.scope)
    scope.names |= {argument.arg: UNKNOWN for argument in _arguments(function)} | names
    for test in _must_hold(function.node):
        for kind, value in _compared(test, evaluation, scope):
            taken = _bounded(taken, kind, value)
        words = _words_in(test, evaluation, scope)
        if words:
            taken = replace(taken, kind=Kind.CHOICE, choices=words)
    return taken


def _arguments(function: Function) -> list[ast.arg]:
    return [*function.node.args.args, *function.node.args.kwonlyargs]


def _must_hold(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what must be true of a value for the function to take it."""
    for one in ast.walk(node):
        if isinstance(one, ast.If) and any(isinstance(inner, ast.Raise) for inner in one.body):
            yield from _denied(one.test)
        elif isinstance(one, ast.Assert):
            yield from _parts(one.test)


def _denied(test: ast.expr) -> Iterator[ast.expr]:
    """Yield what must hold for a test to fail."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _parts(test.operand)
    elif isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        for part in test.values:
            yield from _denied(part)
    elif isinstance(test, ast.Compare) and len(test.ops) == 1:
        opposite = _OPPOSITE.get(type(test.ops[0]))
        if opposite:
            yield ast.Compare(left=test.left, ops=[opposite()], comparators=test.comparators)


def _parts(test: ast.expr) -> Iterator[ast.expr]:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for part in test.values:
            yield from _parts(part)
    else:
        yield test


def _compared(
    test: ast.expr, evaluation: Evaluation, scope: Scope
) -> Iterator[tuple[type[ast.cmpop], float]]:
    """Yield how a value is compared, the value on the left, and with what number."""
    if not isinstance(test, ast.Compare):
        return
    sides = [test.left, *test.comparators]
    values = [evaluation.evaluate(side, scope) for side in sides]
    for at, operator in enumerate(test.ops):
        kind, left, right = type(operator), values[at], values[at + 1]
        if _is_number(right) and _is_variable(sides[at]):
            yield kind, right  # type: ignore[misc]
        elif _is_number(left) and _is_variable(sides[at + 1]) and kind in _OPPOSITE:
            yield _turned(kind), left  # type: ignore[misc]


def _words_in(test: ast.expr, evaluation: Evaluation, scope: Scope) -> tuple[Plain, ...]:
    """Return the choices in `value in ("a", "b")`."""
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.In):
        return ()
    items = items_of(evaluation.evaluate(test.comparators[0], scope))
    return choices_of(items or ()) if isinstance(test.left, ast.Name) else ()


def _turned(kind: type[ast.cmpop]) -> type[ast.cmpop]:
    """Return the comparison with its sides changed: `0 < x` is `x > 0`."""
    return {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}[kind]


def _is_number(value: Value) -> bool:
    return is_finite(value)


def _is_variable(node: ast.expr) -> bool:
    """Tell whether it is the value itself: of `len(text) > 3` the bound is none of the value."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in {"int", "float"}
    return isinstance(node, ast.Name)


def _bounded(taken: Taken, kind: type[ast.cmpop], value: float) -> Taken:
    if kind in _ABOVE:
        return replace(taken, low=value, low_open=kind is ast.Gt)
    if kind in _BELOW:
        return replace(taken, high=value, high_open=kind is ast.Lt)
    return taken
