"""What is reported under names that have no reader."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.inside.reports import Report, write_report
from automl.readers.follower import Look
from automl.readers.reported.follower import ReportFollower
from automl.readers.reported.further import FurtherReports


def look(follower: FurtherReports, *, ended: bool = True) -> Look:
    return follower.read(ended=ended, limit_bytes=1 << 20)


def test_each_name_has_its_own_numbers_and_steps(tmp_path: Path) -> None:
    follower = FurtherReports(str(tmp_path / "reports.jsonl"), dict.fromkeys(["loss"]))
    for step in (1, 2):
        write_report(str(tmp_path), Report("acc", step / 10, step))
        write_report(str(tmp_path), Report("loss", 5, step))
        write_report(str(tmp_path), Report("", 6, step))
        write_report(str(tmp_path), Report("f1", step / 5, step))
    found = look(follower, ended=False).measurements
    assert {name: (points.values, points.steps) for name, points in found.items()} == {
        "acc": ((0.1, 0.2), (1.0, 2.0)),
        "f1": ((0.2, 0.4), (1.0, 2.0)),
    }
    assert look(follower).measurements == {}


def test_a_file_of_one_name_is_read_by_that_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "reports.jsonl")
    first = ReportFollower("loss", path)
    follower = FurtherReports(path, {"loss": first})
    write_report(str(tmp_path), Report("loss", 1))
    first.read(ended=False, limit_bytes=1 << 20)
    with monkeypatch.context() as patched:
        patched.setattr(os, "open", None)
        assert look(follower).measurements == {}
    write_report(str(tmp_path), Report("acc", 2))
    first.read(ended=True, limit_bytes=1 << 20)
    assert list(look(follower).measurements) == ["acc"]
    # Who reads another file cannot tell.
    elsewhere = ReportFollower("loss", str(tmp_path / "other.jsonl"))
    assert list(look(FurtherReports(path, {"loss": elsewhere})).measurements) == ["acc"]


def test_after_another_content_each_name_begins_anew_once(tmp_path: Path) -> None:
    file = tmp_path / "reports.jsonl"
    follower = FurtherReports(str(file), {})
    write_report(str(tmp_path), Report("a", 1))
    write_report(str(tmp_path), Report("b", 1))
    look(follower, ended=False)
    file.write_text('{"name": "b", "value": 2}\n')
    assert [(name, one.restarted) for name, one in look(follower).measurements.items()] == [
        ("b", True)
    ]
    write_report(str(tmp_path), Report("a", 3))
    write_report(str(tmp_path), Report("b", 3))
    assert {name: one.restarted for name, one in look(follower).measurements.items()} == {
        "a": True,
        "b": False,
    }


def test_what_is_no_report_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "reports.jsonl"
    file.write_bytes(b'{"name": 3, "value": 1}\n[]\nnull\n\xff\n{"name": "a"}\n{"name": "a", "va')
    assert look(FurtherReports(str(file), {})).measurements == {}


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "known"]), st.integers(0, 9)), max_size=12),
    st.integers(1, 40),
)
def test_reading_in_pieces_is_reading_at_once(
    tmp_path_factory: object, told: list[tuple[str, int]], limit: int
) -> None:
    folder = tmp_path_factory.mktemp("told")  # type: ignore[attr-defined]
    for name, value in told:
        write_report(str(folder), Report(name, value))
    follower = FurtherReports(f"{folder}/reports.jsonl", dict.fromkeys(["known"]))
    found: dict[str, list[float]] = {}
    more = True
    while more:
        now = follower.read(ended=True, limit_bytes=limit)
        more = now.more
        for name, points in now.measurements.items():
            found.setdefault(name, []).extend(points.values)
    for name in ("a", "b"):
        assert found.get(name, []) == [value for one, value in told if one == name]
