"""Classes that are enumerations, and their members."""

from collections.abc import Iterator

from automl.discovery.source.evaluation.definitions import Class, Function
from automl.discovery.source.evaluation.values import Automatic, External, Member, Value

_ENUMERATIONS = {"enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "enum.IntFlag"}
_MOST_BASES = 50


def order_of(of: Class) -> list[Class]:
    """Return a class and those of the program from which it derives, nearest first."""
    found: list[Class] = []
    left = [of]
    while left and len(found) < _MOST_BASES:
        one = left.pop(0)
        if one not in found:
            found.append(one)
            left = [*(base for base in one.bases if isinstance(base, Class)), *left]
    return found


def external_bases(of: Class) -> list[str]:
    """Return the dotted names of the classes of libraries from which a class derives."""
    return [base.name for one in order_of(of) for base in one.bases if isinstance(base, External)]


def members_of(of: Class) -> list[Value] | None:
    """Return the members of an enumeration in their order, None if the class is none."""
    if not _ENUMERATIONS & set(external_bases(of)):
        return None
    return [
        Member(of.name, name, _value(of, name, value, at))
        for at, (name, value) in enumerate(_named(of))
    ]


def member_of(of: Class, name: str) -> Value:
    """Return a member of an enumeration by its name, None if it has none of that name."""
    named = {one.name: one for one in members_of(of) or () if isinstance(one, Member)}
    return named.get(name)


def _named(of: Class) -> Iterator[tuple[str, Value]]:
    for name, value in of.scope.names.items():
        if not name.startswith("_") and not isinstance(value, Function):
            yield name, value


def _value(of: Class, name: str, value: Value, at: int) -> Value:
    if not isinstance(value, Automatic):
        return value
    return name.lower() if "enum.StrEnum" in external_bases(of) else at + 1
