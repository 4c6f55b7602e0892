"""What a type or function takes that a program gives as the type of an option."""

import ast

from automl.discovery.option import Kind
from automl.discovery.source.evaluation.calls import Call
from automl.discovery.source.evaluation.definitions import Bound, Class, Function, Partial
from automl.discovery.source.evaluation.values import External, Unknown, Value
from automl.discovery.source.libraries.bounds import within_bounds
from automl.discovery.source.libraries.kinds import (
    YES_NO,
    Taken,
    taken_by_external,
    taken_by_members,
    taken_by_value,
)

_YES_NO_WORDS = (YES_NO, ("True", "False"), ("yes", "no"), ("on", "off"), ("1", "0"))


def taken_by_type(of: Value, call: Call) -> Taken | None:
    """Return what an option of a type takes, None if that cannot be told.

    A function of the program is gone through with a text that is not known: what it returns, the
    words it compares with and the bounds outside of which it raises an error tell.
    """
    if isinstance(of, External):
        return taken_by_external(of.name)
    if isinstance(of, Unknown):
        return taken_by_external(of.origin)
    if isinstance(of, Class):
        return taken_by_members(of)
    if isinstance(of, Partial):
        return _by_partial(of, call)
    function = of.function if isinstance(of, Bound) else of
    return _by_function(of, function, call, {}) if isinstance(function, Function) else None


def _by_partial(of: Partial, call: Call) -> Taken | None:
    if not isinstance(of.function, Function):
        return taken_by_type(of.function, call)
    places = [argument.arg for argument in of.function.node.args.args]
    names = {**dict(zip(places, of.args, strict=False)), **of.keywords}
    return _by_function(of, of.function, call, names)


def _by_function(
    of: Value, function: Function, call: Call, names: dict[str, Value]
) -> Taken | None:
    result = call.evaluation.call(of, call.of(Unknown(str)))
    kind = result.type if isinstance(result, Unknown) else None
    if kind is None and not isinstance(result, bool):
        return None
    taken = taken_by_value(Unknown(kind or bool))
    if taken.choices:
        return Taken(Kind.CHOICE, _words_for_yes_and_no(function.node))
    return within_bounds(Taken(taken.kind), function, names, call.evaluation)


def _words_for_yes_and_no(node: ast.AST) -> tuple[str, str]:
    """Return the words of a yes and a no that a function compares its text with."""
    texts = {
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }
    found = [pair for pair in _YES_NO_WORDS if texts & set(pair)]
    return found[0] if found else YES_NO
