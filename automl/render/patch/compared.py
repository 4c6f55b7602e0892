"""What becomes of the data of a file whose values change, and whether two are the same."""

from collections.abc import Iterator
from typing import Any

from automl.render.patch.patcher import Steps


def with_value(data: Any, steps: Steps, value: Any) -> Any:  # noqa: ANN401 - any data
    """Return data with another value, or one more, in it; what is given stays as it is.

    >>> with_value({"a": [1, 2]}, ("a", 1), 3), with_value({"a": None}, ("a", "b"), 3)
    ({'a': [1, 3]}, {'a': {'b': 3}})
    """
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, str):
        known = data if isinstance(data, dict) else {}
        below = type(known)(known)
        below[step] = with_value(known.get(step), rest, value)
        return below
    items = data if isinstance(data, list) else []
    there = items[step] if step < len(items) else None
    changed = type(items)(items)
    changed[step : step + 1] = [with_value(there, rest, value)]
    return changed


def differences(left: Any, right: Any) -> Iterator[Steps]:  # noqa: ANN401 - any data
    """Give where two data differ, in type or value; the order of keys does not count."""
    # What is reached again, by an alias of YAML's, was compared.
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Steps, Any, Any]] = [((), left, right)]
    while waiting:
        steps, one, other = waiting.pop()
        if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
            below = [(step, one[step], other[step]) for step in one]
        elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            below = [(at, *pair) for at, pair in enumerate(zip(one, other, strict=True))]
        else:
            if not _same(one, other):
                yield steps
            continue
        if (id(one), id(other)) not in seen:
            seen.add((id(one), id(other)))
            waiting += [((*steps, step), *pair) for step, *pair in reversed(below)]


def _same(one: object, other: object) -> bool:
    if type(one) is not type(other):
        return False
    # NaN equals NaN here, and 0.0 is not -0.0.
    return repr(one) == repr(other) if isinstance(one, float) else one == other


def value_at(data: Any, steps: Steps) -> Any:  # noqa: ANN401 - any data
    """Return what stands at a place, None if nothing does.

    >>> value_at({"a": [1, 2]}, ("a", 1)), value_at({"a": [1, 2]}, ("b", 1))
    (2, None)
    """
    for step in steps:
        there = data.get(step) if isinstance(data, dict) else None
        if isinstance(data, list) and isinstance(step, int) and step < len(data):
            there = data[step]
        data = there
    return data
