"""Formulas from parsed Python: the parts that are allowed, and nothing that runs another."""

import ast
import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

DEEPEST = 50
"""How many levels of parentheses, operators and calls may lie within each other."""

WIDEST = 4096
"""How many bits a whole number may have; more is an error, so that no formula takes long."""

Run: TypeAlias = Callable[[Mapping[str, object]], Any]
"""From the values of the names to what a formula gives."""


class NotAllowedError(Exception):
    """A part of a formula is not on the list."""


def built(tree: ast.expr) -> tuple[Run, tuple[str, ...]]:
    """Return a function that computes a parsed formula, and the names in it, in order.

    The function raises KeyError for a missing name, and ArithmeticError, TypeError or ValueError
    for what cannot be computed.

    Raises:
        NotAllowedError: a part of it is not on the list of `ALLOWED`.
    """
    builder = _Builder()
    return builder.part(tree), tuple(builder.names)


class _Builder:
    def __init__(self) -> None:
        self.names: dict[str, None] = {}
        self._depth = 0

    def part(self, node: ast.expr) -> Run:
        build = _PARTS.get(type(node))
        if build is None:
            raise NotAllowedError(f"{_written(node)!r} is not allowed")
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotAllowedError(f"it is nested more than {DEEPEST} levels deep")
        run = build(self, node)
        self._depth -= 1
        return run

    def parts(self, nodes: Iterable[ast.expr]) -> list[Run]:
        return [self.part(node) for node in nodes]


def _constant(_: _Builder, node: Any) -> Run:  # noqa: ANN401
    value = node.value
    if value is not None and not isinstance(value, bool | int | float | str):
        raise NotAllowedError(f"{value!r} is not allowed")
    return lambda _: value


def _name(builder: _Builder, node: Any) -> Run:  # noqa: ANN401
    name = node.id
    builder.names[name] = None
    return lambda values: values[name]


def _items(builder: _Builder, node: Any) -> Run:  # noqa: ANN401
    items = builder.parts(node.elts)
    return lambda values: [run(values) for run in items]


def _choice(builder: _Builder, node: Any) -> Run:  # noqa: ANN401
    test, then, other = builder.parts((node.test, node.body, node.orelse))
    return lambda values: then(values) if test(values) else other(values)


def _junction(builder: _Builder, node: Any) -> Run:  # noqa: ANN401
    *before, last = builder.parts(node.values)
    decides = operator.not_ if isinstance(node.op, ast.And) else operator.truth

    def run(values: Mapping[str, object]) -> object:
        for part in before:
            found = part(values)
            if decides(found):
                return found
        return last(values)

    return run


def _unary(builder: _Builder, node: Any) -> Run:  # noqa: ANN401
    run = builder.part(node.operand)
    if isinstance(node.op, ast.Not):
        return lambda values: not run(values)
    if isinstance(node.op, ast.USub):
        return lambda values: -_number(run(values))
    if isinstance(node.op, ast.UAdd):
        return lambda values: _number(run(values))
    raise NotAllowedError("'~' is not allowed")


def _binary(builder: _Builder, node: Any) -> Run:  # noqa: ANN401
    left, right = builder.parts((node.left, node.right))
    operation = _OPERATIONS.get(type(node.op))
    if operation is None:
        raise NotAllowedError(f"the operator in {_written(node)!r} is not allowed")
    return lambda values: _bounded(operation(_number(left(values)), _number(right(values))))


def _comparison(builder: _Builder, node: Any) -> Run:  # noqa: ANN401
    parts = builder.parts((node.left, *node.comparators))
    operations = []
    for kind in node.ops:
        if type(kind) not in _COMPARISONS:
            raise NotAllowedError("'is' is not allowed, use '=='")
        operations.append(_COMPARISONS[type(kind)])
    if len(operations) == 1:
        (compare,), (left, right) = operations, parts
        return lambda values: compare(left(values), right(values))

    def chain(values: Mapping[str, object]) -> bool:
        found = parts[0](values)
        for compare, part in zip(operations, parts[1:], strict=True):
            before, found = found, part(values)
            if not compare(before, found):
                return False
        return True

    return chain


def _call(builder: _Builder, node: Any) -> Run:  # noqa: ANN401
    name = node.func.id if isinstance(node.func, ast.Name) else _written(node.func)
    if not isinstance(node.func, ast.Name) or name not in _FUNCTIONS:
        raise NotAllowedError(f"a call of {name!r} is not allowed")
    if node.keywords or any(isinstance(item, ast.Starred) for item in node.args):
        raise NotAllowedError(f"{name} takes plain values only")
    function = _FUNCTIONS[name]
    items = builder.parts(node.args)
    return lambda values: _bounded(function(*[run(values) for run in items]))


def _written(node: ast.expr) -> str:
    """Return the text of a part, which may be nested more deeply than can be written out."""
    try:
        return ast.unparse(node)
    except RecursionError:
        return "..."


def _number(value: object) -> Any:  # noqa: ANN401 - a number
    """Return `value` if one can compute with it: `'a' * 10**9` would fill the memory."""
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    return value


def _bounded(value: object) -> object:
    """Return a result that is not too large to go on with."""
    if isinstance(value, complex):
        raise ValueError("it has no real value")  # noqa: TRY004 - the square root of a negative
    if isinstance(value, int) and value.bit_length() > WIDEST:
        raise OverflowError("a number grows too large")
    return value


def _power(base: Any, exponent: Any) -> Any:  # noqa: ANN401 - numbers
    whole = isinstance(base, int) and isinstance(exponent, int)
    if whole and base.bit_length() * abs(exponent) > WIDEST:
        raise OverflowError("a number grows too large")
    return base**exponent


def _rounded(value: object, digits: object = None) -> object:
    number = _number(value)
    if digits is None:
        return round(number)
    if type(digits) is not int or abs(digits) > _DIGITS:  # 10**-digits is computed inside
        raise ValueError(f"round to {digits!r} digits is not possible")
    return round(number, digits)


_DIGITS = 400

_PARTS: Mapping[type[ast.expr], Callable[[_Builder, Any], Run]] = {
    ast.BinOp: _binary,
    ast.BoolOp: _junction,
    ast.Call: _call,
    ast.Compare: _comparison,
    ast.Constant: _constant,
    ast.IfExp: _choice,
    ast.List: _items,
    ast.Name: _name,
    ast.Tuple: _items,
    ast.UnaryOp: _unary,
}

_OPERATIONS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
}

_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: operator.contains(right, left),
    ast.NotIn: lambda left, right: not operator.contains(right, left),
}

_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "exp": math.exp,
    "len": len,
    "log": math.log,
    "max": max,
    "min": min,
    "round": _rounded,
    "sqrt": math.sqrt,
}

ALLOWED = (
    "allowed: names, numbers, texts in quotes, True, False, None, lists, and, or, not, "
    f"== != < <= > >=, in, + - * / // % **, if-else, and the functions {', '.join(_FUNCTIONS)}"
)
