import dataclasses
import math
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.show.columns import Columns, table_columns
from automl.show.fitting import Extent
from automl.show.table import results_table
from automl.show.table_text import table_text
from automl.space.parameters import ParamValue
from automl.study.launch import Exit
from automl.study.objective import Objectives
from automl.study.trial import Trial, TrialState

MakeTrial = Callable[..., Trial]
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5)
)
PARAM_VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=2),
    st.dictionaries(st.text(max_size=2), SCALARS, max_size=2),
)
COLUMNS = st.one_of(
    st.lists(st.integers(), min_size=1, max_size=6),
    st.lists(st.booleans(), min_size=1, max_size=6),
    st.lists(st.floats(allow_nan=False), min_size=1, max_size=6),
    st.lists(PARAM_VALUES, min_size=1, max_size=6),
)


def table(trials: list[Trial], *names: str, full: bool = False) -> pd.DataFrame:
    return results_table(trials, names, objectives=Objectives(), full=full)


def columns(trials: list[Trial], *names: str, full: bool = False) -> Columns:
    return table_columns(trials, names, objectives=Objectives(), full=full)


def exact(value: object) -> tuple[type, str]:
    return type(value), repr(value)


@settings(deadline=None)
@given(COLUMNS)
def test_types_are_kept(values: list[ParamValue]) -> None:
    trials = [
        Trial(id=number, params={"x": value}, state=TrialState.COMPLETED, value=float(-number))
        for number, value in enumerate(values)
    ]
    column = table(trials, "x")["params", "x"]
    assert [exact(value) for value in column.tolist()] == [exact(value) for value in values]
    kinds = {type(value) for value in values}
    if kinds == {bool}:
        assert column.dtype == "bool"
    if kinds == {float}:
        assert column.dtype == "float64"
    if kinds == {int} and all(abs(value) < 2**63 for value in values):
        assert column.dtype == "int64"


@settings(deadline=None, max_examples=40)
@given(COLUMNS, st.text(min_size=1, max_size=8))
def test_any_value_makes_one_line_a_row(values: list[ParamValue], name: str) -> None:
    trials = [
        Trial(id=number, params={name: value}, state=TrialState.FAILED, reason=name)
        for number, value in enumerate(values)
    ]
    lines = table_text(columns(trials, name, full=True), Extent(width=10_000)).splitlines()
    same = len(values) > 1
    assert len(lines) == 2 + len(values) + same
    assert lines[-1].startswith("the same in all trials: ") == same


def test_columns_are_alphabetical_and_rows_best_first(completed: MakeTrial) -> None:
    frame = table([completed(0, 0.1, b=1, a=2), completed(1, 0.3, b=3, a=4)], "b", "a")
    assert frame.columns.tolist() == [
        ("params", "a"),
        ("params", "b"),
        ("results", "metric"),
        ("metadata", "id"),
    ]
    assert frame.index.tolist() == [0, 1]
    assert frame["metadata", "id"].tolist() == [1, 0]
    assert frame["params"]["a"].dtype == "int64"
    assert frame["results", "metric"].dtype == "float64"


def test_a_parameter_of_another_space_has_a_column(completed: MakeTrial) -> None:
    frame = table([completed(0, 0.2, a=1, old=7), completed(1, 0.1, a=2)], "a", "unused")
    assert frame["params"].columns.tolist() == ["a", "old", "unused"]
    old = frame["params", "old"].tolist()
    assert exact(old[0]) == exact(7)
    assert math.isnan(old[1])
    assert frame["params", "a"].dtype == "int64"


def test_reasons_appear_with_the_first_trial_that_did_not_complete(completed: MakeTrial) -> None:
    good = completed(0, 0.2, a=1)
    bad = Trial(id=1, params={"a": 2}, state=TrialState.FAILED, reason="exit code 1:\nboom")
    cut_short = dataclasses.replace(good, id=2, state=TrialState.STOPPED)
    assert ("metadata", "reason") not in table([good], "a")
    frame = table([bad, good, cut_short], "a")
    assert frame["metadata", "reason"].tolist() == ["", "stopped", r"exit code 1:\nboom"]
    assert math.isnan(frame["results", "metric"].iloc[2])


def test_full_metadata(completed: MakeTrial) -> None:
    start = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    ended = Exit(code=0, peak_memory_bytes=1_500_000, cpu_s=1.25)
    good = dataclasses.replace(completed(0, 0.2), started_at=start, exit=ended)
    frame = table([good, Trial(id=1, params={})], full=True)["metadata"]
    assert frame.columns.tolist() == [
        *("id", "state", "failure", "reason", "start", "duration_s", "attempts", "exit_code"),
        *("peak_memory_mb", "cpu_s", "measurements", "launches", "avoided", "origin"),
    ]
    assert frame.iloc[0].tolist() == [
        0,
        "completed",
        "",
        "",
        start,
        2.1,
        1,
        0,
        1.5,
        1.25,
        3,
        0,
        0,
        "",
    ]
    assert frame["start"].dt.tz is UTC
    assert frame.iloc[1].isna().tolist() == [
        *([False] * 4),
        True,
        True,
        False,
        *([True] * 3),
        *([False] * 4),
    ]


def test_golden_text(completed: MakeTrial) -> None:
    trials = [
        completed(0, 0.9085, n=50, lr=0.32, d=2, s=2),
        completed(7, 0.916, n=90, lr=0.01, d=2, s=2),
        completed(2, 0.25, n=10, lr=0.1, d=2, s=2),
    ]
    assert table_text(columns(trials, "n", "lr", "d", "s")).splitlines() == [
        "   params    results  metadata",
        "     lr   n   metric        id",
        "0  0.01  90   0.9160         7",
        "1  0.32  50   0.9085         0",
        "2  0.1   10   0.2500         2",
        "the same in all trials: d=2 s=2",
    ]


def test_golden_text_with_failures(completed: MakeTrial) -> None:
    reason = "exit code 1: ValueError: the learning rate must be below one, it was 3.2"
    trials = [
        completed(0, 0.9085, opt="adam", n=None),
        Trial(id=1, params={"opt": "a\nb"}, state=TrialState.FAILED, reason=reason),
    ]
    assert table_text(columns(trials, "opt", "n")).splitlines() == [
        "   params        results  metadata",
        "      n  opt      metric  id  reason",
        "0  None  adam     0.9085   0",
        r"1     -  'a\nb'        -   1  exit code 1",
        "reasons in full:",
        "  trial 1: exit code 1: ValueError: the learning rate must be below one, it was",
        "    3.2",
    ]
    assert "in full" not in table_text(columns(trials, "opt", "n"), Extent(width=120))


def test_text_of_full_metadata(completed: MakeTrial) -> None:
    start = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    good = dataclasses.replace(completed(0, 0.2), started_at=start, duration_s=2.123456)
    row = table_text(columns([good], full=True), Extent(width=200)).splitlines()[-1]
    assert row.split() == [
        *("0", "0.2", "0", "completed", "2026-01-02", "03:04:05Z", "2.123"),
        *("1", "-", "-", "-", "3", "0", "0"),
    ]


def test_rows_beyond_the_limit_are_counted(completed: MakeTrial) -> None:
    made = columns([completed(number, float(number)) for number in range(103)])
    lines = table_text(made).splitlines()
    assert len(lines) == 2 + 103
    shown = table_text(made, Extent(rows=100), file="x/results.csv").splitlines()
    assert len(shown) == 2 + 100 + 1
    assert shown[-1] == "+3 rows; all with every digit: x/results.csv"
    assert table_text(made, Extent(rows=102)).endswith("\n+1 row")
    assert "+" not in table_text(made, Extent(rows=103))


def test_rows_beyond_the_limit_have_their_reasons_below(completed: MakeTrial) -> None:
    bad = [
        Trial(id=number, params={}, state=TrialState.FAILED, reason="exit code 1: boom")
        for number in (1, 2)
    ]
    made = columns([completed(0, 0.5), *bad])
    assert table_text(made, Extent(rows=2)).splitlines()[-3:] == [
        "+1 row",
        "reasons in full:",
        "  trial 2: exit code 1: boom",
    ]


def test_no_trials() -> None:
    frame = table([], "a")
    assert frame["params", "a"].tolist() == []
    assert table_text(columns([], "a")).endswith("\n(no trials)")


def test_importing_the_room_loads_neither_pandas_nor_rich() -> None:
    code = (
        "import sys, automl.show.table, automl.show.table_text, automl.show.live.view;"
        "sys.exit(bool({'pandas', 'rich'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_text_needs_no_pandas() -> None:
    code = (
        "import sys\n"
        "from automl.show.columns import table_columns\n"
        "from automl.show.fitting import Extent\n"
        "from automl.show.table_text import table_text\n"
        "from automl.study.objective import Objectives\n"
        "from automl.study.trial import Trial\n"
        "columns = table_columns([Trial(id=0, params={'x': 1})], [], objectives=Objectives(),"
        " full=True)\n"
        "print(table_text(columns, Extent(width=300)))\n"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
