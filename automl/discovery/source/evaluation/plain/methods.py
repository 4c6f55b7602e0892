"""Methods of texts, lists and dictionaries, where their result is plain data."""

from collections.abc import Mapping
from contextlib import suppress

from automl.discovery.source.evaluation.calls import Call, Native
from automl.discovery.source.evaluation.plain.operators import (
    MISTAKES,
    MOST_ITEMS,
    is_plain,
    small_format,
)
from automl.discovery.source.evaluation.values import UNKNOWN, Unknown, Value

_TEXT = {"capitalize", "casefold", "count", "endswith", "find", "index", "isdigit", "isidentifier"}
_TEXT |= {"join", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "rpartition"}
_TEXT |= {"rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title"}
_TEXT |= {"upper", "isupper", "islower", "isalpha", "isalnum", "replace", "encode", "format"}

_METHODS: Mapping[type, set[str]] = {
    str: _TEXT,
    bytes: {"decode"},
    list: {"append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove"}
    | {"reverse", "sort"},
    tuple: {"count", "index"},
    dict: {"clear", "copy", "get", "items", "keys", "pop", "popitem", "setdefault", "update"}
    | {"values"},
    set: {"add", "copy", "difference", "discard", "intersection", "remove", "union", "update"},
    frozenset: {"difference", "intersection", "union"},
    int: {"bit_length"},
    float: {"is_integer"},
    range: {"count", "index"},
}

_ONE_MORE = {"append", "add", "insert", "pop", "get", "setdefault", "remove", "discard", "index"}
_HOLDERS = (list, dict, set)


def method(value: Value, name: str) -> Value:
    """Return a method of plain data, an attribute of a number, or what is not known of them."""
    if name in _METHODS.get(type(value), ()):
        return Native(lambda call: _called(value, name, call))
    return Unknown(origin=name)


def _called(value: Value, name: str, call: Call) -> Value:
    if not call.whole or not _may_be_called(value, name, call):
        return Unknown(type(value) if isinstance(value, str) else None)
    args = [list(one) if name == "join" and isinstance(one, dict) else one for one in call.args]
    with suppress(*MISTAKES):
        result = getattr(value, name)(*args, **call.keywords)
        # Views of a dictionary that changes meanwhile would end a loop over them.
        return list(result) if name in {"items", "keys", "values"} else result
    return UNKNOWN


def _may_be_called(value: Value, name: str, call: Call) -> bool:
    """Tell whether a method works with what is known, and gives nothing large."""
    if isinstance(value, _HOLDERS) and len(value) < MOST_ITEMS and name in _ONE_MORE:
        return True
    sizes = [_size(one) for one in (value, *call.args, *call.keywords.values())]
    if sum(sizes) > MOST_ITEMS:
        return False
    if isinstance(value, _HOLDERS):
        return True
    if not all(map(is_plain, [*call.args, *call.keywords.values()])):
        return False
    if name == "replace" and len(sizes) > len(("value", "old", "new")) - 1:
        return sizes[0] * sizes[-1] <= MOST_ITEMS
    return name != "format" or small_format(str(value))


def _size(value: Value) -> int:
    """Return how much a value takes: of a list of texts, what these take together."""
    if isinstance(value, (list, tuple)):
        return sum(len(one) if isinstance(one, str) else 1 for one in value)
    return len(value) if isinstance(value, (str, bytes, dict, set, frozenset, range)) else 1
