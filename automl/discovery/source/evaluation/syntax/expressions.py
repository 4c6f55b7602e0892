"""The value of an expression of a program, as far as reading tells it."""

import ast
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from automl.discovery.source.evaluation.calls import Call, Evaluation
from automl.discovery.source.evaluation.definitions import Function, Scope, Super
from automl.discovery.source.evaluation.natives.names import BUILTINS
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.plain.operators import (
    MISTAKES,
    MOST_ITEMS,
    binary,
    compared,
    is_plain,
    small_format,
    truth,
    unary,
)
from automl.discovery.source.evaluation.syntax.comprehensions import dict_of_rounds, list_of_rounds
from automl.discovery.source.evaluation.syntax.subscripts import item_of
from automl.discovery.source.evaluation.values import (
    NO_VALUE,
    UNKNOWN,
    External,
    Place,
    Unknown,
    Value,
)

_Read = Callable[[Any, Evaluation, Scope], Value]


def value_of(node: ast.expr, evaluation: Evaluation, scope: Scope) -> Value:
    """Return the value of an expression, `Unknown` if only a run would tell."""
    read = _READ.get(type(node))
    return read(node, evaluation, scope) if read else UNKNOWN


def _constant(node: ast.Constant, _evaluation: Evaluation, _scope: Scope) -> Value:
    return node.value


def _name(node: ast.Name, _evaluation: Evaluation, scope: Scope) -> Value:
    value = scope.get(node.id)
    if value is not NO_VALUE:
        return value
    return BUILTINS.get(node.id, Unknown(origin=node.id))


def _attribute(node: ast.Attribute, evaluation: Evaluation, scope: Scope) -> Value:
    return evaluation.attribute(evaluation.evaluate(node.value, scope), node.attr)


def _many(nodes: list[ast.expr], evaluation: Evaluation, scope: Scope) -> tuple[list[Value], bool]:
    """Return the values of the items of a list, and whether these are all of them."""
    values: list[Value] = []
    whole = True
    for node in nodes:
        if isinstance(node, ast.Starred):
            items = items_of(evaluation.evaluate(node.value, scope))
            whole = whole and items is not None
            values += items or ()
        else:
            values.append(evaluation.evaluate(node, scope))
    return values, whole


def _list(node: ast.List, evaluation: Evaluation, scope: Scope) -> Value:
    values, whole = _many(node.elts, evaluation, scope)
    return values if whole else Unknown(list)


def _tuple(node: ast.Tuple, evaluation: Evaluation, scope: Scope) -> Value:
    values, whole = _many(node.elts, evaluation, scope)
    return tuple(values) if whole else Unknown(tuple)


def _set(node: ast.Set, evaluation: Evaluation, scope: Scope) -> Value:
    values, whole = _many(node.elts, evaluation, scope)
    # In the order of the source, which a set would lose.
    return values if whole else Unknown(set)


def _dict(node: ast.Dict, evaluation: Evaluation, scope: Scope) -> Value:
    made: dict[Value, Value] = {}
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = evaluation.evaluate(value_node, scope)
        if key_node is None:
            if not isinstance(value, dict):
                return Unknown(dict)
            made |= value
            continue
        with suppress(TypeError):
            made[evaluation.evaluate(key_node, scope)] = value
    return made


def _binary(node: ast.BinOp, evaluation: Evaluation, scope: Scope) -> Value:
    left = evaluation.evaluate(node.left, scope)
    right = evaluation.evaluate(node.right, scope)
    return binary(left, type(node.op), right)


def _unary(node: ast.UnaryOp, evaluation: Evaluation, scope: Scope) -> Value:
    return unary(type(node.op), evaluation.evaluate(node.operand, scope))


def _bool(node: ast.BoolOp, evaluation: Evaluation, scope: Scope) -> Value:
    """Return `x or 3`: what is not known may be either, so then the value is not known."""
    stops = isinstance(node.op, ast.Or)
    known = True
    value: Value = UNKNOWN
    for part in node.values:
        value = evaluation.evaluate(part, scope)
        is_true = truth(value)
        if is_true is stops and known:
            return value
        known = known and is_true is not None
    return value if known else UNKNOWN


def _compare(node: ast.Compare, evaluation: Evaluation, scope: Scope) -> Value:
    left = evaluation.evaluate(node.left, scope)
    result: Value = True
    for kind, right_node in zip(node.ops, node.comparators, strict=True):
        right = evaluation.evaluate(right_node, scope)
        step = compared(left, type(kind), right)
        if step is False:
            return False
        result = result if step is True else step
        left = right
    return result


def _either(node: ast.IfExp, evaluation: Evaluation, scope: Scope) -> Value:
    test = truth(evaluation.evaluate(node.test, scope))
    if test is not None:
        return evaluation.evaluate(node.body if test else node.orelse, scope)
    one = evaluation.evaluate(node.body, scope)
    other = evaluation.evaluate(node.orelse, scope)
    return joined(one, other)


def joined(one: Value, other: Value) -> Value:
    """Return what a value is that may be either of two: that one if both are alike."""
    if one is other or (is_plain(one) and is_plain(other) and type(one) is type(other)):
        if one == other:
            return one
        return Unknown(type(one))
    types = {value.type if isinstance(value, Unknown) else _type(value) for value in (one, other)}
    return Unknown(types.pop()) if len(types) == 1 else UNKNOWN


def _type(value: Value) -> type | None:
    return type(value) if is_plain(value) and value is not None else None


def _call(node: ast.Call, evaluation: Evaluation, scope: Scope) -> Value:
    function = evaluation.evaluate(node.func, scope)
    if function == External("builtins.super") and not node.args:
        return _super(scope)
    args, whole = _many(node.args, evaluation, scope)
    keywords: dict[str, Value] = {}
    for keyword in node.keywords:
        value = evaluation.evaluate(keyword.value, scope)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
        elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
            keywords |= value
        else:
            whole = False
    place = Place(scope.module.path, node.lineno)
    return evaluation.call(function, Call(evaluation, place, args, keywords, whole))


def _super(scope: Scope) -> Value:
    inner: Scope | None = scope
    while inner is not None:
        if inner.owner is not None and inner.this is not NO_VALUE:
            return Super(inner.owner, inner.this)
        inner = inner.outer
    return UNKNOWN


def _subscript(node: ast.Subscript, evaluation: Evaluation, scope: Scope) -> Value:
    value = evaluation.evaluate(node.value, scope)
    if isinstance(node.slice, ast.Slice):
        parts = (node.slice.lower, node.slice.upper, node.slice.step)
        ends = [None if part is None else evaluation.evaluate(part, scope) for part in parts]
        if not all(one is None or isinstance(one, int) for one in ends):
            return UNKNOWN
        return item_of(value, slice(*ends))
    return item_of(value, evaluation.evaluate(node.slice, scope))


def _lambda(node: ast.Lambda, evaluation: Evaluation, scope: Scope) -> Value:
    return function_of(node, evaluation, scope)


def function_of(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, evaluation: Evaluation, scope: Scope
) -> Function:
    """Return a function of the program with its defaults."""
    arguments = node.args
    return Function(
        node,
        scope,
        tuple(evaluation.evaluate(default, scope) for default in arguments.defaults),
        {
            argument.arg: evaluation.evaluate(default, scope)
            for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if default is not None
        },
        owner=scope.owner,
    )


def _text(node: ast.JoinedStr, evaluation: Evaluation, scope: Scope) -> Value:
    parts = [evaluation.evaluate(part, scope) for part in node.values]
    if all(isinstance(part, str) for part in parts):
        return "".join(map(str, parts))[:MOST_ITEMS]
    return Unknown(str)


def _formatted(node: ast.FormattedValue, evaluation: Evaluation, scope: Scope) -> Value:
    value = evaluation.evaluate(node.value, scope)
    spec = evaluation.evaluate(node.format_spec, scope) if node.format_spec else ""
    if not is_plain(value) or not isinstance(spec, str) or not small_format(spec):
        return Unknown(str)
    with suppress(*MISTAKES):
        shown = repr(value) if node.conversion == ord("r") else value
        return format(shown, spec)
    return Unknown(str)


def _named(node: ast.NamedExpr, evaluation: Evaluation, scope: Scope) -> Value:
    value = evaluation.evaluate(node.value, scope)
    scope.set(node.target.id, value)
    return value


def _await(node: ast.Await | ast.YieldFrom, evaluation: Evaluation, scope: Scope) -> Value:
    return evaluation.evaluate(node.value, scope)


def _yield(node: ast.Yield, evaluation: Evaluation, scope: Scope) -> Value:
    value = evaluation.evaluate(node.value, scope) if node.value else None
    scope.yielded = [*(scope.yielded or []), value]
    return UNKNOWN


_READ: Mapping[type[ast.expr], _Read] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _bool,
    ast.Compare: _compare,
    ast.IfExp: _either,
    ast.Call: _call,
    ast.Subscript: _subscript,
    ast.Lambda: _lambda,
    ast.JoinedStr: _text,
    ast.FormattedValue: _formatted,
    ast.NamedExpr: _named,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _await,
    ast.ListComp: list_of_rounds,
    ast.SetComp: list_of_rounds,
    ast.GeneratorExp: list_of_rounds,
    ast.DictComp: dict_of_rounds,
}
