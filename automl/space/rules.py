"""Rules between parameters, such as `n * d <= 200`."""

from collections.abc import Iterable

from automl.errors import SpecError
from automl.space.expression import Expression
from automl.space.values import Params


def rules_of(given: object, names: Iterable[str]) -> tuple[Expression, ...]:
    """Return the rules that a user gave, checked.

    Args:
        given: a list of expressions.
        names: the parameters that they may name.

    Raises:
        SpecError: it is no list, or one of them cannot be a rule over these names.
    """
    if not isinstance(given, list | tuple):
        raise SpecError(f"rules must be a list of texts such as ['n * d <= 200'], got {given!r}")
    known = tuple(names)
    rules = tuple(Expression(text, "rule", truth=True, known=known) for text in given)
    for rule in rules:
        rule.check_names(known)
        if not rule.names:
            raise SpecError(f"rule {rule.text!r} names no parameter; known: {', '.join(known)}")
    return rules


def holds(rule: Expression, params: Params) -> bool:
    """Tell whether a rule holds; it does where a parameter that it names is not in use.

    It does not where it cannot be computed.
    """
    if any(name not in params for name in rule.names):
        return True
    try:
        return bool(rule.evaluate(params))
    except SpecError:
        return False


def broken(rule: Expression, params: Params) -> str:
    """Return in one line how `params` break a rule, '' if they keep it."""
    if holds(rule, params):
        return ""
    try:
        rule.evaluate(params)
    except SpecError as error:
        return str(error)
    values = ", ".join(f"{name}={params[name]!r}" for name in rule.names)
    return f"rule {rule.text!r} does not hold with {values}"
