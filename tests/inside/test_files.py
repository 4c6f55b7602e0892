"""The files by which a trial's process and the controller tell each other things."""

import json
import math
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from asking import drawn_in

from automl.inside.attrs import attrs_in, write_attr
from automl.inside.drawn import Drawn, drawn_line, write_drawn
from automl.inside.files import REPORTS, append_line, records_in, replace_whole
from automl.inside.outcome import CallOutcome, outcome_in, write_outcome
from automl.inside.reports import Report, report_in, write_report
from automl.inside.verdict import is_to_end, write_verdict


@pytest.mark.parametrize(
    "report",
    [
        Report("value", 0.5),
        Report("value", 0.5, 3),
        Report("value", -0.0, 0.5),
        Report("value", math.inf, 1),
        Report("odd \n name", 2, final=True),
    ],
)
def test_a_report_is_read_as_it_was_told(report: Report, tmp_path: Path) -> None:
    write_report(str(tmp_path), report)
    (line,) = (tmp_path / REPORTS).read_text().splitlines()
    assert report_in(line) == report


def test_nan_is_told_in_plain_json(tmp_path: Path) -> None:
    write_report(str(tmp_path), Report("value", math.nan, 1))
    record = json.loads((tmp_path / REPORTS).read_text(), parse_constant=pytest.fail)
    report = report_in(json.dumps(record))
    assert report is not None
    assert math.isnan(report.value)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "null",
        '{"name": "value"}',
        '{"name": "value", "value": true}',
        '{"name": "value", "value": "0.5"}',
        '{"name": 3, "value": 0.5}',
        '{"name": "value", "value": 1' + "0" * 400 + "}",
        "[" * 100_000,
    ],
)
def test_what_is_no_report_is_none(line: str) -> None:
    assert report_in(line) is None


def test_what_was_drawn_is_read_in_its_order(tmp_path: Path) -> None:
    asked = [
        Drawn(
            "x", {"kind": "float", "low": 0, "high": 1, "log": False, "step": None}, 0.3, "drawn"
        ),
        Drawn("kind", {"kind": "categorical", "choices": [None, True, 1]}, None, "proposed"),
    ]
    for one in asked:
        write_drawn(str(tmp_path), drawn_line(one))
    assert drawn_in(tmp_path) == asked


def test_a_later_note_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    write_attr(str(tmp_path), "epochs", 3)
    write_attr(str(tmp_path), "epochs", {"best": [1, None]})
    assert attrs_in(str(tmp_path)) == {"epochs": {"best": [1, None]}}


def test_what_is_no_json_leaves_no_half_line(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        write_attr(str(tmp_path), "lock", threading.Lock())
    with pytest.raises(ValueError, match="JSON"):
        append_line(str(tmp_path / "a.jsonl"), {"value": math.nan})
    assert list(tmp_path.iterdir()) == []


def test_an_unfinished_last_line_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\nodd\n{"a": 2}\n{"a": 3}')
    assert list(records_in(str(tmp_path / "a.jsonl"))) == [{"a": 1}, {"a": 2}]


def test_nothing_was_told_where_there_is_no_file(tmp_path: Path) -> None:
    folder = str(tmp_path)
    assert outcome_in(folder) is None
    assert list(drawn_in(folder)) == []
    assert attrs_in(folder) == {}
    assert not is_to_end(folder)


def test_an_outcome_is_read_as_it_was_told(tmp_path: Path) -> None:
    outcome = CallOutcome("failed", "ValueError", "bad\nsecond line", ("a", "b"))
    write_outcome(str(tmp_path), outcome)
    assert outcome_in(str(tmp_path)) == outcome
    assert outcome.reason == "ValueError: bad"
    write_outcome(str(tmp_path), CallOutcome("completed"))
    assert outcome_in(str(tmp_path)) == CallOutcome("completed")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"state": "odd"}', '"completed"', "\0\xff"])
def test_a_damaged_outcome_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "outcome.json").write_text(text, encoding="latin-1")
    assert outcome_in(str(tmp_path)) is None


def test_a_verdict_is_seen_once_it_is_there(tmp_path: Path) -> None:
    write_verdict(str(tmp_path), "stopped early")
    assert is_to_end(str(tmp_path))


def test_lines_of_many_threads_do_not_mix(tmp_path: Path) -> None:
    path = str(tmp_path / "a.jsonl")
    text = "x" * 5000

    def write(number: int) -> None:
        for _ in range(20):
            append_line(path, {"number": number, "text": text})

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(records_in(path))) == 160


def test_a_replaced_file_leaves_nothing_else(tmp_path: Path) -> None:
    for text in ("first", "second"):
        replace_whole(str(tmp_path / "a"), text)
    assert os.listdir(tmp_path) == ["a"]  # noqa: PTH208
    assert (tmp_path / "a").read_text() == "second"


def test_it_needs_nothing_but_the_standard_library() -> None:
    code = (
        "import sys, automl.inside.outcome, automl.inside.drawn, automl.inside.attrs, "
        "automl.inside.reports, automl.inside.verdict\n"
        "ours = {name for name in sys.modules if name.startswith('automl.')}\n"
        "slow = {'dataclasses', 'inspect', 'logging', 'pathlib', 'msgspec'} & set(sys.modules)\n"
        "print(sorted(name for name in ours if not name.startswith('automl.inside')), slow)"
    )
    told = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert told.stdout.strip() == "[] set()"
