"""What a call of a function of the program gives."""

import ast
from collections.abc import Callable, Sequence

from automl.discovery.source.evaluation.calls import Call
from automl.discovery.source.evaluation.definitions import Function, Scope
from automl.discovery.source.evaluation.syntax.expressions import joined
from automl.discovery.source.evaluation.values import NO_VALUE, UNKNOWN, Unknown, Value

Execute = Callable[[Sequence[ast.stmt], Scope], object]


def result_of(function: Function, call: Call, execute: Execute, this: Value = NO_VALUE) -> Value:
    """Return what a function gives, None if it returns nothing.

    Args:
        function: of the program.
        call: its arguments, the object of a method among them.
        execute: does the statements of its body.
        this: the object whose method it is.
    """
    scope = Scope(function.scope.module, function.scope)
    scope.owner, scope.this = function.owner, this
    _bind(function, call, scope)
    if isinstance(function.node, ast.Lambda):
        return call.evaluation.evaluate(function.node.body, scope)
    execute(function.node.body, scope)
    if scope.yielded is not None:
        return scope.yielded
    return _one_of(scope.returned)


def _one_of(returned: Sequence[Value]) -> Value:
    """Return the one value that a function returns, or what several have in common."""
    if not returned:
        return None
    result = returned[0]
    for other in returned[1:]:
        result = joined(result, other)
    return result


def _bind(function: Function, call: Call, scope: Scope) -> None:
    """Let the parameters of a function stand for the arguments of a call."""
    arguments = function.node.args
    places = [*arguments.posonlyargs, *arguments.args]
    names = scope.names
    defaults = dict(
        zip((one.arg for one in reversed(places)), reversed(function.defaults), strict=False)
    )
    left = dict(call.keywords)
    unknown = UNKNOWN if call.whole else NO_VALUE
    for at, parameter in enumerate(places):
        name = parameter.arg
        if at < len(call.args):
            names[name] = call.args[at]
        else:
            names[name] = _argument(left, name, unknown, defaults.get(name, UNKNOWN))
    if arguments.vararg:
        rest = tuple(call.args[len(places) :])
        names[arguments.vararg.arg] = rest if call.whole else Unknown(tuple)
    for parameter in arguments.kwonlyargs:
        fallback = function.keyword_defaults.get(parameter.arg, UNKNOWN)
        names[parameter.arg] = _argument(left, parameter.arg, unknown, fallback)
    if arguments.kwarg:
        names[arguments.kwarg.arg] = left if call.whole else Unknown(dict)


def _argument(left: dict[str, Value], name: str, unknown: Value, default: Value) -> Value:
    if name in left:
        return left.pop(name)
    # Where not all arguments are known, the default may have been replaced.
    return default if unknown is UNKNOWN else UNKNOWN
