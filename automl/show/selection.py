"""Rows and columns of the table that somebody asks for."""

import math
from collections.abc import Mapping, Sequence

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.show.columns import Columns, Key
from automl.show.fitting import FURTHER_SHOWN
from automl.space.expression import Expression
from automl.space.numbers import is_number


def chosen_columns(columns: Columns, names: Sequence[str]) -> Columns:
    """Return these columns, in this order.

    Args:
        columns: the table.
        names: of columns, such as `lr`, or with their group, such as `params.lr`.

    Raises:
        SpecError: there is none of such a name.
    """
    keys = [_key(columns, name) for name in names]
    return {key: columns[key] for key in keys}


def sorted_rows(columns: Columns, name: str) -> Columns:
    """Return the rows in the order of a column; with `-` before its name, the largest first.

    Rows without a value are the last ones, and those with equal values stay in their order.

    Raises:
        SpecError: there is no column of that name.
    """
    key = _key(columns, name.removeprefix("-"))
    values = columns[key][0]
    known = [row for row, value in enumerate(values) if not _missing(value)]
    order = sorted(known, key=lambda row: _place(values[row]), reverse=name.startswith("-"))
    return _rows(columns, [*order, *sorted(set(range(len(values))) - set(known))])


def rows_where(columns: Columns, text: str) -> Columns:
    """Return the rows for which a formula such as `lr < 0.1 and opt == "adam"` holds.

    A row that lacks a value that the formula needs is left out.

    Raises:
        SpecError: the formula cannot be read, or names a column that there is not.
    """
    names = {**_full_names(columns), **_names(columns)}
    formula = Expression(text, "--where", truth=True, known=list(names))
    formula.check_names(names)
    used = {name: columns[names[name]][0] for name in formula.names}
    count = max((len(values) for values, _ in columns.values()), default=0)
    kept = [
        row
        for row in range(count)
        if _holds(formula, {name: values[row] for name, values in used.items()})
    ]
    return _rows(columns, kept)


def few_further(columns: Columns, further: Sequence[Key]) -> Columns:
    """Return the columns with few of those whose metrics do not rank."""
    left_out = {*further[FURTHER_SHOWN:]}
    return {key: typed for key, typed in columns.items() if key not in left_out}


def first_rows(columns: Columns, count: int) -> Columns:
    """Return the first rows."""
    return {key: (values[:count], dtype) for key, (values, dtype) in columns.items()}


def _holds(formula: Expression, values: Mapping[str, object]) -> bool:
    if any(_missing(value) for value in values.values()):
        return False
    try:
        return bool(formula.evaluate(values))
    except SpecError:
        # It compares a text with a number, for one: values of a parameter may be of both kinds.
        return False


def _rows(columns: Columns, rows: Sequence[int]) -> Columns:
    return {key: ([values[row] for row in rows], dtype) for key, (values, dtype) in columns.items()}


def _names(columns: Columns) -> dict[str, Key]:
    """Return each column by its name; the first of a name has it, as parameters come first."""
    names: dict[str, Key] = {}
    for group, name in columns:
        names.setdefault(name, (group, name))
    return names


def _full_names(columns: Columns) -> dict[str, Key]:
    """Return each column by its group and name."""
    return {f"{group}.{name}": (group, name) for group, name in columns}


def _key(columns: Columns, name: str) -> Key:
    full, names = _full_names(columns), _names(columns)
    if name in full:
        return full[name]
    if name not in names:
        raise SpecError(
            f"there is no column {name!r}{did_you_mean(name, names)}; columns: {', '.join(names)}"
        )
    return names[name]


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _place(value: object) -> tuple[int, float, str]:
    """Return what a value is sorted by: numbers first, by their size, then all else as text."""
    if is_number(value):
        return 0, value, ""
    return 1, 0.0, str(value)
