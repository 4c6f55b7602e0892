"""What stands behind the dot: an attribute of a module, a class, an object or plain data."""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

from automl.discovery.source.evaluation.calls import Call, Evaluation, Native, Thing
from automl.discovery.source.evaluation.definitions import (
    Bound,
    Class,
    Function,
    Instance,
    Module,
    Super,
)
from automl.discovery.source.evaluation.natives.names import CONSTANTS
from automl.discovery.source.evaluation.objects.enumerations import member_of, members_of, order_of
from automl.discovery.source.evaluation.plain.methods import method
from automl.discovery.source.evaluation.values import (
    NO_VALUE,
    UNKNOWN,
    External,
    Generic,
    Member,
    Unknown,
    Value,
)

_SAME_PATH = {"resolve", "absolute", "expanduser", "as_posix"}
_PATH_PARTS = {"name", "stem", "suffix", "parent"}


def attribute_of(value: Value, name: str, evaluation: Evaluation) -> Value:
    """Return an attribute of a value, `Unknown` if only a run would tell."""
    read = _READ.get(type(value))
    if read is not None:
        return read(value, name, evaluation)
    return value.attribute(name) if isinstance(value, Thing) else method(value, name)


def _of_external(value: External, name: str, _evaluation: Evaluation) -> Value:
    dotted = f"{value.name}.{name}"
    return CONSTANTS.get(dotted, External(dotted))


def _of_unknown(value: Unknown, name: str, _evaluation: Evaluation) -> Value:
    return Unknown(origin=f"{value.origin}.{name}" if value.origin else "")


def _of_module(value: Module, name: str, _evaluation: Evaluation) -> Value:
    return value.scope.names.get(name, Unknown(origin=name))


def _of_class(value: Class, name: str, _evaluation: Evaluation) -> Value:
    if name == "__name__":
        return value.name
    if name == "__members__":
        return {one.name: one for one in members_of(value) or () if isinstance(one, Member)}
    if name in {"__annotations__", "__dataclass_fields__"}:
        return {key: one for own in order_of(value) for key, one in own.fields.items()}
    member = member_of(value, name)
    if member is not None:
        return member
    found = of_classes(order_of(value), name)
    if isinstance(found, Function) and "classmethod" in found.decorators:
        return Bound(found, value)
    return UNKNOWN if found is NO_VALUE else default_of(found)


def of_classes(classes: list[Class], name: str) -> Value:
    """Return what the first class that has a name gives it, `NO_VALUE` if none has."""
    return next((one.scope.names[name] for one in classes if name in one.scope.names), NO_VALUE)


def default_of(value: Value) -> Value:
    """Return what a name in a class stands for: the default of a `field(default=3)`."""
    return value.attribute("default") if isinstance(value, Thing) and _is_field(value) else value


def _is_field(value: Thing) -> bool:
    return getattr(value, "is_field", False) is True


def _of_instance(value: Instance, name: str, evaluation: Evaluation) -> Value:
    if name == "__dict__":
        return dict(value.attributes)
    if name == "__class__":
        return value.of or UNKNOWN
    if name in value.attributes:
        return value.attributes[name]
    if value.of is None:
        return UNKNOWN
    return _bound(of_classes(order_of(value.of), name), name, value, evaluation)


def _bound(found: Value, name: str, value: Instance, evaluation: Evaluation) -> Value:
    """Return what a name of a class is for one of its objects."""
    if isinstance(found, Function):
        if "staticmethod" in found.decorators:
            return found
        bound = Bound(found, value.of if "classmethod" in found.decorators else value)
        is_value = {"property", "functools.cached_property"} & set(found.decorators)
        return evaluation.call(bound, Call(evaluation, found.place)) if is_value else bound
    if found is not NO_VALUE:
        return default_of(found)
    return value.base.attribute(name) if isinstance(value.base, Thing) else UNKNOWN


def _of_super(value: Super, name: str, evaluation: Evaluation) -> Value:
    this = value.this
    own = this.of if isinstance(this, Instance) else this
    if not isinstance(own, Class):
        return UNKNOWN
    order = order_of(own)
    above = order[order.index(value.owner) + 1 :] if value.owner in order else []
    found = of_classes(above, name)
    if isinstance(this, Instance):
        return _bound(found, name, this, evaluation)
    return Bound(found, this) if isinstance(found, Function) else UNKNOWN


def _of_function(value: Function, name: str, _evaluation: Evaluation) -> Value:
    return {"__name__": value.name, "__doc__": value.doc}.get(name, Unknown(origin=name))


def _of_member(value: Member, name: str, _evaluation: Evaluation) -> Value:
    if name in {"name", "value"}:
        return value.name if name == "name" else value.value
    return method(value.value, name)


def _of_path(value: PurePosixPath, name: str, _evaluation: Evaluation) -> Value:
    if name in _PATH_PARTS:
        part: Value = getattr(value, name)
        return part
    if name in _SAME_PATH:
        return Native(lambda _call: value)
    if name == "joinpath":
        return Native(lambda call: value.joinpath(*(str(one) for one in call.args)))
    return UNKNOWN


def _of_generic(value: Generic, name: str, evaluation: Evaluation) -> Value:
    return attribute_of(value.of, name, evaluation)


_READ: Mapping[type, Callable[[Any, str, Evaluation], Value]] = {
    External: _of_external,
    Unknown: _of_unknown,
    Module: _of_module,
    Class: _of_class,
    Instance: _of_instance,
    Super: _of_super,
    Function: _of_function,
    Member: _of_member,
    Generic: _of_generic,
    PurePosixPath: _of_path,
}
