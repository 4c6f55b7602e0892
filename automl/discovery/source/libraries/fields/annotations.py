"""What an option takes whose type is an annotation: `Literal["a", "b"]`, `float | None`."""

from dataclasses import dataclass, replace

from automl.discovery.option import Kind
from automl.discovery.source.evaluation.definitions import Class
from automl.discovery.source.evaluation.objects.enumerations import members_of
from automl.discovery.source.evaluation.values import (
    NO_VALUE,
    External,
    Generic,
    Unknown,
    Value,
)
from automl.discovery.source.libraries.kinds import (
    Taken,
    choices_of,
    taken_by_external,
    taken_by_members,
    taken_by_value,
)

_UNIONS = {"Optional", "Union"}
_WRAPPERS = {
    "Final",
    "InitVar",
    "Required",
    "NotRequired",
    "Positional",
    "Suppress",
    "FlagConversionOff",
}
_LISTS = {"List", "Sequence", "Tuple", "Set", "Iterable", "list", "tuple", "set", "Collection"}
_NO_FIELD = {"ClassVar", "KW_ONLY"}


@dataclass(frozen=True)
class Meant:
    """What an annotation says.

    Attributes:
        of: the type itself.
        extras: what `Annotated` adds to it.
        optional: whether it may be None.
        left_out: whether it is no field at all.
    """

    of: Value
    extras: tuple[Value, ...] = ()
    optional: bool = False
    left_out: bool = False


def meant(annotation: Value, depth: int = 0) -> Meant:
    """Return what an annotation says, `Annotated`, `Optional` and the like taken off."""
    name = short_name(annotation)
    if name in _NO_FIELD:
        return Meant(annotation, left_out=True)
    if not isinstance(annotation, Generic) or depth > 10 or not annotation.args:  # noqa: PLR2004
        return Meant(annotation)
    if name == "Annotated":
        inner = meant(annotation.args[0], depth + 1)
        return replace(inner, extras=(*annotation.args[1:], *inner.extras))
    if name in _UNIONS:
        return _of_union(annotation, depth)
    if name in _WRAPPERS:
        return meant(annotation.args[0], depth + 1)
    return Meant(annotation)


def _of_union(annotation: Generic, depth: int) -> Meant:
    members = [one for one in _flat(annotation, depth) if one is not None]
    optional = short_name(annotation) == "Optional" or len(members) < len(_flat(annotation, depth))
    if len(members) == 1:
        return replace(meant(members[0], depth + 1), optional=optional)
    return Meant(Generic(External("typing.Union"), tuple(members)), optional=optional)


def _flat(annotation: Value, depth: int) -> list[Value]:
    """Return the members of a union, those of unions in it among them."""
    if depth > 20 or short_name(annotation) not in _UNIONS:  # noqa: PLR2004
        return [annotation]
    args = annotation.args if isinstance(annotation, Generic) else ()
    return [one for arg in args for one in _flat(arg, depth + 1)]


def short_name(annotation: Value) -> str:
    """Return the last part of a type's name: `List` for `typing.List[int]`."""
    of = annotation.of if isinstance(annotation, Generic) else annotation
    return of.name.rpartition(".")[2] if isinstance(of, External) else ""


def taken_by_annotation(of: Value, default: Value, *, member_names: bool = False) -> Taken:
    """Return what an option takes by its type, or by its default where the type tells nothing.

    Args:
        of: the type, without `Optional` and the like.
        default: of the option.
        member_names: whether the words for members of an enumeration are their names.
    """
    taken = _by_type(of, default, member_names=member_names)
    if taken is not None:
        return taken
    return Taken() if default is NO_VALUE or default is None else taken_by_value(default)


def _by_type(of: Value, default: Value, *, member_names: bool) -> Taken | None:
    name = short_name(of)
    if isinstance(of, Class):
        return taken_by_members(of, names=member_names)
    if isinstance(of, Generic):
        return _by_generic(of, name, default, member_names=member_names)
    if name in _LISTS:
        inner = taken_by_value(default)
        return replace(inner if inner.many else Taken(Kind.UNKNOWN), many=True)
    if name == "bool":
        return taken_by_value(Unknown(bool))
    return taken_by_external(of.name) if isinstance(of, External) else None


def _by_generic(of: Generic, name: str, default: Value, *, member_names: bool) -> Taken | None:
    if name == "Literal":
        return Taken(Kind.CHOICE, choices_of(of.args))
    inner = [
        taken
        for one in of.args
        if (taken := _by_type(one, default, member_names=member_names)) is not None
    ]
    if name in _LISTS:
        return replace(inner[0] if inner else Taken(), many=True)
    if name in _UNIONS and inner:
        kinds = {one.kind for one in inner}
        if kinds == {Kind.INTEGER, Kind.FLOAT}:
            return Taken(Kind.FLOAT)
        return inner[0] if len(kinds) == 1 else None
    return None


def is_yes_or_no(of: Value) -> bool:
    """Tell whether a type is `bool`."""
    return isinstance(of, External) and of.name == "builtins.bool"


def is_group(of: Value) -> bool:
    """Tell whether a type is a class whose fields are options themselves."""
    return isinstance(of, Class) and members_of(of) is None
