"""The table of results as text; pandas is not needed for it."""

import itertools
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from automl.show.columns import Columns, Typed
from automl.show.layout import Column, layout
from automl.show.lines import float_texts, one_line, value_text
from automl.show.reasons import reasons_text
from automl.space.parameters import ParamValue
from automl.study.objective import SCORE

_DIGITS = 6
"""Significant digits of means and sums, whose last ones are noise."""


def table_text(columns: Columns, *, max_rows: int = 100, width: int = 80) -> str:
    """Return the table that has these columns, ready to print.

    Parameters and results are shown without loss, but for means over seeds and weighted sums,
    which have six significant digits, and intervals, which have two. Other floats have at most
    three decimals; what is missing is `-`.

    Args:
        columns: the table, as `table_columns` made it.
        max_rows: rows shown at the most; a line below says how many more there are.
        width: columns of the terminal. Where reasons do not fit it, the table has their first
            words, and below it they are given in full, as are those of rows that are not shown.
            Nothing else is cut, so many parameters make longer lines.
    """
    rows = max((len(values) for values, _ in columns.values()), default=0)
    shown = min(rows, max_rows)
    digits = _digits([name for group, name in columns if group == "results"])
    cells = [
        _column(group, name, (typed[0][:shown], typed[1]), digits.get(name))
        for (group, name), typed in columns.items()
    ]
    lines = layout([str(row) for row in range(shown)], cells, width)
    if not rows:
        lines.append("(no trials)")
    elif rows > shown:
        hidden = rows - shown
        lines.append(f"({hidden} more row{'s' * (hidden > 1)} not shown)")
    return "\n".join([*lines, *reasons_text(_cut_reasons(columns, cells), width)])


def _cut_reasons(columns: Columns, shown: Sequence[Column]) -> list[tuple[int, str]]:
    """Return the id and the reason of each trial whose reason the table does not show in full."""
    cells = next((column.cells for column in shown if column.may_cut), None)
    if cells is None:
        return []
    ids = cast("Sequence[int]", columns["metadata", "id"][0])
    reasons = columns["metadata", "reason"][0]
    beside = itertools.chain(cells, itertools.repeat(""))
    found = zip(ids, map(_metadata_text, reasons), beside, strict=False)
    return [(trial_id, reason) for trial_id, reason, cell in found if reason != cell]


def _digits(results: Sequence[str]) -> dict[str, int]:
    """Return how many significant digits the results have that are not shown in full."""
    if "interval" in results or "confirmed" in results:
        return dict.fromkeys(results, _DIGITS) | {"interval": 2}
    weighted = results[:1] == [SCORE] and len(results) > 2  # noqa: PLR2004 - its two objectives
    return {SCORE: _DIGITS} if weighted else {}


def _column(group: str, name: str, typed: Typed, digits: int | None) -> Column:
    values = _values(typed)
    if group == "results":
        cells = _result_texts(cast("list[float]", values), digits)
    elif group == "params":
        cells = [
            "-" if _is_nan(value) else value_text(cast("ParamValue", value)) for value in values
        ]
    else:
        cells = [_metadata_text(value) for value in values]
    return Column(
        group=group,
        name=one_line(name),
        cells=cells,
        left=any(isinstance(value, str) for value in values),
        may_cut=(group, name) == ("metadata", "reason"),
    )


def _values(typed: Typed) -> list[object]:
    """Return the values of a column, with floats for all of them in a column of floats."""
    values, dtype = typed
    if dtype != "float64":
        return list(values)
    return [math.nan if value is None else float(cast("float", value)) for value in values]


def _result_texts(values: list[float], digits: int | None) -> list[str]:
    if digits is not None:
        values = [float(f"{value:.{digits}g}") for value in values]
    return ["-" if text == "nan" else text for text in float_texts(values)]


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _metadata_text(value: object) -> str:
    if value is None or _is_nan(value):
        return "-"
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
    return repr(round(value, 3)) if isinstance(value, float) else str(value)
