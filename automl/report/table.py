"""The table of results, as a pandas frame and as text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, cast

from automl.report.layout import Column, layout
from automl.report.lines import float_texts, one_line, value_text
from automl.report.ranking import rank
from automl.spec.objective import Direction
from automl.spec.parameters import ParamValue
from automl.spec.trial import Trial, TrialState

# pandas takes 0.4 s to import, so only the one function that needs it does so.
if TYPE_CHECKING:
    import pandas as pd

    Table: TypeAlias = pd.DataFrame

_Typed: TypeAlias = tuple[Sequence[object], str]
"""The values of a column and the name of its dtype."""

_BYTES_PER_MB = 1_000_000
_MISSING = math.nan


def results_table(
    trials: Iterable[Trial],
    space_names: Sequence[str],
    *,
    metric: str,
    direction: Direction,
    full: bool = False,
) -> pd.DataFrame:
    """Return one row per trial, best first, rows numbered from 0.

    The columns have two levels: `('params', name)` in alphabetical order, `('results', metric)`,
    `('metadata', 'id')`, and `('metadata', 'reason')` if a trial did not complete. A reason is
    empty for completed trials, and the state's name where nothing else is known.

    A parameter's column is int64, float64 or bool when all its values are of that one type;
    otherwise it holds the values as they are. NaN, a float, stands where a trial lacks one.

    Args:
        trials: in any order and state.
        space_names: the parameters of the space; others that a trial has get a column as well.
        metric: name of the value's column, float64 with NaN for missing.
        direction: which value is better.
        full: add to the metadata state, failure (its kind), reason, start (UTC), duration_s,
            attempts, exit_code, peak_memory_mb (of 10**6 bytes), cpu_s and measurements.
    """
    import pandas as pd  # noqa: PLC0415 - slow

    ranked = rank(trials, direction)
    names = sorted(set(space_names).union(*(trial.params for trial in ranked)))
    columns = {
        ("params", name): _param_column([trial.params.get(name, _MISSING) for trial in ranked])
        for name in names
    }
    columns["results", metric] = [trial.value for trial in ranked], "float64"
    columns["metadata", "id"] = [trial.id for trial in ranked], "int64"
    metadata = _metadata(ranked) if full else _reasons(ranked)
    columns.update((("metadata", name), column) for name, column in metadata.items())
    # The stubs allow no list of mixed values, which is what an object column is for.
    series = [
        pd.Series(cast("list[str]", values), dtype=dtype) for values, dtype in columns.values()
    ]
    frame = pd.DataFrame(dict(enumerate(series)))
    frame.columns = pd.MultiIndex.from_tuples(list(columns))
    return frame


def _param_column(values: Sequence[ParamValue]) -> _Typed:
    kinds = {type(value) for value in values}
    if kinds == {bool}:
        return values, "bool"
    if kinds == {int}:
        fits = all(-(2**63) <= value < 2**63 for value in values if isinstance(value, int))
        return values, "int64" if fits else "object"
    if kinds == {float}:
        return values, "float64"
    return values, "object"


def _reasons(ranked: Sequence[Trial]) -> dict[str, _Typed]:
    if all(trial.state is TrialState.COMPLETED for trial in ranked):
        return {}
    return {"reason": ([_reason(trial) for trial in ranked], "object")}


def _reason(trial: Trial) -> str:
    return "" if trial.state is TrialState.COMPLETED else one_line(trial.reason) or str(trial.state)


def _metadata(ranked: Sequence[Trial]) -> dict[str, _Typed]:
    exits = [trial.exit for trial in ranked]
    memory = [end.peak_memory_bytes if end else None for end in exits]
    return {
        "state": ([str(trial.state) for trial in ranked], "object"),
        "failure": ([str(trial.failure or "") for trial in ranked], "object"),
        "reason": ([_reason(trial) for trial in ranked], "object"),
        "start": ([trial.started_at for trial in ranked], "datetime64[us, UTC]"),
        "duration_s": ([trial.duration_s for trial in ranked], "float64"),
        "attempts": ([trial.attempts for trial in ranked], "int64"),
        "exit_code": ([end.code if end else None for end in exits], "Int64"),
        "peak_memory_mb": ([m if m is None else m / _BYTES_PER_MB for m in memory], "float64"),
        "cpu_s": ([end.cpu_s if end else None for end in exits], "float64"),
        "measurements": ([trial.measurements for trial in ranked], "int64"),
    }


def table_text(frame: pd.DataFrame, *, max_rows: int = 100, width: int = 80) -> str:
    """Return the table as `results_table` made it, ready to print.

    Values of parameters and results are shown without loss, other floats with at most three
    decimals; what is missing is `-`.

    Args:
        frame: the table.
        max_rows: rows shown at the most; a last line says how many more there are.
        width: columns of the terminal; reasons are cut to fit it, but not below 20 characters.
            Nothing else is cut, so many parameters make longer lines.
    """
    shown = frame.head(max_rows)
    headers = cast("list[tuple[str, str]]", frame.columns.tolist())
    columns = [
        _column(group, name, shown.iloc[:, place]) for place, (group, name) in enumerate(headers)
    ]
    lines = layout([str(row) for row in shown.index], columns, width)
    if frame.empty:
        lines.append("(no trials)")
    elif len(frame) > len(shown):
        hidden = len(frame) - len(shown)
        lines.append(f"({hidden} more row{'s' * (hidden > 1)} not shown)")
    return "\n".join(lines)


def _column(group: str, name: str, series: pd.Series[str]) -> Column:
    values: list[object] = list(series.tolist())
    if group == "results":
        cells = [
            "-" if text == "nan" else text for text in float_texts(series.astype(float).tolist())
        ]
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
