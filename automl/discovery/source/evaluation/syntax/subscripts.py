"""What stands in brackets behind a value: an item, or the types of a generic one."""

from contextlib import suppress

from automl.discovery.source.evaluation.definitions import Class
from automl.discovery.source.evaluation.objects.enumerations import member_of, members_of
from automl.discovery.source.evaluation.plain.operators import MISTAKES
from automl.discovery.source.evaluation.values import (
    UNKNOWN,
    External,
    Generic,
    Unknown,
    Value,
)

_TEXTS = {"os.environ", "sys.argv"}


def item_of(value: Value, key: Value) -> Value:
    """Return the item of a value, or the generic type that it makes with the types in brackets."""
    if isinstance(value, External):
        if value.name in _TEXTS:
            return Unknown(None if isinstance(key, slice) else str, origin=value.name)
        return Generic(value, key if isinstance(key, tuple) else (key,))
    if isinstance(value, Class):
        return _of_class(value, key)
    if isinstance(value, (list, tuple, str, dict, range)):
        with suppress(*MISTAKES):
            return value[key]  # type: ignore[index, call-overload]
    if isinstance(value, Unknown) and value.origin in _TEXTS:
        return value
    return UNKNOWN


def _of_class(of: Class, key: Value) -> Value:
    if members_of(of) is None:
        return Generic(of, key if isinstance(key, tuple) else (key,))
    return member_of(of, key) if isinstance(key, str) else UNKNOWN
