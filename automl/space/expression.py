"""Expressions: what a user writes as a rule, a condition or a constraint."""

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from automl.errors import SpecError
from automl.quiet import muted
from automl.registry import did_you_mean
from automl.space.formula import ALLOWED, NotAllowedError, built

LONGEST = 1000
"""How many characters an expression may have."""


class Expression:
    """A formula such as `n * d <= 200`, checked when it is made.

    Python's syntax, of which this is allowed: names, numbers, texts, True, False, None, lists and
    tuples; `and`, `or`, `not`; comparisons, also chained, `in` and `not in`; `+ - * / // % **`
    on numbers; `a if c else b`; calls of abs, exp, len, log, max, min, round and sqrt. Nothing
    else is there: no attributes, no other calls, no items. The text is parsed, never compiled or
    handed to Python to run, and its numbers cannot grow without bounds.

    Args:
        text: the formula, at most 1,000 characters.
        what: what it is, for messages ("rule", "constraint", "parameter 'x': when").
        truth: whether it must answer yes or no, as a rule must: its outermost part is then a
            comparison, `and`, `or`, `not`, or a name.

    Attributes:
        names: the names in it, each once, in the order in which they come.
        tree: the parsed formula, for those who want its parts; not to be changed.

    Raises:
        SpecError: the text is no such formula; the message names the part that is not allowed.

    >>> Expression("opt == 'sgd' and depth > 2", "rule").evaluate({"opt": "sgd", "depth": 3})
    True
    """

    __slots__ = ("_run", "_truth", "names", "text", "tree", "what")

    def __init__(self, text: str, what: str, *, truth: bool = False) -> None:
        self.what = what
        self.text = text.strip() if isinstance(text, str) else text
        self._truth = truth
        self.tree = _parsed(self.text, what)
        if truth and not _answers(self.tree):
            raise SpecError(
                f"{what} {self.text!r} does not answer yes or no; "
                "compare two things in it, as in 'n * d <= 200'"
            )
        try:
            self._run, self.names = built(self.tree)
        except NotAllowedError as error:
            raise SpecError(f"{what} {self.text!r}: {error}; {ALLOWED}") from None

    def evaluate(self, values: Mapping[str, object]) -> Any:  # noqa: ANN401 - whatever it gives
        """Return what the formula gives for `values`.

        Raises:
            KeyError: `values` lacks one of `names`.
            SpecError: it cannot be computed for these values (a division by zero, a text
                compared with a number, a number that grows too large).
        """
        try:
            return self._run(values)
        except (ArithmeticError, TypeError, ValueError) as error:
            given = ", ".join(f"{name}={values[name]!r}" for name in self.names) or "no names"
            raise SpecError(
                f"{self.what} {self.text!r} cannot be computed with {given}: {error}"
            ) from error

    def check_names(self, known: Iterable[str]) -> None:
        """Raise SpecError for a name that is not among `known`; the message lists these."""
        allowed = list(known)
        for name in self.names:
            if name not in allowed:
                raise SpecError(
                    f"{self.what} {self.text!r}: the name {name!r} is unknown"
                    f"{meant_instead(name, allowed)}; "
                    f"known names: {', '.join(allowed) or 'none'}"
                )

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[Callable[..., "Expression"], tuple[str, str, bool]]:
        return _again, (self.text, self.what, self._truth)


def meant_instead(name: str, known: Iterable[str]) -> str:
    """Return what an unknown name in a formula may be, in parentheses: a known one, or a text."""
    return did_you_mean(name, known) or f" (if it is a text, write {name!r} in quotes)"


def _again(text: str, what: str, truth: bool) -> Expression:  # noqa: FBT001 - as pickle calls it
    return Expression(text, what, truth=truth)


def _parsed(text: object, what: str) -> ast.expr:
    if not isinstance(text, str) or not text:
        raise SpecError(f"{what} must be a text such as 'n * d <= 200', got {text!r}")
    if len(text) > LONGEST:
        raise SpecError(f"{what} {text[:40]!r}... has {len(text)} characters, over {LONGEST}")
    try:
        with muted(Warning):  # about odd escapes: not this module's business
            tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else error
        raise SpecError(f"{what} {text!r} cannot be read ({reason}); {ALLOWED}") from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            # Python reads the µ of a keyboard as the Greek letter, which is another name.
            node.id = ast.get_source_segment(text, node) or node.id
    return tree


def _answers(node: ast.expr) -> bool:
    """Tell whether an expression may be a rule: a sum, a text or a list is a slip."""
    if isinstance(node, ast.IfExp):
        return _answers(node.body) and _answers(node.orelse)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, bool)
    return isinstance(node, ast.BoolOp | ast.Compare | ast.Name)
