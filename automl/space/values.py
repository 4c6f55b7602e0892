"""What a value of a parameter may be, and what every kind of parameter checks and shows alike."""

import dataclasses
import json
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from automl.errors import SpecError
from automl.errors import shown as shown_value
from automl.plain_data import plain
from automl.space.numbers import is_number

ParamValue: TypeAlias = "bool | int | float | str | list[ParamValue] | dict[str, ParamValue] | None"
"""Any JSON value; it keeps its type from here to the table: 1, 1.0 and True are three values."""

Params: TypeAlias = Mapping[str, ParamValue]
"""The values of one trial by parameter name, in the order of the space."""


_KEYS = json.JSONEncoder(sort_keys=True)
"""One for all: `json.dumps` makes a new one for each value that is not written in the usual way."""


def value_key(value: ParamValue) -> str:
    """Return a text that is equal for two values only when value and type are equal.

    >>> value_key(1), value_key(1.0), value_key(True), value_key("1")
    ('1', '1.0', 'true', '"1"')
    """
    return _KEYS.encode(value)


def is_same(left: ParamValue, right: ParamValue) -> bool:
    """Tell whether two values agree in value and type; False for what JSON cannot hold."""
    try:
        return value_key(left) == value_key(right)
    except (TypeError, ValueError):
        return False


def json_value(name: str, what: str, value: object) -> ParamValue:
    """Return `value` as it would be read back from JSON: numpy's numbers Python's, tuples lists.

    Raises:
        SpecError: JSON cannot hold it; `name` and `what` say in which parameter and place.
    """
    try:
        text = json.dumps(plain(value), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise SpecError(
            f"parameter {name!r}: {what} {shown_value(value)} cannot be written as JSON ({error}); "
            "allowed: finite numbers, strings, booleans, None, and lists or dicts of these"
        ) from error
    return json.loads(text)  # type: ignore[no-any-return]


def own_value(name: str, what: str, value: object) -> ParamValue:
    """Return `value` as a value of a parameter: a command, a file and the table get it as it is.

    Raises:
        SpecError: JSON cannot hold it, or would make something else of it; or no command can get
            it. `name` and `what` say in which parameter and place.
    """
    if problem := _changed_by_json(plain(value), ""):
        raise SpecError(f"parameter {name!r}: {what} {shown_value(value)} {problem}")
    return json_value(name, what, value)


def _as_lists(value: object) -> object:
    return [_as_lists(item) for item in value] if isinstance(value, list | tuple) else value


def _changed_by_json(value: object, place: str, depth: int = 0) -> str:
    """Return what of a value no command or file would get as it is, empty if nothing."""
    where, verb = (f" at {place}", "has") if place else ("", "is")
    if isinstance(value, str) and "\0" in value:
        return f"has a NUL character{where}, which no program can get; take it out"
    if isinstance(value, tuple):
        return (
            f"{verb} a tuple{where}, which would become a list; give a list, {_as_lists(value)!r}"
        )
    if isinstance(value, set | frozenset):
        return f"{verb} a set{where}, which has no order; give a list"
    if depth > _DEEPEST or not isinstance(value, list | dict):
        return ""
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                told = f"has the key {key!r}{where}, which is no string; write {str(key)!r}"
                return f"{told}, as it would be in any file"
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found = (_changed_by_json(item, f"{place}[{key!r}]", depth + 1) for key, item in items)
    return next(filter(None, found), "")


def check_name(name: object) -> None:
    """Raise SpecError unless a parameter can have this name."""
    if not isinstance(name, str):
        raise SpecError(f"parameter name must be a string, got {name!r}")
    if not name.strip():
        raise SpecError(f"parameter name {name!r} is empty; give it the name that templates use")


def finite(name: str, field: str, value: object) -> float:
    """Return a number of the user's as a float.

    Raises:
        SpecError: it is no number, or no finite one.
    """
    number = plain(value)
    if not is_number(number):
        raise SpecError(f"parameter {name!r}: {field} must be a number, got {not_a_number(number)}")
    try:
        number = float(number)
    except OverflowError:  # an int that no float can hold
        number = math.inf
    if not math.isfinite(number):
        raise SpecError(f"parameter {name!r}: {field} must be finite, got {number!r}")
    return number


def not_a_number(value: object) -> str:
    """Return how to name a value that should have been a number, with advice if it looks like one.

    >>> not_a_number(None), not_a_number("9")
    ('None', "the text '9'; write it without quotes (in YAML, 1e-5 is a text, 1.0e-5 a number)")
    """
    if not isinstance(value, str):
        return repr(value)
    try:
        float(value)
    except ValueError:
        return repr(value)
    return f"the text {value!r}; write it without quotes (in YAML, 1e-5 is a text, 1.0e-5 a number)"


def written(number: float) -> Fraction:
    """Return exactly the decimal number that a user would read or write for `number`.

    >>> written(0.1), written(1e-05)
    (Fraction(1, 10), Fraction(1, 100000))
    """
    return Fraction(repr(number))


_DEEPEST = 64
"""A value may lie so deep in lists and dictionaries; what looks deeper only finds an error."""


def share_to_index(share: float, count: int) -> int:
    """Return which of `count` equal parts of [0, 1] holds `share`, exact for any count.

    >>> share_to_index(0.5, 3), share_to_index(1.0, 3)
    (1, 2)
    """
    return min(int(share * _SHARES) * count // _SHARES, count - 1)


_SHARES = 2**53
"""As many floats of equal distance as there are between 0 and 1."""


def shown(parameter: Any) -> str:  # noqa: ANN401 - any of the kinds of parameter
    """Return what a parameter prints as: as it is made, without a condition that it has not."""
    fields = ", ".join(
        f"{field.name}={getattr(parameter, field.name)!r}"
        for field in dataclasses.fields(parameter)
        if field.init and (field.name != "when" or parameter.when is not None)
    )
    return f"{type(parameter).__name__}({fields})"
