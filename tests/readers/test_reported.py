"""What functions report, read by its name."""

from pathlib import Path

from automl.inside.reports import Report, write_report
from automl.readers.registry import make_reader
from automl.readers.reported.follower import ReportFollower
from automl.readers.reported.reader import ReportReader


def follower_of(folder: Path, name: str = "value") -> ReportFollower:
    return ReportReader(metric=name).follow(str(folder / "reports.jsonl"))


def test_steps_are_those_that_were_told(tmp_path: Path) -> None:
    follower = follower_of(tmp_path)
    write_report(str(tmp_path), Report("value", 0.5, 10))
    write_report(str(tmp_path), Report("loss", 7, 10))
    write_report(str(tmp_path), Report("value", 0.25, 20))
    points = follower.read(ended=False, limit_bytes=1 << 20).measurements["value"]
    assert (points.values, points.steps) == ((0.5, 0.25), (10.0, 20.0))


def test_what_is_returned_has_no_step(tmp_path: Path) -> None:
    follower = follower_of(tmp_path)
    write_report(str(tmp_path), Report("value", 0.5, final=True))
    points = follower.read(ended=True, limit_bytes=1 << 20).measurements["value"]
    assert points.values == (0.5,)
    assert repr(points.steps) == "(nan,)"


def test_the_problem_tells_what_was_reported(tmp_path: Path) -> None:
    follower = follower_of(tmp_path, "accuracy")
    write_report(str(tmp_path), Report("loss", 0.5))
    follower.read(ended=True, limit_bytes=1 << 20)
    assert follower.problem() == (
        "the function gave no number named 'accuracy': what it reported is named 'loss'"
    )


def test_the_problem_tells_that_nothing_was_returned(tmp_path: Path) -> None:
    follower = follower_of(tmp_path)
    follower.read(ended=True, limit_bytes=1 << 20)
    assert follower.problem() == "the function gave no number named 'value': it returned nothing"


def test_it_is_known_by_its_type() -> None:
    assert make_reader("report_reader", {"metric": "loss"}) == ReportReader(metric="loss")
    assert make_reader("report_reader", {}).metric == "value"
