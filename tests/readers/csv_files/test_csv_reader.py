"""Numbers in a column of a table, however the table is written, and what is told without one."""

import csv
import io
import math
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.readers.csv_files import records
from automl.readers.csv_files.reader import CsvReader
from automl.readers.follower import NO_MATCH_YET, Follower, Look
from automl.readers.registry import follow, make_reader

LIMIT = 1 << 20


def reader(**options: Any) -> CsvReader:
    made = make_reader("csv_reader", {"location": "x.csv", **options})
    assert isinstance(made, CsvReader)
    return made


def ended(follower: Follower) -> tuple[list[float], list[float] | None, dict[str, str]]:
    """Return the numbers that count, their steps, and what was told."""
    values: list[float] = []
    steps: list[float] | None = None
    warnings: dict[str, str] = {}
    more = True
    while more:
        look: Look = follower.read(ended=True, limit_bytes=LIMIT)
        more = look.more
        warnings |= look.warnings
        for points in look.measurements.values():
            values = list(points.values) if points.restarted else values + list(points.values)
            if points.steps is not None:
                steps = (steps or []) + list(points.steps)
    return values, steps, warnings


def opened(folder: Path, text: str | bytes, **options: Any) -> Follower:
    path = folder / "x.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return follow(reader(**options), str(path))


def read(folder: Path, text: str | bytes, **options: Any) -> list[float]:
    return ended(opened(folder, text, **options))[0]


YOLO = """                  epoch,         train/box_loss,        metrics/mAP50(B)
                      0,                0.84567,                 0.41235
                      1,                0.74567,                 0.51235
"""


@pytest.mark.parametrize(
    ("text", "column", "wanted"),
    [
        ("epoch,loss\n1,0.5\n2,0.25\n", "loss", [0.5, 0.25]),
        ("epoch;loss\n1;0.5\n", "loss", [0.5]),
        ("epoch\tval loss\n1\t0.5\n", "val loss", [0.5]),
        ("epoch|loss\n1|0.5\n", "loss", [0.5]),
        ("epoch  loss\n    1   0.5\n   10  0.25\n", "loss", [0.5, 0.25]),
        ("| epoch | loss |\n|-------|------|\n|     1 | 0.5  |\n", "loss", [0.5]),
        (YOLO, "metrics/mAP50(B)", [0.41235, 0.51235]),
        (YOLO, " metrics/mAP50(B) ", [0.41235, 0.51235]),
        ("sep=;\nepoch;a,b;loss\n1;2;0.5\n", "loss", [0.5]),
        ('epoch,"val, loss"\n1,0.5\n', "val, loss", [0.5]),
        ('epoch,name,loss\n1,"a ""b"", c",0.5\n', "loss", [0.5]),
        ('epoch,name,loss\n1,"a\nb,7\n9,8,7\nc",0.5\n2,"x",0.25\n', "loss", [0.5, 0.25]),
        ('epoch,name,loss\n1, "a, b" ,0.5\n', "loss", [0.5]),
        ('epoch,name,loss\n1,5" pipe,0.5\n2,6" pipe,0.4\n', "loss", [0.5, 0.4]),
        ('"loss"\n"0.5"\n', "loss", [0.5]),
        ('"epoch" "loss"\n1 "0.5"\n', "loss", [0.5]),
        ("\ufeffloss,epoch\n0.5,1\n", "loss", [0.5]),
        ("loss,epoch\r\n0.5,1\r\n0.25,2\r\n", "loss", [0.5, 0.25]),
        ("loss,epoch\r0.5,1\r0.25,2", "loss", [0.5, 0.25]),
        ("# run 3\n# made by x, y\nepoch,loss\n# half\n1,0.5\n", "loss", [0.5]),
        ("# epoch loss\n1 0.5\n2 0.25\n", "loss", [0.5, 0.25]),
        ("#epoch,loss\n1,0.5\n", "epoch", [1]),
        ("Results of run 3, by x\n\nepoch,loss\n1,0.5\n", "loss", [0.5]),
        ("epoch,loss\n1,\n2,0.5\n3,n/a\n4\n", "loss", [0.5]),
        ("epoch,loss\n1,0.5,\n2,0.25,,\n", "loss", [0.5, 0.25]),
        # A comma before decimals, or between thousands: no number, rather than a wrong one.
        ("epoch,loss\n1,0,5\n2,0.25\n", "loss", [0.25]),
        ("epoch;loss\n1;0,5\n2;1,234\n", "loss", []),
        ("epoch,loss\n1,1_000\n2,0x1f\n3,12k\n4,0.5\n", "loss", [0.5]),
        # A run that goes on writes its header again.
        ("epoch,loss\n1,0.5\nepoch,loss\n2,0.25\n", "loss", [0.5, 0.25]),
        ("epoch,loss\n1,0.5\nloss,lr,epoch\n0.25,7,2\n", "loss", [0.5, 0.25]),
        ("epoch,loss\n1,0.5\nepoch,loss,acc\n2,0.25,0.9\n", "acc", [0.9]),
        ("epoch,loss\n1,0.5\nepoch,lr,acc\n2,7,0.9\n", "loss", [0.5]),
        ("epoch,loss\n1,0.5\niter,metric\n2,7\n", "loss", [0.5]),
        ("split,loss\nval,0.5\ntrain,0.25\n", "loss", [0.5, 0.25]),
        ("split,val\nval,0.5\nval,0.25\n", "val", [0.5, 0.25]),
        ("loss,a,loss\n1,2,3\n", "loss", []),
        # R has no name for the first column.
        ('"loss" "acc"\n"1" 0.5 0.9\n', "loss", []),
        ("epoch,loss\n1,0.5", "loss", [0.5]),
        ("epoch,loss,lr\n1,0.5,7\n2,0.2", "loss", [0.5]),
        # A row that a crash cut off within quotes.
        ('epoch,name,loss\n1,a,0.5\n2,"som\n2,"some text",0.25\n', "loss", [0.5, 0.25]),
        ('epoch,name,loss\n1,a,0.5\n2,"some\n3,b,0.25\n', "loss", [0.5]),
        ("loss\n0.5\n0.25\n", "loss", [0.5, 0.25]),
        ("epoch,loss\n1,nan\n", "loss", [math.nan]),
        ("epoch,loss\n1,-inf\n2,1e400\n", "loss", [-math.inf, math.inf]),
        ("", "loss", []),
        ("epoch,loss\n", "loss", []),
    ],
)
def test_a_column_is_found_by_its_name(
    text: str, column: str, wanted: list[float], tmp_path: Path
) -> None:
    assert read(tmp_path, text, column=column) == pytest.approx(wanted, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "options", "wanted"),
    [
        ("epoch,loss\n1,0.5\n2,0.25\n", {"column": 1}, [0.5, 0.25]),
        ("epoch,loss\n1,0.5\n2,0.25\n", {"column": -1}, [0.5, 0.25]),
        ("epoch,loss\n1,0.5\n2,0.25\n", {"column": -2}, [1, 2]),
        ("epoch,loss\n1,0.5\n", {"column": 2}, []),
        ("epoch,loss\n1,0.5\n", {"column": -3}, []),
        ("1,0.5\n2,0.25\n", {"column": -1}, [0.5, 0.25]),
        ("1,0.5\n2,0.25\n", {"column": -1, "header": False}, [0.5, 0.25]),
        ("1,0.5\n2,0.25\n", {"column": -1, "header": True}, [0.25]),
        ("1 0.5\n2   0.25\n", {"column": -1}, [0.5, 0.25]),
        ("0.5\n0.25\n", {"column": 0}, [0.5, 0.25]),
        ("0.5\n0.25\n", {"column": -1}, [0.5, 0.25]),
        ("loss\n0.5\n", {"column": 0}, [0.5]),
        ("1,0.5\n2,0.25,7\n3,0.2\n", {"column": -1}, [0.5, 0.2]),
        ("| epoch | loss |\n|:--|--:|\n| 1 | 0.5 |\n", {"column": -1}, [0.5]),
        ("| epoch | loss |\n|:--|--:|\n| 1 | 0.5 |\n", {"column": 0}, [1]),
        ("a|loss|c\n|0.5|\n", {"column": "loss"}, [0.5]),
        ("a|loss|c\n|0.5|0.25\n", {"column": 1}, [0.5]),
        ("1,0.5\na,b,c\n2,0.25,7\n", {"column": -1}, [0.5, 7]),
        ("a;b\n1;0,5\n2;1e3\n3;1.2\n4;-7\n", {"column": "b", "decimal": ","}, [0.5, 1000, -7]),
        ("1;0,5\n", {"column": 1, "decimal": ","}, [0.5]),
        ("1 0,5\n", {"column": 1, "decimal": ","}, [0.5]),
        ("a,b;loss\n1;0.5\n", {"column": "loss", "delimiter": ";"}, [0.5]),
        ("a;b:loss\n1:0.5\n", {"column": "loss", "delimiter": ":"}, [0.5]),
        ("a b\tloss\n1\t0.5\n", {"column": "loss", "delimiter": "\\t"}, [0.5]),
        ("a,b c\n1 0.5\n", {"column": "c", "delimiter": " "}, [0.5]),
        ("epoch,val_acc\n1,0.5\n", {"metric": "val_acc"}, [0.5]),
    ],
)  # fmt: skip
def test_options_tell_what_is_not_found(
    text: str, options: dict[str, Any], wanted: list[float], tmp_path: Path
) -> None:
    assert read(tmp_path, text, **options) == wanted


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_marks_of_encodings_are_heeded(encoding: str, tmp_path: Path) -> None:
    assert read(tmp_path, "größe,loss\n3,0.5\n".encode(encoding), column="größe") == [3]


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"column": "loss", "step": "epoch"}, [1, 5]),
        ({"column": "loss", "step": 0}, [1, 5]),
        ({"column": "loss", "step": -1}, [10, 50]),
        ({"column": "loss"}, None),
    ],
)
def test_a_step_is_that_of_the_row(
    options: dict[str, Any], wanted: list[float] | None, tmp_path: Path
) -> None:
    follower = opened(tmp_path, "epoch,loss,iter\n1,0.5,10\n5,0.25,50\n", **options)
    assert ended(follower)[1] == wanted


def test_without_the_column_of_the_step_that_is_told(tmp_path: Path) -> None:
    _, steps, told = ended(opened(tmp_path, "iter,loss\n1,2\n", column="loss", step="epoch"))
    assert steps is not None
    assert math.isnan(steps[0])
    assert "no column 'epoch' for their steps; it has 'iter', 'loss'" in told["no steps"]


def test_a_growing_file_gives_each_row_once_its_line_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    follower = follow(reader(column="loss"), str(path))
    found: list[tuple[float, ...]] = []
    for text in ("epoch,lo", "ss\n1,0.", "5\n2,0.25\n", '3,"', '0.1"\n'):
        with path.open("a") as file:
            file.write(text)
        look = follower.read(ended=False, limit_bytes=LIMIT)
        found += [points.values for points in look.measurements.values()]
    assert found == [(0.5, 0.25), (0.1,)]


@pytest.mark.parametrize(
    ("text", "column", "told"),
    [
        ("a,val_loss\n1,2\n", "loss", "no column 'loss' in /x.csv; it has 'val_loss', 'a'"),
        ("results\na,val_loss\n1,2\n", "loss", "it has 'val_loss', 'a'"),
        ("a,loss\n", "loss", "has a header and no row"),
        ("a,loss\n1,\n2,\n", "loss", "has only empty cells in its 2 rows"),
        ("a,loss\nx,bad\n", "loss", "column 'loss' has 'bad' in line 2 of /x.csv: no number"),
        ("a,loss\nb,lr\n1,2\n", "loss", "is not read. If it is no header: header=True"),
        ("a,loss\n1,bad 7\n", "loss", "column 'loss' has 'bad 7' in line 2 of /x.csv: no number"),
        ("a;loss\n1;0,5\n", "loss", "of /x.csv: no number; if its comma stands before decimals: "),
        ("a,loss\n1,0,5\n", "loss", "line 2, '1,0,5', has 3 cells where those before have 2"),
        ("a,loss\n1,0.5\n", 5, "no column 5 in /x.csv, whose rows have 2 cells"),
        ("loss,x,loss\n1,2,3\n", "loss", "in which 'loss' stands 2 times; give the place"),
        ("# only\n\n", "loss", "has only comments and blanks"),
        ("", "loss", "/x.csv is empty, so there is no column 'loss'"),
        ('a,loss\n1,"x\n', "loss", "a quoted cell that begins in line 2 does not end"),
    ],
)  # fmt: skip
def test_what_is_there_instead_is_told(
    text: str, column: str | int, told: str, tmp_path: Path
) -> None:
    follower = opened(tmp_path, text, column=column)
    assert ended(follower)[0] == []
    found = follower.problem().replace(str(tmp_path), "").replace('"', "'")
    assert told in found
    assert "\n" not in found


def test_another_header_is_told(tmp_path: Path) -> None:
    text = "epoch,loss\n1,0.5\nepoch,lr,acc\n2,7,0.9\n"
    told = ended(opened(tmp_path, text, column="loss"))[2]
    assert "another header without it in line 3, 'epoch,lr,acc'" in told["another header"]


WIDE = "epoch,loss,note\n1,0.5,ok\n{}\n2,0.25,ok\n"


@pytest.mark.parametrize(
    ("text", "options", "wanted"),
    [
        (WIDE.format("summary,,good"), {}, [0.5, 0.25]),
        (WIDE.format("summary,best,"), {}, [0.5, 0.25]),
        (WIDE.format("Saving model, please wait"), {}, [0.5, 0.25]),
        (WIDE.format("Saving model, please wait\n-----"), {}, [0.5, 0.25]),
        (WIDE.format("Saved, as usual, without any error"), {}, [0.5, 0.25]),
        (WIDE.format("one,more,long,line"), {}, [0.5, 0.25]),
        (WIDE.format("failed,failed,none of it"), {}, [0.5, 0.25]),
        (WIDE.format("a,b,c\nd,e,f,g"), {}, [0.5, 0.25]),
        (WIDE.format("failed,why,so"), {"header": True}, [0.5, 0.25]),
        (WIDE.format("failed,why,so"), {}, [0.5]),
        (WIDE.format("note,loss,epoch\nok,7,3"), {"header": True}, [0.5, 7, 0.25]),
        (WIDE.format("Saving model, please wait"), {"column": 1}, [0.5, 0.25]),
        (WIDE.format("one,more,long,line"), {"column": 1}, [0.5, 0.25]),
        ("loss\n0.5\nSaving model, please wait\n0.25\n", {}, [0.5, 0.25]),
        ("epoch,loss\n1,0.5\nSaving model, please wait\n2,0.25\n", {}, [0.5, 0.25]),
        ("epoch,loss\n1,0.5\na,b\n# epoch,loss\n2,0.25\n", {}, [0.5, 0.25]),
        # Names, not a message.
        ("epoch,loss\n1,0.5\nepoch,val loss\n2,7\n", {}, [0.5]),
        ("| epoch | loss |\n| 1 | 0.5 |\n| epoch | lr |\n|---|---|\n| 2 | 7 |\n", {}, [0.5]),
        (",loss,acc\n0,0.5,1\n,lr,size\n0,7,1\n", {}, [0.5]),
    ],
)
def test_texts_between_rows_are_no_header_unless_the_next_row_fits(
    text: str, options: dict[str, Any], wanted: list[float], tmp_path: Path
) -> None:
    assert read(tmp_path, text, **{"column": "loss", **options}) == wanted


def test_texts_at_the_end_of_a_piece_wait_for_the_row_behind_them(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    follower = follow(reader(column="loss"), str(path))
    found: list[float] = []
    for text in ("epoch,loss\n1,0.5\n", "one,more,text\n", "2,0.25\n", "epoch,lr\n", "3,7\n"):
        with path.open("a") as file:
            file.write(text)
        look = follower.read(ended=False, limit_bytes=LIMIT)
        found += [one for points in look.measurements.values() for one in points.values]
    assert found == [0.5, 0.25]


def test_silence_is_told_while_the_program_runs(tmp_path: Path) -> None:
    follower = opened(tmp_path, "epoch,val_loss\n", column="loss")
    told = ""
    for epoch in range(8):
        with (tmp_path / "x.csv").open("a") as file:
            file.write(f"{epoch},0.5\n")
        look = follower.read(ended=False, limit_bytes=LIMIT)
        told = look.warnings.get(NO_MATCH_YET, "")
    assert "it has 'val_loss', 'epoch'" in told


def test_a_line_without_end_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LONGEST_CHARS", 100)
    path = tmp_path / "x.csv"
    path.write_text("epoch,loss\n1,0.5\n2," + "9" * 300)
    follower = follow(reader(column="loss"), str(path))
    assert follower.read(ended=False, limit_bytes=LIMIT).measurements["metric"].values == (0.5,)
    with path.open("a") as file:
        file.write("9,7\n3,0.25\n")
    look = follower.read(ended=True, limit_bytes=LIMIT)
    assert look.measurements["metric"].values == (0.25,)
    assert "line 3 has more than 100 characters is left out" in look.left_out


def test_a_cell_without_end_costs_little(tmp_path: Path) -> None:
    text = 'a,loss\n1,"x\n' + 'y"z\n' * 3000
    assert read(tmp_path, text, column="loss") == []
    assert read(tmp_path, 'a,loss\n1,"x\n' + "7,7\n" * 1000, column="loss") == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "column must be a name in the header"),
        ({"column": True}, "column must be"),
        ({"column": 0.5}, "column must be"),
        ({"column": "a", "step": None}, "step must be a column"),
        ({"column": "a", "header": "yes"}, "header must be True, False or None"),
        ({"column": "a", "header": False}, "column 'a' is a name, but there is no header"),
        ({"column": 0, "step": "b", "header": False}, "column 'b' is a name"),
        ({"column": "a", "delimiter": "::"}, "delimiter must be one character"),
        ({"column": "a", "delimiter": 7}, "delimiter must be one character"),
        ({"column": "a", "decimal": ";"}, "decimal must be '.' or ','"),
        ({"column": "a", "decimal": ",", "delimiter": ","}, "are both ','"),
    ],
)
def test_a_mistake_in_a_description_is_told(options: dict[str, Any], told: str) -> None:
    with pytest.raises(SpecError, match=told):
        reader(**options)


NOTES = st.text(st.sampled_from("ab ,;|\"\n\r\t'7."), max_size=8)


@given(
    rows=st.lists(st.tuples(NOTES, st.floats(-1e6, 1e6), NOTES), min_size=1, max_size=5),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_what_python_writes_is_read_as_it_was_meant(
    rows: list[tuple[str, float, str]], delimiter: str, quoting: Any
) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting)
    writer.writerows([("note", "loss", "more"), *rows])
    with tempfile.TemporaryDirectory() as folder:
        assert read(Path(folder), file.getvalue(), column="loss") == [one for _, one, _ in rows]
