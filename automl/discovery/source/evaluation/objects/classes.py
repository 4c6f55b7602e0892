"""Classes of the program, and their objects."""

from collections.abc import Callable
from dataclasses import replace

from automl.discovery.source.evaluation.calls import Call, Thing
from automl.discovery.source.evaluation.definitions import (
    Bound,
    Class,
    Field,
    Function,
    Instance,
)
from automl.discovery.source.evaluation.objects.attributes import default_of, of_classes
from automl.discovery.source.evaluation.objects.enumerations import members_of, order_of
from automl.discovery.source.evaluation.values import (
    NO_VALUE,
    UNKNOWN,
    External,
    Member,
    Value,
)

Library = Callable[[str], Callable[[Call], Value] | None]
"""Gives what is known of a function or class of a library, by its dotted name."""


def object_of(of: Class, call: Call, library: Library) -> Value:
    """Return the object that a call of a class makes, its `__init__` gone through."""
    members = members_of(of)
    if members is not None:
        wanted = call.given("value", 0, NO_VALUE)
        found = [one for one in members if isinstance(one, Member) and one.value == wanted]
        return found[0] if found else UNKNOWN
    made = Instance(of)
    begin = of_classes(order_of(of), "__init__")
    base = _base(of, library)
    if base is not None:
        # A class of a library in the middle: what it makes is there before its own `__init__`.
        made.base = _base_object(base, of, call, own_init=begin is not NO_VALUE)
    if isinstance(begin, Function):
        call.evaluation.call(Bound(begin, made), call)
    elif made.base is None:
        made.attributes |= _field_values(of, call)
    return made


def _base(of: Class, library: Library) -> Callable[[Call], Value] | None:
    for one in order_of(of):
        for base in one.bases:
            if isinstance(base, External) and (known := library(base.name)):
                return known
    return None


def _base_object(known: Callable[[Call], Value], of: Class, call: Call, *, own_init: bool) -> Value:
    inner = call.of() if own_init else replace(call)
    inner.derived = of
    made = known(inner)
    return made if isinstance(made, Thing) else None


def _field_values(of: Class, call: Call) -> dict[str, Value]:
    """Return what the fields of a data class stand for in an object of it."""
    fields = fields_of(of)
    given = dict(zip(fields, call.args, strict=False)) | dict(call.keywords)
    return {name: given.get(name, default_value(field)) for name, field in fields.items()} | {
        name: value for name, value in call.keywords.items() if name not in fields
    }


def fields_of(of: Class) -> dict[str, Field]:
    """Return the fields of a class by their names, those of the classes above it first."""
    found: dict[str, Field] = {}
    for one in reversed(order_of(of)):
        found |= one.fields
        for name, value in one.scope.names.items():
            # A default may be given anew without an annotation.
            if name in found and name not in one.fields:
                old = found[name]
                found[name] = Field(old.annotation, old.scope, old.place, value, old.help)
    return found


def default_value(field: Field) -> Value:
    """Return the default of a field, `UNKNOWN` if it has none."""
    return UNKNOWN if field.value is NO_VALUE else default_of(field.value)
