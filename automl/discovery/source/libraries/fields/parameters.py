"""What has a name, a type and a default: a field of a class, or a parameter of a function."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from automl.discovery.source.evaluation.calls import Evaluation
from automl.discovery.source.evaluation.definitions import Class, Function, Instance, Scope
from automl.discovery.source.evaluation.objects.attributes import of_classes
from automl.discovery.source.evaluation.objects.classes import fields_of
from automl.discovery.source.evaluation.objects.enumerations import order_of
from automl.discovery.source.evaluation.values import NO_VALUE, UNKNOWN, Place, Value


@dataclass(frozen=True)
class Parameter:
    """A field or parameter.

    Attributes:
        name: as in the source.
        annotation: the type, evaluated; None if there is none.
        default: `NO_VALUE` if there is none.
        place: its line.
        help: what the source tells of it.
        by_name: whether it cannot be given by its place.
    """

    name: str
    annotation: Value
    default: Value
    place: Place
    help: str = ""
    by_name: bool = False


def parameters_of(of: Value, evaluation: Evaluation) -> Sequence[Parameter]:
    """Return the fields of a data class, or the parameters of a function or of `__init__`."""
    if isinstance(of, Function):
        return _of_function(of.wraps or of, evaluation, skipped=0)
    if not isinstance(of, Class):
        return ()
    begin = of_classes(order_of(of), "__init__")
    if isinstance(begin, Function):
        return _of_function(begin, evaluation, skipped=1)
    return [
        Parameter(name, annotation, field.value, field.place, field.help)
        for name, field in fields_of(of).items()
        if (annotation := annotation_of(field.annotation, field.scope, evaluation)) is not None
    ]


def with_values(parameters: Sequence[Parameter], made: Value) -> list[Parameter]:
    """Return parameters with the defaults that an object of their class has."""
    values = made.attributes if isinstance(made, Instance) else {}
    return [
        Parameter(
            one.name,
            one.annotation,
            values.get(one.name, one.default),
            one.place,
            one.help,
            one.by_name,
        )
        if values.get(one.name, UNKNOWN) is not UNKNOWN
        else one
        for one in parameters
    ]


def _of_function(function: Function, evaluation: Evaluation, *, skipped: int) -> list[Parameter]:
    arguments = function.node.args
    places = [*arguments.posonlyargs, *arguments.args]
    given = len(places) - len(function.defaults)
    found = [
        (one, function.defaults[at - given] if at >= given else NO_VALUE, False)
        for at, one in enumerate(places)
    ][skipped:]
    found += [
        (one, function.keyword_defaults.get(one.arg, NO_VALUE), True)
        for one in arguments.kwonlyargs
    ]
    return [
        Parameter(
            one.arg,
            annotation_of(one.annotation, function.scope, evaluation),
            default,
            Place(function.scope.module.path, one.lineno),
            _told(one.arg, function.doc),
            by_name,
        )
        for one, default, by_name in found
    ]


def _told(name: str, doc: str) -> str:
    """Return what a docstring tells of a parameter, in its first line."""
    match = re.search(
        rf"^\s*(?::param )?{re.escape(name)}(?:\s*\([^)\n]*\))?:[ \t]+(.+)$", doc, re.MULTILINE
    )
    return match[1].strip() if match else ""


def annotation_of(node: ast.expr | None, scope: Scope, evaluation: Evaluation) -> Value:
    """Return the type that an annotation names, also one in quotes; None if there is none."""
    if node is None:
        return None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return UNKNOWN
    return evaluation.evaluate(node, scope)
