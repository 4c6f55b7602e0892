"""How a table is cut for a terminal, and what is said of what is not shown."""

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.show.columns import Columns, table_columns
from automl.show.fitting import Extent
from automl.show.layout import cell_width
from automl.show.table_text import table_text
from automl.study.objective import Objective, Objectives
from automl.study.trial import Trial, TrialState

MakeTrial = Callable[..., Trial]


def columns(trials: list[Trial], objectives: Objectives | None = None) -> Columns:
    return table_columns(trials, [], objectives=objectives or Objectives(), full=False)


def wide(completed: MakeTrial, count: int, rows: int = 3) -> Columns:
    names = [f"parameter_{number:02d}" for number in range(count)]
    return columns(
        [completed(row, 0.5 + row / 7, **dict.fromkeys(names, row / 3)) for row in range(rows)]
    )


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_wide_table_fits_the_terminal_and_says_what_is_left_out(
    completed: MakeTrial, width: int
) -> None:
    shown = table_text(wide(completed, 40), Extent(width=width, fits=True), file="x/results.csv")
    assert max(map(len, shown.splitlines())) <= width
    left = len([word for word in shown.splitlines()[1].split() if word.startswith("parameter")])
    assert f"+{40 - left} columns (" in shown
    assert "all with every digit: x/results.csv" in " ".join(shown.split())


def test_the_parameters_that_matter_most_stay(completed: MakeTrial) -> None:
    def importance() -> dict[str, float]:
        return {"parameter_31": 0.7, "parameter_05": 0.2}

    shown = table_text(wide(completed, 40), Extent(width=50, fits=True), importance=importance)
    assert shown.splitlines()[1].split() == ["parameter_05", "parameter_31", "metric", "id"]


def test_nobody_is_asked_what_matters_where_all_fits(completed: MakeTrial) -> None:
    def importance() -> dict[str, float]:
        raise AssertionError

    made = columns([completed(0, 0.5, lr=0.1), completed(1, 0.6, lr=0.2)])
    assert "lr" in table_text(made, Extent(width=80, fits=True), importance=importance)
    assert len(table_text(wide(completed, 40), Extent(width=80)).splitlines()[1]) > 400


def test_six_digits_are_shown_and_points_stand_below_each_other(completed: MakeTrial) -> None:
    trials = [
        completed(0, 0.98765432198, lr=1.23456789e-05, x=12345.678901, k=1),
        completed(1, 0.5, lr=0.0123456789, x=-0.5, k=-10),
    ]
    assert table_text(columns(trials)).splitlines() == [
        "   params                     results   metadata",
        "     k           lr        x    metric        id",
        "0    1  1.23457e-05  12345.7  0.987654         0",
        "1  -10  0.0123457       -0.5  0.500000         1",
    ]


@pytest.mark.parametrize("long", ["/data/" + "x" * 300 + "/train.csv", "漢字" * 90])
def test_a_long_value_is_cut_and_not_the_row(completed: MakeTrial, long: str) -> None:
    trials = [completed(0, 0.25, data=long, lr=0.125), completed(1, 0.5, data="b", lr=0.5)]
    lines = table_text(columns(trials), Extent(width=80, fits=True)).splitlines()
    assert max(map(cell_width, lines)) <= 80
    assert "..." in lines[3]
    assert lines[3].split()[-3:] == ["0.125", "0.25", "0"]
    assert lines[1].split() == ["data", "lr", "metric", "id"]
    assert long[-2:] in lines[3]


def test_a_long_name_is_cut_unless_another_would_look_the_same(completed: MakeTrial) -> None:
    names = ["a", "b", "the.number.of.layers.of.the.decoder"]
    long = [f"optimizer.schedule.{name}.linear.learning_rate" for name in "ab"]
    trials = [completed(row, 0.5, **dict.fromkeys([*names, *long], row)) for row in range(2)]
    lines = table_text(columns(trials), Extent(width=140, fits=True)).splitlines()
    assert lines[1].split() == ["a", "b", *long, "the.number...the.decoder", "metric", "id"]


def test_a_value_that_never_changed_is_told_below(completed: MakeTrial) -> None:
    trials = [completed(row, 0.5 + row, d=2, name="a b", lr=row / 2) for row in range(3)]
    lines = table_text(columns(trials)).splitlines()
    assert lines[1].split() == ["lr", "metric", "id"]
    assert lines[-1] == "the same in all trials: d=2 name='a b'"
    assert "the same" not in table_text(columns(trials[:1]))
    # 1, 1.0 and True are three values.
    kinds = [completed(0, 0.1, x=1), completed(1, 0.2, x=1.0), completed(2, 0.3, x=True)]
    assert "the same" not in table_text(columns(kinds))


def test_what_ranks_and_the_id_are_always_shown(completed: MakeTrial) -> None:
    same = [completed(row, 0.5, x=1) for row in range(2)]
    assert table_text(columns(same)).splitlines()[1].split() == ["metric", "id"]
    shown = table_text(wide(completed, 9), Extent(width=1, fits=True))
    assert shown.splitlines()[1].split() == ["metric", "id"]


def test_reasons_of_rows_that_are_not_shown_take_no_column(completed: MakeTrial) -> None:
    bad = Trial(id=9, params={"x": 1}, state=TrialState.FAILED, reason="exit code 1: boom")
    made = columns([completed(0, 0.5, x=2), completed(1, 0.4, x=3), bad])
    shown = table_text(made, Extent(rows=2)).splitlines()
    assert shown[1].split() == ["x", "metric", "id"]
    assert shown[-2:] == ["reasons in full:", "  trial 9: exit code 1: boom"]
    assert "reason" in table_text(made).splitlines()[1]


def test_a_reason_that_has_no_room_is_told_below(completed: MakeTrial) -> None:
    bad = Trial(id=9, params={"x": 1}, state=TrialState.FAILED, reason="exit code 1: boom " * 4)
    made = columns([completed(0, 0.5, x=2), bad])
    shown = table_text(made, Extent(width=30, fits=True)).splitlines()
    assert shown[1].split() == ["x", "metric", "id"]
    assert "reasons in full:" in shown


def test_further_results_are_left_out_before_the_first(completed: MakeTrial) -> None:
    both = Objectives((Objective(metric="accuracy_on_the_test_set"), Objective(metric="ms")))
    trials = [
        dataclasses.replace(
            completed(row, 0.5 + row, x=row, y=row / 3),
            metrics={"accuracy_on_the_test_set": 0.5 + row, "ms": row},
        )
        for row in range(2)
    ]
    names = table_text(columns(trials, both), Extent(width=38, fits=True)).splitlines()[1].split()
    assert names[-1] == "id"
    assert "ms" not in names


VALUES = st.one_of(
    st.floats(), st.integers(), st.booleans(), st.none(), st.text(max_size=120), st.lists(st.text())
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=5),
    st.integers(20, 120),
)
def test_any_values_fit_any_terminal(rows: list[list[object]], width: int) -> None:
    trials = [
        Trial(
            id=number,
            params={f"p{place}": value for place, value in enumerate(values)},
            state=TrialState.COMPLETED,
            value=float(number),
        )
        for number, values in enumerate(rows)
    ]
    lines = table_text(columns(trials), Extent(width=width, fits=True)).splitlines()
    assert max(cell_width(line) for line in lines[: 2 + len(rows)]) <= max(width, 20)
    assert len(lines) >= 2 + len(rows)


def test_letters_that_a_stream_lacks_keep_the_columns_in_line(completed: MakeTrial) -> None:
    trials = [completed(0, 0.25, größe="漢字", n=1), completed(1, 0.5, größe="b", n=2)]
    lines = table_text(columns(trials), Extent(encoding="ascii")).splitlines()
    assert lines[1].split() == [r"gr\xf6\xdfe", "n", "metric", "id"]
    assert len({line.index("0.") for line in lines[2:]}) == 1
    assert lines[3].startswith(r"1  \u6f22\u5b57 ")
    assert (
        table_text(columns(trials), Extent(encoding="no such"))
        .splitlines()[3]
        .startswith("1  漢字")
    )
