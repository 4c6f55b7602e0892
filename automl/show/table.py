"""The table of results, as a pandas frame and as text."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, cast

from automl.show.columns import columns_of
from automl.show.layout import Column, layout
from automl.show.lines import float_texts, one_line, value_text
from automl.show.reasons import reasons_text
from automl.space.parameters import ParamValue
from automl.study.objective import SCORE, Objectives
from automl.study.ranking.rank import rank
from automl.study.trial import Trial

# pandas takes 0.4 s to import, so only the one function that needs it does so.
if TYPE_CHECKING:
    import pandas as pd

    Table: TypeAlias = pd.DataFrame

_DIGITS = 6
"""Significant digits of means and sums, whose last ones are noise."""


def results_table(
    trials: Iterable[Trial],
    space_names: Sequence[str],
    *,
    objectives: Objectives,
    full: bool = False,
) -> pd.DataFrame:
    """Return one row per trial, best first as `rank` has it, rows numbered from 0.

    The columns have two levels: `('params', name)` in alphabetical order, the results, and the
    metadata. Only what the study has is there:

    - `('results', metric)` for each metric that ranks or is constrained; `('results', 'score')`
      before them is their weighted sum; `('results', 'interval')` is the half width of the 95 %
      interval of the value's mean over its seeds, `('results', 'confirmed')` the mean over the
      fresh seeds. All are float64 with NaN for missing.
    - `('metadata', 'id')`; `front`, the number of the non-dominated front from 1, missing for
      trials that did not complete or break a constraint; `budget`, the largest one reached;
      `checkpoint_id`, the trial whose checkpoint it continued, -1 for none; and `reason` if
      there is one: why and where a trial ended early, or which constraint it breaks. A reason is
      empty for the others, for those that only wait with less than the whole budget, and the
      state's name where nothing else is known.

    A parameter's column is int64, float64 or bool when all its values are of that one type;
    otherwise it holds the values as they are. NaN, a float, stands where a trial lacks one.

    Args:
        trials: in any order and state.
        space_names: the parameters of the space; others that a trial has get a column as well.
        objectives: what the trials are ranked by.
        full: add to the metadata violation (if there are constraints), state, failure (its kind),
            reason, start (UTC), duration_s, attempts, exit_code, peak_memory_mb (of 10**6 bytes),
            cpu_s, measurements, launches (those that gave a result), avoided (combinations that
            were proposed for it, but had been tried) and origin (of its values).
    """
    import pandas as pd  # noqa: PLC0415 - slow

    ranked = rank(trials, objectives)
    names = sorted(set(space_names).union(*(trial.params for trial in ranked)))
    columns = columns_of(ranked, names, objectives, full=full)
    # The stubs allow no list of mixed values, which is what an object column is for.
    series = [
        pd.Series(cast("list[str]", values), dtype=dtype) for values, dtype in columns.values()
    ]
    frame = pd.DataFrame(dict(enumerate(series)))
    frame.columns = pd.MultiIndex.from_tuples(list(columns))
    return frame


def table_text(frame: pd.DataFrame, *, max_rows: int = 100, width: int = 80) -> str:
    """Return the table as `results_table` made it, ready to print.

    Parameters and results are shown without loss, but for means over seeds and weighted sums,
    which have six significant digits, and intervals, which have two. Other floats have at most
    three decimals; what is missing is `-`.

    Args:
        frame: the table.
        max_rows: rows shown at the most; a line below says how many more there are.
        width: columns of the terminal. Where reasons do not fit it, the table has their first
            words, and below it they are given in full, as are those of rows that are not shown.
            Nothing else is cut, so many parameters make longer lines.
    """
    shown = frame.head(max_rows)
    headers = cast("list[tuple[str, str]]", frame.columns.tolist())
    digits = _digits([name for group, name in headers if group == "results"])
    columns = [
        _column(group, name, shown.iloc[:, place], digits.get(name))
        for place, (group, name) in enumerate(headers)
    ]
    lines = layout([str(row) for row in shown.index], columns, width)
    if frame.empty:
        lines.append("(no trials)")
    elif len(frame) > len(shown):
        hidden = len(frame) - len(shown)
        lines.append(f"({hidden} more row{'s' * (hidden > 1)} not shown)")
    return "\n".join([*lines, *reasons_text(_cut_reasons(frame, columns), width)])


def _cut_reasons(frame: pd.DataFrame, columns: Sequence[Column]) -> list[tuple[int, str]]:
    """Return the id and the reason of each trial whose reason the table does not show in full."""
    shown = next((column.cells for column in columns if column.may_cut), None)
    if shown is None or ("metadata", "id") not in frame.columns:
        return []
    ids, reasons = frame["metadata", "id"].tolist(), frame["metadata", "reason"].tolist()
    cells = itertools.chain(shown, itertools.repeat(""))
    found = zip(ids, map(_metadata_text, reasons), cells, strict=False)
    return [(trial_id, reason) for trial_id, reason, cell in found if reason != cell]


def _digits(results: Sequence[str]) -> dict[str, int]:
    """Return how many significant digits the results have that are not shown in full."""
    if "interval" in results or "confirmed" in results:
        return dict.fromkeys(results, _DIGITS) | {"interval": 2}
    weighted = results[:1] == [SCORE] and len(results) > 2  # noqa: PLR2004 - its two objectives
    return {SCORE: _DIGITS} if weighted else {}


def _column(group: str, name: str, series: pd.Series[str], digits: int | None) -> Column:
    values: list[object] = list(series.tolist())
    if group == "results":
        floats = series.astype(float).tolist()
        if digits is not None:
            floats = [float(f"{value:.{digits}g}") for value in floats]
        cells = ["-" if text == "nan" else text for text in float_texts(floats)]
    elif group == "params":
        cells = [
            "-" if _is_nan(value) else value_text(cast("ParamValue", value)) for value in values
        ]
    else:
        missing = series.isna().tolist()
        cells = [
            "-" if gone else _metadata_text(value)
            for value, gone in zip(values, missing, strict=True)
        ]
    return Column(
        group=group,
        name=one_line(name),
        cells=cells,
        left=any(isinstance(value, str) for value in values),
        may_cut=(group, name) == ("metadata", "reason"),
    )


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _metadata_text(value: object) -> str:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}Z"
    return repr(round(value, 3)) if isinstance(value, float) else str(value)
