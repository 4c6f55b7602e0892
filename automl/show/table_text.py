"""The table of results as text; pandas is not needed for it."""

import itertools
import math
import textwrap
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from automl.show.columns import Columns, Key, Typed
from automl.show.fitting import FURTHER_SHOWN, Extent, Importance, fitted
from automl.show.layout import Column, layout
from automl.show.lines import float_texts, one_line, params_text, rounded, value_text, writable
from automl.show.reasons import reasons_text
from automl.show.selection import few_further
from automl.space.parameters import ParamValue

_MISSING_TEXT = "-"
_INTERVAL_DIGITS = 2
_ALWAYS = {("metadata", "id"), ("metadata", "reason")}

_NAMED = 12
"""So many columns that are not shown are named."""


def table_text(
    columns: Columns,
    extent: Extent = Extent(),  # noqa: B008 - a frozen value
    *,
    importance: Importance = dict,
    file: str = "",
    further: Sequence[Key] = (),
) -> str:
    """Return the table that has these columns, ready to print.

    Floats have six significant digits, intervals two, those of the metadata at most three decimals;
    what is missing is `-`. A column whose values are all the same is left out, and the value is
    told below the table.

    Args:
        columns: the table, as `table_columns` made it.
        extent: how much of it is shown; below it stands how much is not.
        importance: tells which parameters matter, where not all of them fit.
        file: the name of the file that holds all of it, empty where there is none.
        further: the columns of metrics that do not rank, of which few are shown.
    """
    rows = max((len(values) for values, _ in columns.values()), default=0)
    shown = rows if extent.rows is None else min(rows, extent.rows)
    left_out = further[FURTHER_SHOWN:]
    columns = few_further(columns, further)
    same = {key: typed[0][0] for key, typed in _same_in_all(columns, rows).items()}
    cells = {
        key: _column(*key, (typed[0][:shown], typed[1]), extent.encoding)
        for key, typed in columns.items()
        if key not in same
    }
    if shown and not any(cells.get(("metadata", "reason"), _NO_CELLS).cells):
        cells.pop(("metadata", "reason"), None)
    numbers = [str(row) for row in range(shown)]
    kept = fitted(numbers, cells, extent.width, importance, further) if extent.fits else cells
    lines = layout(numbers, list(kept.values()), extent.width)
    if not rows:
        lines.append("(no trials)")
    lines += _wrapped(_same_text(same), extent.width)
    unseen = [*(key for key in cells if key not in kept), *left_out]
    hidden = [f"+{name}" for name in _hidden(rows - shown, unseen)]
    lines += _wrapped(_where(hidden, file), extent.width)
    return "\n".join([*lines, *reasons_text(_cut_reasons(columns, kept), extent.width)])


_NO_CELLS = Column(group="", name="", cells=[], left=True)


def _same_in_all(columns: Columns, rows: int) -> Columns:
    """Return the columns in which several rows are all alike, but for what is always shown."""
    first_result = next((key for key in columns if key[0] == "results"), None)
    if rows <= 1:
        return {}
    return {
        key: typed
        for key, typed in columns.items()
        if key not in _ALWAYS
        and key != first_result
        and len({(type(value), repr(value)) for value in typed[0]}) == 1
    }


def _same_text(same: Mapping[Key, object]) -> str:
    if not same:
        return ""
    known = {name: value for (_, name), value in same.items() if value is not None}
    values = {name: _MISSING_TEXT if _is_nan(one) else one for name, one in known.items()}
    if not values:
        return ""
    return f"the same in all trials: {params_text(cast('Mapping[str, ParamValue]', values))}"


def _hidden(rows: int, columns: Sequence[Key]) -> list[str]:
    """Return in words what is not shown."""
    names = ", ".join(one_line(name) for _, name in columns[:_NAMED])
    if len(columns) > _NAMED:
        names += f" and {len(columns) - _NAMED} more"
    return [
        *[f"{len(columns)} column{'s' * (len(columns) > 1)} ({names})"] * bool(columns),
        *[f"{rows} row{'s' * (rows > 1)}"] * bool(rows),
    ]


def _where(hidden: Sequence[str], file: str) -> str:
    told = ", ".join(hidden)
    if not file:
        return told
    return f"{told}; all with every digit: {file}" if told else f"with every digit: {file}"


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _cut_reasons(columns: Columns, shown: Mapping[Key, Column]) -> list[tuple[int, str]]:
    """Return the id and the reason of each trial whose reason the table does not show in full."""
    key = ("metadata", "reason")
    if key not in columns:
        return []
    cells = shown[key].cells if key in shown else []
    ids = cast("Sequence[int]", columns["metadata", "id"][0])
    reasons = map(_metadata_text, columns[key][0])
    beside = itertools.chain(cells, itertools.repeat(""))
    found = zip(ids, reasons, beside, strict=False)
    return [(trial_id, reason) for trial_id, reason, cell in found if reason != cell]


def cell_texts(group: str, name: str, typed: Typed) -> list[str]:
    """Return the cells of a column as they are shown."""
    values = _values(typed)
    if group == "results":
        return _result_texts(cast("list[float]", values), interval=name == "interval")
    if group == "params":
        return [_param_text(cast("ParamValue", value)) for value in values]
    return [_metadata_text(value) for value in values]


def _column(group: str, name: str, typed: Typed, encoding: str) -> Column:
    values = _values(typed)
    cells = cell_texts(group, name, typed)
    return Column(
        group=group,
        name=writable(one_line(name), encoding),
        cells=[writable(cell, encoding) for cell in cells],
        left=any(isinstance(value, (str, list, dict)) for value in values),
        may_cut=(group, name) == ("metadata", "reason"),
    )


def _values(typed: Typed) -> list[object]:
    """Return the values of a column, with floats for all of them in a column of floats."""
    values, dtype = typed
    if dtype != "float64":
        return list(values)
    return [math.nan if value is None else float(cast("float", value)) for value in values]


def _result_texts(values: list[float], *, interval: bool) -> list[str]:
    cut = [rounded(value, _INTERVAL_DIGITS) if interval else rounded(value) for value in values]
    texts = float_texts(cut)
    return [_MISSING_TEXT if text == "nan" else text for text in texts]


def _param_text(value: ParamValue) -> str:
    if _is_nan(value):
        return _MISSING_TEXT
    return value_text(rounded(value) if isinstance(value, float) else value)


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _metadata_text(value: object) -> str:
    if value is None or _is_nan(value):
        return _MISSING_TEXT
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
    return repr(round(value, 3)) if isinstance(value, float) else str(value)
