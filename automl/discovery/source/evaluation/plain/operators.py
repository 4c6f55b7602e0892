"""Operators on plain data, where the result is small."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from automl.discovery.source.evaluation.values import (
    UNKNOWN,
    External,
    Generic,
    Member,
    Unknown,
    Value,
)
from automl.space.numbers import is_number

MOST_ITEMS = 50_000
"""Longer lists and texts are not made."""

_MOST_BITS = 4_096
MISTAKES = (ArithmeticError, TypeError, ValueError, LookupError, AttributeError, MemoryError)

"""What an operation on values of the wrong kind raises."""

_WIDE = re.compile(r"\d{4}|\*|:[^}]*\{")

_Binary = Callable[[Any, Any], Value]

_BINARY: Mapping[type[ast.operator], _Binary] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
}

_COMPARED: Mapping[type[ast.cmpop], _Binary] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
    ast.Is: lambda one, other: one is other or (one == other and type(one) is type(other)),
    ast.IsNot: lambda one, other: not (one is other or (one == other and type(one) is type(other))),
}

_UNARY: Mapping[type[ast.unaryop], Callable[[Any], Value]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}

_PLAIN = (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, range)
_TYPES = (External, Generic)
_NAMED = (External, Generic, Member)
_SAME: Mapping[type[ast.cmpop], bool] = {
    ast.Eq: True,
    ast.Is: True,
    ast.NotEq: False,
    ast.IsNot: False,
}
_PATHS = (str, PurePosixPath)


def is_plain(value: Value) -> bool:
    """Tell whether a value is plain data, and all in it, as deep as anybody writes them."""
    if value is None or isinstance(value, (bool, int, float, str, bytes, range, complex)):
        return True
    if isinstance(value, dict):
        return all(map(is_plain, value)) and all(map(is_plain, value.values()))
    return isinstance(value, (list, tuple, set, frozenset)) and all(map(is_plain, value))


def truth(value: Value) -> bool | None:
    """Return whether a value counts as true, None if that is not known."""
    if value is None or isinstance(value, _PLAIN):
        return bool(value)
    return None if not isinstance(value, Member) else True


def binary(left: Value, kind: type[ast.operator], right: Value) -> Value:
    """Return what an operator gives, `Unknown` with its type where a value is not known."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return Unknown(_type(left, kind, right))
    if kind is ast.BitOr and (isinstance(left, _TYPES) or isinstance(right, _TYPES)):
        return Generic(External("typing.Union"), (left, right))
    if kind is ast.Div and isinstance(left, PurePosixPath) and isinstance(right, _PATHS):
        return left / right
    if isinstance(left, _PLAIN) and isinstance(right, _PLAIN) and not _too_large(left, kind, right):
        with suppress(*MISTAKES):
            return _BINARY[kind](left, right)
    return UNKNOWN


def unary(kind: type[ast.unaryop], value: Value) -> Value:
    """Return what an operator before a value gives."""
    if kind is ast.Not:
        known = truth(value)
        return Unknown(bool) if known is None else not known
    if is_number(value) or isinstance(value, bool):
        with suppress(*MISTAKES):
            return _UNARY[kind](value)
    return Unknown(value.type) if isinstance(value, Unknown) else UNKNOWN


def compared(left: Value, kind: type[ast.cmpop], right: Value) -> Value:
    """Return what a comparison gives."""
    if kind in {ast.Is, ast.IsNot} and (left is None or right is None):
        known = not isinstance(left, Unknown) and not isinstance(right, Unknown)
        return (left is right) == (kind is ast.Is) if known else Unknown(bool)
    if isinstance(left, _NAMED) and isinstance(right, _NAMED) and kind in _SAME:
        return (left == right) == _SAME[kind]
    if is_plain(left) and is_plain(right):
        with suppress(*MISTAKES):
            return bool(_COMPARED[kind](left, right))
    return Unknown(bool)


def _type(left: Value, kind: type[ast.operator], right: Value) -> type | None:
    """Return the type of a number or text that is made of one that is not known."""
    types = {one.type if isinstance(one, Unknown) else type(one) for one in (left, right)}
    if kind is ast.Mod and isinstance(left, str):
        return str
    if types <= {int, float} and (kind is ast.Div or float in types):
        return float
    return types.pop() if len(types) == 1 else None


def _too_large(left: Value, kind: type[ast.operator], right: Value) -> bool:
    """Tell whether a result would take much memory: `[0] * 10**9`, `2**10**9`, `'%999999999d'`."""
    if kind is ast.Mod and isinstance(left, (str, bytes)):
        return not small_format(str(left))
    if isinstance(left, int) and isinstance(right, int):
        return _bits(left, kind, right) > _MOST_BITS
    if kind is ast.Mult:
        return _size(left) * _size(right) > MOST_ITEMS
    return kind is ast.Add and _size(left) + _size(right) > MOST_ITEMS


def _bits(left: int, kind: type[ast.operator], right: int) -> int:
    """Return about how many bits an operator gives for two integers."""
    if kind is ast.Pow:
        return left.bit_length() * min(abs(right), _MOST_BITS + 1)
    if kind is ast.LShift:
        return left.bit_length() + abs(right)
    return left.bit_length() + right.bit_length()


def _size(value: Value) -> int:
    if isinstance(value, int):
        return min(abs(value), MOST_ITEMS + 1)
    return len(value) if isinstance(value, (str, bytes, list, tuple)) else 1


def small_format(template: str) -> bool:
    """Tell whether a template asks for no wide column, as `'%999999999d'` and `'{:{}}'` may."""
    return _WIDE.search(template) is None
