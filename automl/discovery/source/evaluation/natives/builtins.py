"""Built-in functions, where what they give follows from what they get."""

import itertools
from collections.abc import Callable, Mapping
from contextlib import suppress

from automl.discovery.source.evaluation.calls import Call
from automl.discovery.source.evaluation.definitions import (
    Class,
    Function,
    Instance,
    Module,
    Super,
)
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.plain.operators import (
    MISTAKES,
    MOST_ITEMS,
    is_plain,
    truth,
)
from automl.discovery.source.evaluation.syntax.targets import set_attribute
from automl.discovery.source.evaluation.values import (
    NO_VALUE,
    UNKNOWN,
    External,
    Member,
    Unknown,
    Value,
)

Native = Callable[[Call], Value]

_TYPES: Mapping[str, type] = {
    f"builtins.{one.__name__}": one
    for one in (bool, int, float, str, list, tuple, dict, set, bytes, complex)
}
_LONGEST_NUMBER = 300


def _converted(kind: type) -> Native:
    """Return what a type makes of a value: the type is known even where the value is not."""

    def convert(call: Call) -> Value:
        if not call.whole or call.keywords or not all(map(is_plain, call.args)):
            return Unknown(kind)
        if any(isinstance(one, str) and len(one) > _LONGEST_NUMBER for one in call.args):
            return Unknown(kind)
        with suppress(*MISTAKES):
            return kind(*call.args)
        return Unknown(kind)

    return convert


def _as_list(call: Call) -> Value:
    if not call.args:
        return []
    items = items_of(call.args[0])
    return Unknown(list) if items is None else items


def _as_tuple(call: Call) -> Value:
    made = _as_list(call)
    return tuple(made) if isinstance(made, list) else Unknown(tuple)


def _as_dict(call: Call) -> Value:
    if not call.whole:
        return Unknown(dict)
    first = call.args[0] if call.args else {}
    with suppress(*MISTAKES):
        pairs = dict(first) if isinstance(first, (dict, list, tuple)) else None
        return Unknown(dict) if pairs is None else {**pairs, **call.keywords}
    return Unknown(dict)


def _from_keys(call: Call) -> Value:
    items = items_of(call.args[0]) if call.args else None
    with suppress(TypeError):
        return Unknown(dict) if items is None else dict.fromkeys(items, call.given("value", 1))
    return Unknown(dict)


def _sorted(call: Call) -> Value:
    items = items_of(call.args[0]) if call.args else None
    if items is None:
        return Unknown(list)
    if "key" in call.keywords or not is_plain(items):
        return items
    with suppress(*MISTAKES):
        return sorted(items, reverse=call.given("reverse") is True)  # type: ignore[type-var]
    return items


def _reversed(call: Call) -> Value:
    items = items_of(call.args[0]) if call.args else None
    return Unknown(list) if items is None else items[::-1]


def _range(call: Call) -> Value:
    with suppress(*MISTAKES):
        return range(*call.args)  # type: ignore[call-overload]
    return UNKNOWN


def _enumerate(call: Call) -> Value:
    items = items_of(call.args[0]) if call.args else None
    start = call.given("start", 1, 0)
    if items is None or not isinstance(start, int):
        return UNKNOWN
    return list(enumerate(items, start))


def _zip(call: Call) -> Value:
    every = [items_of(one) for one in call.args]
    if None in every or not call.whole:
        return UNKNOWN
    return list(zip(*(one for one in every if one is not None), strict=False))


def _chain(call: Call) -> Value:
    every = [items_of(one) for one in call.args]
    if None in every or not call.whole:
        return UNKNOWN
    return list(itertools.chain(*(one for one in every if one is not None)))


def _map(call: Call) -> Value:
    items = items_of(call.args[1]) if len(call.args) == len(("function", "items")) else None
    if items is None:
        return Unknown(list)
    return [call.evaluation.call(call.args[0], call.of(item)) for item in items]


def _filter(call: Call) -> Value:
    items = items_of(call.args[1]) if len(call.args) == len(("function", "items")) else None
    if items is None:
        return Unknown(list)
    tests = [truth(call.evaluation.call(call.args[0], call.of(item))) for item in items]
    if None in tests:
        return Unknown(list)
    return [item for item, test in zip(items, tests, strict=True) if test]


def _plain(function: Callable[..., Value], type_: type | None = None) -> Native:
    """Return a built-in function for plain data."""

    def apply(call: Call) -> Value:
        known = call.whole and is_plain(list(call.args)) and is_plain(dict(call.keywords))
        if known and not any(_is_long(one) for one in call.args):
            with suppress(*MISTAKES):
                return function(*call.args, **call.keywords)
        return Unknown(type_)

    return apply


def _is_long(value: Value) -> bool:
    return isinstance(value, (str, list, tuple, range, dict)) and len(value) > MOST_ITEMS


def _length(call: Call) -> Value:
    value = call.args[0] if call.args else UNKNOWN
    if isinstance(value, (str, bytes, list, tuple, dict, range, set)):
        with suppress(OverflowError):
            return len(value)
    items = items_of(value)
    return Unknown(int) if items is None else len(items)


def _is_instance(call: Call) -> Value:
    value, wanted = [*call.args, UNKNOWN, UNKNOWN][:2]
    names = wanted if isinstance(wanted, tuple) else (wanted,)
    kinds = [_TYPES.get(one.name) if isinstance(one, External) else None for one in names]
    if isinstance(value, Unknown) and value.type is not None:
        known = [kind is not None and issubclass(value.type, kind) for kind in kinds]
        return True if any(known) else False if None not in kinds else Unknown(bool)
    if not is_plain(value):
        return Unknown(bool)
    matches = [kind is not None and isinstance(value, kind) for kind in kinds]
    return True if any(matches) else False if None not in kinds else Unknown(bool)


def _type_of(call: Call) -> Value:
    value = call.args[0] if call.args else UNKNOWN
    if isinstance(value, Instance):
        return value.of or UNKNOWN
    kind = value.type if isinstance(value, Unknown) else type(value) if is_plain(value) else None
    return UNKNOWN if kind is None else External(f"builtins.{kind.__name__}")


def _get_attribute(call: Call) -> Value:
    holder, name, default = [*call.args, UNKNOWN, UNKNOWN, NO_VALUE][:3]
    if not isinstance(name, str):
        return UNKNOWN
    found = call.evaluation.attribute(holder, name)
    known = isinstance(holder, (Instance, Class, Module))
    return default if known and isinstance(found, Unknown) and len(call.args) > 2 else found  # noqa: PLR2004


def _set_attribute(call: Call) -> Value:
    holder, name, value = [*call.args, UNKNOWN, UNKNOWN, UNKNOWN][:3]
    if isinstance(name, str):
        set_attribute(holder, name, value)
    return None


def _attributes(call: Call) -> Value:
    value = call.args[0] if call.args else UNKNOWN
    if isinstance(value, Instance):
        return value.attributes
    return value.scope.names if isinstance(value, (Class, Module)) else Unknown(dict)


def _next(call: Call) -> Value:
    items = items_of(call.args[0]) if call.args else None
    return items[0] if items else call.given("default", 1, UNKNOWN)


def _callable(call: Call) -> Value:
    value = call.args[0] if call.args else UNKNOWN
    if isinstance(value, (Function, Class)):
        return True
    return False if is_plain(value) or isinstance(value, Member) else Unknown(bool)


def _import(call: Call) -> Value:
    name = call.given("name", 0)
    package = call.given("package", 1, "")
    if not isinstance(name, str) or not isinstance(package, str):
        return UNKNOWN
    level = len(name) - len(name.lstrip("."))
    here = (
        Module(f"{package}.__init__", call.place.file) if package else Module("", call.place.file)
    )
    return call.evaluation.imported(name.lstrip("."), here, level)


def _super(call: Call) -> Value:
    """Return `super(Class, self)`; without arguments it is told by the scope."""
    owner, this = [*call.args, UNKNOWN, UNKNOWN][:2]
    return Super(owner, this) if isinstance(owner, Class) else UNKNOWN


def _first(call: Call) -> Value:
    return call.args[0] if call.args else UNKNOWN


def _nothing(_call: Call) -> Value:
    return None


def _unknown(kind: type) -> Native:
    return lambda _call: Unknown(kind)


BUILTIN_FUNCTIONS: Mapping[str, Native] = {
    **{f"builtins.{one.__name__}": _converted(one) for one in (bool, int, float, str, complex)},
    "builtins.list": _as_list,
    "builtins.set": _as_list,
    "builtins.frozenset": _as_list,
    "builtins.tuple": _as_tuple,
    "builtins.dict": _as_dict,
    "builtins.dict.fromkeys": _from_keys,
    "collections.OrderedDict": _as_dict,
    "builtins.sorted": _sorted,
    "builtins.reversed": _reversed,
    "builtins.range": _range,
    "builtins.xrange": _range,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "itertools.chain": _chain,
    "builtins.min": _plain(min),
    "builtins.max": _plain(max),
    "builtins.sum": _plain(sum),
    "builtins.abs": _plain(abs),
    "builtins.round": _plain(round),
    "builtins.any": _plain(any, bool),
    "builtins.all": _plain(all, bool),
    "builtins.repr": _plain(repr, str),
    "builtins.len": _length,
    "builtins.isinstance": _is_instance,
    "builtins.hasattr": _unknown(bool),
    "builtins.issubclass": _unknown(bool),
    "builtins.callable": _callable,
    "builtins.type": _type_of,
    "builtins.getattr": _get_attribute,
    "builtins.setattr": _set_attribute,
    "builtins.vars": _attributes,
    "builtins.iter": _first,
    "builtins.next": _next,
    "builtins.print": _nothing,
    "builtins.input": _unknown(str),
    "builtins.__import__": _import,
    "importlib.import_module": _import,
    "builtins.property": _first,
    "builtins.super": _super,
}
"""By dotted name."""
