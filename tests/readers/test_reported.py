"""What programs and functions report, read by its name."""

import errno
import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from automl.errors import ReadError
from automl.inside.reports import Report, write_report
from automl.readers.follow import unreadable
from automl.readers.follower import NO_NEWS, Look, Points
from automl.readers.registry import follow, make_reader
from automl.readers.reported.before_printed import ReportedBeforePrinted
from automl.readers.reported.follower import ReportFollower
from automl.readers.reported.reader import ReportReader
from automl.readers.sighting import Showing
from automl.study.objective import Objective, Objectives


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


def problem_of(folder: Path, name: str, *, ranks: str = "", outputs: Sequence[str] = ()) -> str:
    """Return what is told of a metric in a study that ranks by one, or by itself."""
    objectives = Objectives(items=(Objective(metric=ranks or name),))
    reader = ReportReader(metric=name)
    follower = follow(reader, str(folder / "reports.jsonl"), outputs, objectives=objectives)
    follower.read(ended=True, limit_bytes=1 << 20)
    return follower.problem()


def test_the_problem_tells_what_was_reported(tmp_path: Path) -> None:
    write_report(str(tmp_path), Report("loss", 0.5))
    assert problem_of(tmp_path, "accuracy") == (
        "no number named 'accuracy' was reported: what was reported is named 'loss'; if one of "
        "them is meant, objectives=[objective.create(metric='loss')]"
    )


def test_the_problem_tells_that_a_name_is_missing(tmp_path: Path) -> None:
    write_report(str(tmp_path), Report("", 0.5))
    assert problem_of(tmp_path, "memory", ranks="loss") == (
        "no number named 'memory' was reported: what was reported has no name; give it one, "
        "automl.report(value, step, 'memory')"
    )


def test_the_problem_tells_both_ways_where_nothing_was_reported(tmp_path: Path) -> None:
    (tmp_path / "stdout.log").write_text("epoch 1 loss: 0.5\nval_loss: 0.75\n")
    told = problem_of(tmp_path, "metric", outputs=[str(tmp_path / "stdout.log")])
    assert told == (
        "nothing was reported: let the program call automl.report(value), or read what it prints "
        "by reader.create(type='stdout_reader', metric='val_loss'); it printed 'val_loss' (0.75), "
        "'loss' (0.5), 'epoch' (1)"
    )
    assert problem_of(tmp_path, "metric").endswith("it printed no number with a name")


def test_what_has_no_name_is_what_the_study_ranks_by(tmp_path: Path) -> None:
    write_report(str(tmp_path), Report("", 0.5, 1))
    write_report(str(tmp_path), Report("loss", 0.25, 2))
    one = Objectives(items=(Objective(metric="loss"),), constraints=("memory <= 4",))
    several = Objectives(items=(Objective(metric="loss"), Objective(metric="memory")))
    path = str(tmp_path / "reports.jsonl")

    def values(name: str, objectives: Objectives) -> tuple[float, ...]:
        follower = follow(ReportReader(metric=name), path, objectives=objectives)
        look = follower.read(ended=True, limit_bytes=1 << 20)
        return look.measurements[name].values if look.measurements else ()

    assert values("loss", one) == (0.5, 0.25)
    assert values("memory", one) == ()
    assert values("loss", several) == (0.25,)
    assert values("memory", several) == ()


class Both:
    """A program that prints and reports, read by the reader of what it prints."""

    def __init__(self, folder: Path, **options: str) -> None:
        self.printed = folder / "stdout.log"
        self.folder = str(folder)
        reader = make_reader("stdout_reader", {"metric": "loss", **options})
        objectives = Objectives(items=(Objective(metric="loss"),))
        self.follower = follow(reader, str(self.printed), objectives=objectives)

    def look(self, *, ended: bool = False) -> Points:
        look = self.follower.read(ended=ended, limit_bytes=1 << 20)
        return look.measurements.get("loss", Points())


def test_what_is_reported_counts_before_what_is_printed(tmp_path: Path) -> None:
    both = Both(tmp_path)
    both.printed.write_text("loss: 0.9\n")
    assert both.look().values == (0.9,)
    write_report(both.folder, Report("loss", 0.5, 1))
    points = both.look()
    assert (points.values, points.restarted) == ((0.5,), True)
    both.printed.write_text("loss: 0.9\nloss: 0.8\n")
    write_report(both.folder, Report("", 0.25, 2))
    points = both.look(ended=True)
    assert (points.values, points.restarted) == ((0.25,), False)


class Unreadable:
    """An output that cannot be read at some looks; it is a `Follower`."""

    fails = 0

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        del ended, limit_bytes
        self.fails -= 1
        if self.fails >= 0:
            raise unreadable("stdout.log", OSError(errno.EMFILE, "Too many open files"))
        return NO_NEWS

    def problem(self) -> str:
        return ""

    def close(self) -> None:
        pass


def test_what_was_reported_is_held_while_the_output_cannot_be_read(tmp_path: Path) -> None:
    output = Unreadable()
    follower = ReportedBeforePrinted(output, follower_of(tmp_path))
    seen: list[float] = []
    follower.watch(lambda one: seen.append(one.value))
    write_report(str(tmp_path), Report("value", 0.5, 1))
    output.fails = 2
    for _ in range(2):
        with pytest.raises(ReadError):
            follower.read(ended=False, limit_bytes=1 << 20)
    write_report(str(tmp_path), Report("value", 0.25, 2))
    first = follower.read(ended=True, limit_bytes=1 << 20)
    assert first.measurements["value"].values == (0.5,)
    assert first.more
    assert follower.read(ended=True, limit_bytes=1 << 20).measurements["value"].values == (0.25,)
    assert seen == [0.5, 0.25]


def test_a_look_that_failed_before_anything_was_reported_loses_nothing(tmp_path: Path) -> None:
    output = Unreadable()
    follower = ReportedBeforePrinted(output, follower_of(tmp_path))
    output.fails = 1
    with pytest.raises(ReadError):
        follower.read(ended=False, limit_bytes=1 << 20)
    write_report(str(tmp_path), Report("value", 0.5, 1))
    assert follower.read(ended=True, limit_bytes=1 << 20).more
    assert follower.read(ended=True, limit_bytes=1 << 20).measurements["value"].values == (0.5,)
    assert follower.read(ended=True, limit_bytes=1 << 20) == NO_NEWS


def test_what_another_one_took_from_the_output_no_longer_counts(tmp_path: Path) -> None:
    """A controller that takes over a trial: the one before it had seen what was printed alone."""
    both = Both(tmp_path)
    seen: list[float] = []
    assert isinstance(both.follower, Showing)
    both.follower.watch(lambda one: seen.append(one.value))
    both.printed.write_text("loss: 0.9\n")
    write_report(both.folder, Report("loss", 0.5, 1))
    points = both.look()
    assert (points.values, points.restarted) == ((0.5,), True)
    assert seen == [0.5]
    assert not Both(tmp_path / "new").look().restarted


def test_where_what_counts_stands_is_told(tmp_path: Path) -> None:
    both = Both(tmp_path)
    seen: list[tuple[float, str]] = []
    assert isinstance(both.follower, Showing)
    both.follower.watch(lambda one: seen.append((one.value, one.line)))
    both.printed.write_text("loss: 0.9\n")
    both.look()
    write_report(both.folder, Report("loss", 0.5, 1))
    both.look()
    assert seen == [(0.9, "loss: 0.9"), (0.5, '{"name": "loss", "value": 0.5, "step": 1}')]


def test_what_is_reported_under_another_name_leaves_what_is_printed(tmp_path: Path) -> None:
    both = Both(tmp_path)
    both.printed.write_text("loss: 0.9\n")
    write_report(both.folder, Report("accuracy", 0.5, 1))
    assert both.look(ended=True).values == (0.9,)


def test_a_stream_that_was_asked_for_is_all_that_is_read(tmp_path: Path) -> None:
    both = Both(tmp_path, stream="stdout")
    both.printed.write_text("loss: 0.9\n")
    write_report(both.folder, Report("loss", 0.5, 1))
    assert both.look(ended=True).values == (0.9,)


def test_the_problem_is_that_of_what_counts(tmp_path: Path) -> None:
    both = Both(tmp_path)
    write_report(both.folder, Report("accuracy", 0.5, 1))
    both.look(ended=True)
    assert "no number for metric 'loss' in stdout.log or stderr.log" in both.follower.problem()
    assert both.follower.problem().endswith("; what it reported is named 'accuracy'")
    write_report(both.folder, Report("loss", math.nan, 1))
    both.look(ended=True)
    assert "'loss' read nan in" in both.follower.problem()


def test_it_is_known_by_its_type() -> None:
    assert make_reader("report_reader", {"metric": "loss"}) == ReportReader(metric="loss")
    assert make_reader("report_reader", {}).metric == "value"
