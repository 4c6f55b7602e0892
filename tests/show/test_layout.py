import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.show.layout import Column, cell_width, layout


def column(group: str, name: str, *cells: str, left: bool = False, may_cut: bool = False) -> Column:
    return Column(group=group, name=name, cells=list(cells), left=left, may_cut=may_cut)


def test_group_stands_once_above_its_columns() -> None:
    columns = [
        column("params", "d", "2", "10"),
        column("params", "lr", "0.32", "0.1"),
        column("results", "m", "1", "2"),
    ]
    assert layout(["0", "1"], columns, 80) == [
        "   params    results",
        "    d    lr        m",
        "0   2  0.32        1",
        "1  10  0.1         2",
    ]


def test_wide_characters_take_two_columns() -> None:
    assert cell_width("漢字e\u0301") == 5
    columns = [column("g", "n", "漢字", "ab", left=True), column("g", "m", "1", "2")]
    assert layout(["0", "1"], columns, 80)[2:] == ["0  漢字  1", "1  ab    2"]


@settings(deadline=None)
@given(st.text(st.characters(categories=["L", "N"]), max_size=200), st.integers(40, 120))
def test_a_cut_cell_ends_at_the_width(text: str, width: int) -> None:
    columns = [column("g", "id", "7"), column("g", "reason", text, left=True, may_cut=True)]
    line = layout(["0"], columns, width)[2]
    assert cell_width(line) <= width
    assert text in line or line.endswith("...")


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("exit code 3: ValueError: too deep", 40, "exit code 3: ValueError: too deep"),
        ("exit code 3: ValueError: too deep", 25, "exit code 3"),
        ("exit code 3: )", 20, "exit code 3: )"),
        ("stopped early (median): 0.5 is worse", 25, "stopped early (median)"),
        ("stopped early (median): 0.5 is worse", 21, "stopped early"),
        ("out of memory (killed by SIGKILL: x)", 34, "out of memory"),
        ("no number was found anywhere", 20, "no number was fou..."),
    ],
)
def test_a_long_cell_keeps_what_stands_before_its_details(text: str, room: int, shown: str) -> None:
    columns = [column("g", "id", "7"), column("g", "reason", text, left=True, may_cut=True)]
    # The row's number, the column "id" and two gaps take seven.
    assert layout(["0"], columns, 7 + room)[2] == f"0   7  {shown}"


def test_a_column_is_no_wider_than_what_is_left_of_its_cells() -> None:
    columns = [
        column("g", "reason", "exit code 3: " + "x" * 99, left=True, may_cut=True),
        column("g", "n", "1"),
    ]
    assert layout(["0"], columns, 40)[2] == "0  exit code 3  1"


def test_a_cell_is_never_cut_below_twenty() -> None:
    columns = [column("g", "id", "7" * 30), column("g", "r", "x" * 99, left=True, may_cut=True)]
    assert layout(["0"], columns, 30)[2].split()[-1] == "x" * 17 + "..."
