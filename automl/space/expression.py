"""Expressions: what a user writes as a rule, a condition or a constraint."""

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from automl.errors import SpecError
from automl.quiet import muted
from automl.registry import did_you_mean
from automl.space.formula import ALLOWED, NotAllowedError, built
from automl.space.written_names import (
    may_be_odd,
    names_in_formula,
    near_name,
    refuse_ambiguous,
)

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
        known: the names that it may have. Those that are no Python words, such as `batch-size`,
            are read as the names that they are, and so are all behind `trial.param.`. If None,
            they are told later, to `reading`, and a text that may be right then is not refused.

    Attributes:
        names: the names in it, each once, in the order in which they come.
        tree: the parsed formula, for those who want its parts; not to be changed.

    Raises:
        SpecError: the text is no such formula; the message names the part that is not allowed.

    >>> Expression("opt == 'sgd' and depth > 2", "rule").evaluate({"opt": "sgd", "depth": 3})
    True
    """

    __slots__ = ("_known", "_problem", "_run", "_truth", "names", "text", "tree", "what")

    def __init__(
        self, text: str, what: str, *, truth: bool = False, known: Iterable[str] | None = ()
    ) -> None:
        self.what = what
        self.text = text.strip() if isinstance(text, str) else text
        self._truth = truth
        self._known = None if known is None else tuple(known)
        self._problem: SpecError | None = None
        self.names: tuple[str, ...] = ()
        try:
            self._read()
        except SpecError as error:
            if self._known is not None or not may_be_odd(str(text)):
                raise
            self._problem = error

    def reading(self, known: Sequence[str]) -> "Expression":
        """Return the same formula over known names; itself if that makes no difference.

        Raises:
            SpecError: it is none, or a name in it has two meanings.
        """
        if self._problem is None and not any(names_in_formula(self.text, known)):
            return self
        return Expression(self.text, self.what, truth=self._truth, known=known)

    def _read(self) -> None:
        what, truth = self.what, self._truth
        self.tree = _parsed(self.text, what, self._known or ())
        if truth and not _answers(self.tree):
            raise SpecError(
                f"{what} {self.text!r} does not answer yes or no; "
                "compare two things in it, as in 'n * d <= 200'"
            )
        try:
            self._run, self.names = built(self.tree)
        except NotAllowedError as error:
            hint = _hint(self.text, self._known or ())
            raise SpecError(f"{what} {self.text!r}: {error}{hint}; {ALLOWED}") from None

    def evaluate(self, values: Mapping[str, object]) -> Any:  # noqa: ANN401 - whatever it gives
        """Return what the formula gives for `values`.

        Raises:
            KeyError: `values` lacks one of `names`.
            SpecError: it cannot be computed for these values (a division by zero, a text
                compared with a number, a number that grows too large), or was not read, as its
                names are not known yet.
        """
        if self._problem:
            raise self._problem
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
                near = near_name(self.text, allowed)
                asked = near[0] if near else name
                hint = f" (did you mean {near[1]!r}?)" if near else meant_instead(name, allowed)
                raise SpecError(
                    f"{self.what} {self.text!r}: the name {asked!r} is unknown{hint}; "
                    f"known names: {', '.join(allowed) or 'none'}"
                )

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[Callable[..., "Expression"], tuple[object, ...]]:
        return _again, (self.text, self.what, self._truth, self._known)


def meant_instead(name: str, known: Iterable[str]) -> str:
    """Return what an unknown name in a formula may be, in parentheses: a known one, or a text."""
    return did_you_mean(name, known) or f" (if it is a text, write {name!r} in quotes)"


def _again(text: str, what: str, truth: bool, known: Sequence[str] | None) -> Expression:  # noqa: FBT001 - as pickle calls it
    return Expression(text, what, truth=truth, known=known)


def _parsed(text: object, what: str, known: Sequence[str]) -> ast.expr:
    if not isinstance(text, str) or not text:
        raise SpecError(f"{what} must be a text such as 'n * d <= 200', got {text!r}")
    if len(text) > LONGEST:
        raise SpecError(f"{what} {text[:40]!r}... has {len(text)} characters, over {LONGEST}")
    source, names = _with_words(text, what, known)
    try:
        with muted(Warning):  # about odd escapes: not this module's business
            tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else error
        hint = _hint(text, known)
        raise SpecError(f"{what} {text!r} cannot be read ({reason}){hint}; {ALLOWED}") from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            # Python reads the µ of a keyboard as the Greek letter, which is another name.
            word = ast.get_source_segment(source, node) or node.id
            node.id = names.get(word, word)
    return tree


def _hint(text: str, known: Sequence[str]) -> str:
    near = near_name(text, known)
    return f"; did you mean {near[1]!r} by {near[0]!r}?" if near else ""


def _with_words(text: str, what: str, known: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return a formula with a word in place of each odd name, and the names by these words."""
    parts: list[str] = []
    names: dict[str, str] = {}
    end = 0
    for found in names_in_formula(text, known):
        try:
            refuse_ambiguous(found, text)
        except SpecError as error:
            raise SpecError(f"{what} {text!r}: {error}") from None
        word = f"_name{len(names)}_"
        names[word] = found.name
        parts += [text[end : found.start], word]
        end = found.end
    return "".join([*parts, text[end:]]), names


def _answers(node: ast.expr) -> bool:
    """Tell whether an expression may be a rule: a sum, a text or a list is a slip."""
    if isinstance(node, ast.IfExp):
        return _answers(node.body) and _answers(node.orelse)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, bool)
    return isinstance(node, ast.BoolOp | ast.Compare | ast.Name)
