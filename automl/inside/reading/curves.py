"""What a function that reads a trial may give: a number, several by name, or curves of them."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from automl.inside.calling.numbers import as_number, shown

Curve: TypeAlias = list[tuple[float | None, float]]
"""Steps and numbers; no steps where they are counted."""

UNNAMED = ""
"""The name of a number that was given without one."""

_PAIR = 2


def curves_of(given: Any) -> dict[str, Curve]:  # noqa: ANN401 - whatever a user gives
    """Return what was given as curves, by name.

    >>> curves_of(0.5), curves_of([(1, 3), (2, 2)])
    ({'': [(None, 0.5)]}, {'': [(1.0, 3.0), (2.0, 2.0)]})
    >>> curves_of({"loss": 0.5, "acc": [0.1, 0.2]})
    {'loss': [(None, 0.5)], 'acc': [(None, 0.1), (None, 0.2)]}

    Raises:
        TypeError: it is something else.
    """
    if given is None:
        raise TypeError("the function returned nothing; it must end with `return` and a number")
    if isinstance(given, Mapping) and any(isinstance(key, str) for key in given):
        return {
            _name(key): _curve(one, f"{key!r} of what it returned") for key, one in given.items()
        }
    return {UNNAMED: _curve(given, "what the function returned")}


def _name(key: object) -> str:
    if not isinstance(key, str) or not key:
        raise TypeError(f"the function returned {shown(key)} as the name of a number")
    return key


def _curve(given: Any, what: str) -> Curve:  # noqa: ANN401 - as above
    if isinstance(given, Mapping):
        given = list(given.items())
    elif _is_array(given):
        given = given.tolist()
    if not isinstance(given, list | tuple):
        return [(None, _number(given, what))]
    if not given:
        raise TypeError(f"{what} has no number")
    pairs = [_pair(one) for one in given]
    stepped = pairs[0] is not None
    if any((one is not None) != stepped for one in pairs):
        raise TypeError(f"{what} has numbers with steps and such without")
    if stepped:
        return [
            (_number(one[0], f"a step in {what}"), _number(one[1], what)) for one in pairs if one
        ]
    return [(None, _number(one, what)) for one in given]


def _pair(one: Any) -> tuple[Any, Any] | None:  # noqa: ANN401 - as above
    """Return a step and its number; None of what is no such pair."""
    if isinstance(one, list | tuple) and len(one) == _PAIR:
        return one[0], one[1]
    return None


def _is_array(given: Any) -> bool:  # noqa: ANN401 - as above
    shape = getattr(given, "shape", None)
    tolist: Callable[[], Any] | None = getattr(given, "tolist", None)
    return bool(shape) and callable(tolist)


def _number(given: Any, what: str) -> float:  # noqa: ANN401 - as above
    if isinstance(given, bool | str | bytes):
        raise TypeError(f"{what} must be a number, got {shown(given)}")
    return as_number(what, given)
