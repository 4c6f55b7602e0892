from hypothesis import given, settings
from hypothesis import strategies as st

from automl.report.layout import Column, cell_width, layout


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
        "1  10   0.1        2",
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


def test_a_cell_is_never_cut_below_twenty() -> None:
    columns = [column("g", "id", "7" * 30), column("g", "r", "x" * 99, left=True, may_cut=True)]
    assert layout(["0"], columns, 30)[2].split()[-1] == "x" * 17 + "..."
