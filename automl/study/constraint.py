"""A constraint on the metrics of a trial, such as `latency_ms <= 20`."""

import ast
import functools
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from automl.errors import SpecError
from automl.space.expression import Expression
from automl.space.numbers import is_number
from automl.space.written_names import is_word

_WHAT = "constraint"

_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.LtE: "<=",
    ast.Lt: "<",
    ast.GtE: ">=",
    ast.Gt: ">",
    ast.Eq: "==",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides, and how they must compare."""

    left: Expression
    operator: str
    right: Expression

    def excess(self, finals: Mapping[str, float]) -> float:
        """Return by how much the sides compare wrongly, 0 if rightly, NaN where they have no value.

        Equal sides of a `<` or `>` fail by the smallest float above 0.
        """
        try:
            gap = _number(self.left.evaluate(finals)) - _number(self.right.evaluate(finals))
        except (OverflowError, SpecError, TypeError):
            return math.nan
        if self.operator == "==":
            return abs(gap)
        over = gap if self.operator in {"<=", "<"} else -gap
        if over == 0 and self.operator in {"<", ">"}:
            return math.ulp(0.0)
        return over if math.isnan(over) else max(over, 0.0)


@dataclass(frozen=True, slots=True)
class Constraint:
    """Comparisons that must all hold.

    Attributes:
        text: as it was given.
        names: the metrics that it names, in the order of their first use.
        comparisons: at least one.
    """

    text: str
    names: tuple[str, ...]
    comparisons: tuple[Comparison, ...]

    def violation(self, finals: Mapping[str, float]) -> float:
        """Return the sum of what the comparisons fail by, 0 if all hold, at most the largest float.

        A metric that is missing or not finite, or a side without a value, fails by the largest
        float: finite, so that it can be written as JSON and orders last.
        """
        known = all(math.isfinite(finals.get(name, math.nan)) for name in self.names)
        amount = sum(one.excess(finals) for one in self.comparisons) if known else math.nan
        return min(amount, sys.float_info.max) if amount >= 0 else sys.float_info.max


@functools.lru_cache(maxsize=256)
def parse_constraint(text: str, known: tuple[str, ...] = ()) -> Constraint:
    """Return the constraint that `text` is.

    Allowed are comparisons with `<=`, `<`, `>=`, `>` and `==`, also in a chain (`1 <= x <= 3`),
    joined by `and`. A side is any expression of metrics and numbers.

    Args:
        text: the constraint.
        known: names of metrics that are no words, such as `eval-auc`, which are read as written.

    Raises:
        SpecError: it is nothing of this kind, or names no metric.
    """
    known = _longest_of(known, text)
    whole = Expression(text, _WHAT, known=known)
    if not whole.names:
        raise SpecError(
            f"{_WHAT} {whole.text!r} names no metric; write one such as 'latency_ms <= 20'"
        )
    parts = tuple(
        Comparison(_side(left, known), operator, _side(right, known))
        for left, operator, right in _comparisons(whole.tree)
    )
    return Constraint(whole.text, whole.names, parts)


def odd_names(names: Iterable[str], constraints: Iterable[str]) -> tuple[str, ...]:
    """Return those of some metrics' names that are no words and may stand in constraints.

    >>> odd_names(["eval-auc", "ms", "val/loss"], ["eval-auc > 0.5 and ms < 2"])
    ('eval-auc',)
    """
    texts = list(constraints)
    odd = {name for name in names if not is_word(name) and any(name in text for text in texts)}
    return tuple(sorted(odd))


def _longest_of(names: Iterable[str], text: str) -> tuple[str, ...]:
    """Return the names that stand in a text, without those that only begin or end another one."""
    found = []
    for name in sorted(names, key=len, reverse=True):
        if name in text:
            found.append(name)
            text = text.replace(name, " ")
    return tuple(found)


def _side(node: ast.expr, known: tuple[str, ...]) -> Expression:
    return Expression(ast.unparse(node), _WHAT, known=known)


def _comparisons(node: ast.expr) -> Iterator[tuple[ast.expr, str, ast.expr]]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for part in node.values:
            yield from _comparisons(part)
    elif isinstance(node, ast.Compare) and all(type(op) in _OPERATORS for op in node.ops):
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
            yield left, _OPERATORS[type(operator)], right
    else:
        raise SpecError(
            f"{_WHAT}: {ast.unparse(node)!r} is no comparison; allowed are "
            f"{', '.join(_OPERATORS.values())} between metrics and numbers, joined by 'and', "
            "such as 'latency_ms <= 20 and accuracy > 0.9'"
        )


def _number(value: object) -> float:
    if not is_number(value):
        raise TypeError(value)
    return float(value)
