"""Numbers with a decimal comma, and patterns over both streams."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.readers.named.reader import StdoutReader
from automl.readers.numbers.decimal import with_points
from automl.readers.registry import follow, make_reader
from automl.study.tasks.reader import LocalReader


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("loss: 0,93, acc: 0,5", "loss: 0.93, acc: 0.5"),
        ("loss=-1,5e-3;", "loss=-1.5e-3;"),
        ("1.234,5 12.345.678,9", "1234.5 12345678.9"),
        ("n=1 234,5", "n=1234.5"),
        ("n: 1 234 567,5", "n: 1234567.5"),
        ("epoch 1 234,5", "epoch 1 234.5"),
        ("1'234,5 1\u202f234,5", "1234.5 1234.5"),
        ("0,93%", "0.93%"),
        ("(0,5)", "(0.5)"),
        ("12:00:01,123 INFO", "12:00:01,123 INFO"),
        ("2026-01-02,5", "2026-01-02,5"),
        ("[1,2] {3,4} 5,6,7 a8,9 1,5x v1.2,3", "[1,2] {3,4} 5,6,7 a8,9 1,5x v1.2,3"),
        ("1.5 1,234.5", "1.5 1,234.5"),
        ("3,", "3,"),
    ],
)
def test_numbers_with_a_comma_get_a_point(written: str, read: str) -> None:
    assert with_points(written) == read


@given(st.floats(-1e6, 1e6).map(lambda one: round(one, 4)))
def test_every_number_of_such_a_program_is_read(value: float) -> None:
    text = f"{value:.4f}"
    assert float(with_points(f"acc: {text.replace('.', ',')}")[5:]) == float(text)


@pytest.mark.parametrize(
    "reader",
    [
        {"type": "stdout_reader", "metric": "loss"},
        {"type": "stdout_reader", "metric": "m", "parser_pattern": r"loss: (\S+);"},
        {"type": "file_reader", "location": "x", "metric": "loss"},
        {"type": "local_reader", "location": "x", "parser_pattern": r"loss: (\d+\.\d+)"},
    ],
    ids=lambda one: one["type"] if isinstance(one, dict) else "",
)
def test_it_is_read_where_it_is_asked_for(reader: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "stdout.log"
    path.write_text("loss: 0,93; 1\nloss: 1.000,5; 2\n", encoding="utf-8")
    options = {name: value for name, value in reader.items() if name != "type"}
    made = make_reader(reader["type"], {**options, "decimal": ","})
    found = follow(made, str(path)).read(ended=True, limit_bytes=1000).measurements
    assert [one.values for one in found.values()] == [(0.93, 1000.5)]


@pytest.mark.parametrize("mark", ["", ";", None, 5])
def test_another_mark_is_refused(mark: Any) -> None:
    with pytest.raises(SpecError, match=r"decimal must be '\.' or ','"):
        LocalReader(location="x", parser_pattern="(.)", decimal=mark)


@pytest.mark.parametrize(
    ("stdout", "stderr", "values"),
    [
        ("acc=1\n", "", (1,)),
        ("", "acc=2\n", (2,)),
        ("acc=1\n", "acc=2\nacc=3\n", (1,)),
        ("nothing\n", "acc=3\n", (3,)),
    ],
)
def test_a_pattern_is_looked_for_in_both_streams(
    stdout: str, stderr: str, values: tuple[float, ...], tmp_path: Path
) -> None:
    (tmp_path / "stdout.log").write_text(stdout, encoding="utf-8")
    (tmp_path / "stderr.log").write_text(stderr, encoding="utf-8")
    reader = StdoutReader(metric="m", parser_pattern=r"acc=(\d)")
    look = follow(reader, str(tmp_path / "stdout.log")).read(ended=True, limit_bytes=1000)
    assert look.measurements["m"].values == values


def test_a_pattern_that_is_in_neither_stream_is_told_of_both(tmp_path: Path) -> None:
    (tmp_path / "stdout.log").write_text("out\n", encoding="utf-8")
    (tmp_path / "stderr.log").write_text("err\n", encoding="utf-8")
    follower = follow(
        StdoutReader(metric="m", parser_pattern=r"acc=(\d)"), str(tmp_path / "stdout.log")
    )
    assert not follower.read(ended=True, limit_bytes=1000).measurements
    problem = follower.problem()
    assert problem.count("no match of") == 2
    assert "'out'" in problem
    assert "'err'" in problem


@pytest.mark.parametrize(
    ("pattern", "told"), [("(", "does not compile"), ("acc", "has no group"), (5, "must be a text")]
)
def test_a_pattern_that_is_none_is_refused(pattern: Any, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        StdoutReader(metric="m", parser_pattern=pattern)
