"""Trials as a table with Optuna's columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def trials_frame(rows: Sequence[Mapping[str, Any]], *, multi_index: bool) -> pd.DataFrame:
    """Return a table with a column for each attribute, and for each name within one.

    Args:
        rows: the attributes of each trial: plain values, dictionaries by name, or lists.
        multi_index: whether names within an attribute are a second line of headings.
    """
    import pandas as pd  # noqa: PLC0415 - 0.2 s

    if not rows:
        return pd.DataFrame()
    cells = [dict(_cells(row)) for row in rows]
    places = {name: place for place, name in enumerate(rows[0])}
    columns = list(dict.fromkeys(column for row in cells for column in row))
    # Sorted by name but for values, which have the order of the objectives.
    columns.sort(key=lambda column: (places[column[0]], _in_order(*column)))
    table = pd.DataFrame([[row.get(column) for column in columns] for row in cells])
    if multi_index:
        table.columns = pd.MultiIndex.from_tuples([(first, str(name)) for first, name in columns])
    else:
        table.columns = pd.Index([f"{first}_{name}".rstrip("_") for first, name in columns])
    return table


def _cells(row: Mapping[str, Any]) -> list[tuple[tuple[str, Any], Any]]:
    found: list[tuple[tuple[str, Any], Any]] = []
    for name, value in row.items():
        if isinstance(value, Mapping):
            found += [((name, key), one) for key, one in value.items()]
        elif isinstance(value, list):
            found += [((name, place), one) for place, one in enumerate(value)]
        else:
            found.append(((name, ""), value.name if isinstance(value, Enum) else value))
    return found


def _in_order(attribute: str, name: object) -> str:
    return "" if attribute in {"value", "values"} else str(name)
