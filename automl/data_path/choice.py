"""Which items of a list a step of a path means: `[*]`, `[5:]`, `[name=val]`."""

from collections.abc import Sequence
from typing import Any

from automl.data_path.path import Span, Where, parse_path
from automl.data_path.repeatable import listed
from automl.errors import SpecError


def positions(items: Sequence[Any], step: Where | Span) -> list[int]:
    """Return the positions of the items that are meant, in order.

    >>> positions(["a", "b", "c"], Span(-2)), positions([{"n": 1}, {"n": 2.0}], Where("n", "2"))
    ([1, 2], [1])
    """
    if isinstance(step, Span):
        return list(range(*slice(step.first, step.end).indices(len(items))))
    return [at for at, item in enumerate(items) if not step.field or is_meant(item, step)]


def is_meant(item: object, where: Where) -> bool:
    """Tell whether the field of an item has a value; an item without the field has none."""
    return any(_is_written(value, where.value) for value in field_of(item, where.field))


def field_of(item: Any, field: str) -> list[Any]:  # noqa: ANN401 - any data
    """Return what an item has at a key or path, alone in a list; nothing if it has no such.

    >>> field_of({"names": ["a", "b"]}, "names[0]"), field_of({}, "names")
    (['a'], [])
    """
    if isinstance(item, dict) and field in item:
        return [item[field]]
    try:
        steps: Sequence[Any] = parse_path(field)
    except SpecError:
        return []
    around: Any = None
    for step in steps:
        if isinstance(step, int):
            item = listed(item, around)
        around = item
        try:
            item = item[step] if isinstance(item, dict) else list.__getitem__(item, step)
        except (KeyError, IndexError, TypeError):
            return []
    return [item]


def value_text(value: object) -> str:
    """Return how a path has a value: as JSON, but for the quotes of a text.

    >>> value_text("val"), value_text(True), value_text(None), value_text(0.5)
    ('val', 'true', 'null', '0.5')
    """
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)


def _is_written(value: object, text: str) -> bool:
    """Tell whether a text is how a path has a value; numbers may have another form."""
    if isinstance(value, dict | list):
        return False
    if value_text(value) == text:
        return True
    if isinstance(value, bool | str) or value is None:
        return False
    try:
        number = float(text)
    except ValueError:
        return False
    return number == value and text.isascii() and "_" not in text
