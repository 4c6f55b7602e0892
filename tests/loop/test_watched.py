import errno
import os
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loop_fakes import PATTERN

from automl.engine.actions import Moment
from automl.engine.outcome import Outcome
from automl.journal.events import Measured
from automl.journal.folder import TrialFolder
from automl.loop.trials.figures import recorded_step
from automl.loop.trials.output import LOOKED_AT_LINES, last_lines
from automl.loop.trials.watched import Watched
from automl.readers.follower import Look, Points
from automl.readers.local_file import LocalFollower
from automl.study.failure import FailureClass
from automl.study.launch import Exit
from automl.study.objective import Objective, Objectives
from automl.study.tasks.reader import LocalReader
from automl.study.trial import Trial

READER = LocalReader(location="stdout.log", parser_pattern=PATTERN)


def moment(second: float) -> Moment:
    return Moment(datetime(2026, 3, 1, tzinfo=UTC), second)


def watch(
    folder: Path,
    *,
    final: str = "last",
    since_s: float = 100.0,
    recorded: int = 0,
    newest: float | None = None,
) -> Watched:
    paths = TrialFolder(str(folder))
    return Watched(
        trial=Trial(id=3, params={"x": 1}),
        handle={"pid": 1},
        followers={"metric": LocalFollower(READER, paths.stdout)},
        objectives=Objectives((Objective(final=final),)),
        paths=paths,
        since_s=since_s,
        recorded={"metric": recorded},
        newest=newest,
    )


def write(folder: Path, *values: object, name: str = "stdout.log") -> None:
    with (folder / name).open("a") as file:
        file.writelines(f"value={value}\n" for value in values)


def outcome_of(watched: Watched) -> Outcome:
    outcome = watched.outcome()
    assert outcome is not None
    return outcome


def read(watched: Watched, second: float = 101.0) -> Measured | None:
    events, _ = watched.read(moment(second))
    return events[0] if events else None


def test_new_numbers_become_an_event(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    assert read(watched) is None
    write(tmp_path, 0.5, 0.25)
    event = read(watched)
    assert event is not None
    assert (event.trial, event.steps, event.values) == (3, [0, 1], [0.5, 0.25])
    assert read(watched) is None
    write(tmp_path, 0.75)
    event = read(watched)
    assert event is not None
    assert (event.steps, event.values) == ([2], [0.75])


def test_what_the_journal_has_is_not_recorded_again(tmp_path: Path) -> None:
    watched = watch(tmp_path, recorded=2)
    write(tmp_path, 1, 2, 3)
    event = read(watched)
    assert event is not None
    assert (event.steps, event.values) == ([2], [3.0])
    assert outcome_of(watched).measurements == 3


def test_a_rewritten_file_counts_from_its_beginning(tmp_path: Path) -> None:
    watched = watch(tmp_path, recorded=1)
    write(tmp_path, 1, 2, 3)
    read(watched)
    (tmp_path / "stdout.log").write_text("value=9\n")
    event = read(watched)
    assert event is not None
    assert (event.steps, event.values) == ([0], [9.0])
    watched.gone(Exit(code=0), 5.0)
    assert outcome_of(watched).measurements == 1
    assert outcome_of(watched).value == 9.0


def test_of_many_numbers_few_are_recorded_and_all_count(tmp_path: Path) -> None:
    watched = watch(tmp_path, final="mean")
    write(tmp_path, *range(2000))
    event = read(watched)
    assert event is not None
    assert event.steps == [step for step in range(2000) if recorded_step(step)]
    assert event.values == [float(step) for step in event.steps]
    assert outcome_of(watched).value == pytest.approx(999.5)
    assert outcome_of(watched).measurements == 2000


@given(
    values=st.lists(st.integers(0, 9), min_size=1, max_size=20),
    cuts=st.lists(st.integers(0, 20), max_size=5),
)
def test_reading_in_any_pieces_gives_the_same(
    tmp_path_factory: pytest.TempPathFactory, values: list[int], cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("trial")
    watched = watch(folder)
    steps: list[int] = []
    edges = sorted({0, len(values), *[min(cut, len(values)) for cut in cuts]})
    for start, end in pairwise(edges):
        write(folder, *values[start:end])
        event = read(watched)
        steps += event.steps if event else []
    watched.gone(Exit(code=0), 1.0)
    assert steps == list(range(len(values)))
    assert outcome_of(watched).value == values[-1]


def test_a_last_line_without_newline_counts_once_it_is_over(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    (tmp_path / "stdout.log").write_text("value=1\nvalue=0.5")
    event = read(watched)
    assert event is not None
    assert event.values == [1.0]
    watched.gone(Exit(code=0), 2.0)
    event = read(watched)
    assert event is not None
    assert event.values == [0.5]
    assert outcome_of(watched).value == 0.5


def test_an_unreadable_file_is_the_reason_of_the_failure(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    (tmp_path / "stdout.log").mkdir()
    assert watched.read(moment(101)) == ([], False)
    watched.gone(Exit(code=0), 2.0)
    failure = outcome_of(watched).failure()
    assert failure is not None
    assert failure.kind is FailureClass.NO_METRIC
    assert "directory" in failure.reason


def test_what_could_not_be_read_once_is_no_reason_later(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    (tmp_path / "stdout.log").mkdir()
    read(watched)
    (tmp_path / "stdout.log").rmdir()
    watched.gone(Exit(code=0), 2.0)
    read(watched)
    assert "directory" not in outcome_of(watched).problem


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.EIO, errno.ESTALE])
def test_what_the_machine_cannot_read_now_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    watched = watch(tmp_path)
    write(tmp_path, 0.5)
    watched.gone(Exit(code=1), 2.0)

    def broken(*_: object, **__: object) -> None:
        raise OSError(number, "broken")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", broken)
        assert watched.read(moment(101)) == ([], False)
        assert "the machine is at fault" in watched.blocked
    assert read(watched) is not None
    assert watched.blocked == ""
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", broken)
        assert watched.outcome() is None
        assert watched.blocked
    assert outcome_of(watched).output == ("value=0.5",)


def test_a_number_that_only_the_journal_has_counts_where_it_is_the_last(tmp_path: Path) -> None:
    watched = watch(tmp_path, recorded=3, newest=0.25)
    watched.gone(Exit(code=0), 2.0)
    assert read(watched) is None
    assert (outcome_of(watched).value, outcome_of(watched).measurements) == (0.25, 3)
    watched = watch(tmp_path, recorded=3, newest=0.25, final="best")
    watched.gone(Exit(code=0), 2.0)
    assert outcome_of(watched).failure() is not None
    write(tmp_path, 0.5)
    watched = watch(tmp_path, recorded=3, newest=0.25)
    watched.gone(Exit(code=0), 2.0)
    read(watched)
    assert (outcome_of(watched).value, outcome_of(watched).measurements) == (0.5, 1)


def test_a_failure_shows_the_last_lines_of_stderr_or_else_of_stdout(tmp_path: Path) -> None:
    write(tmp_path, 1)
    watched = watch(tmp_path)
    watched.gone(Exit(code=1), 2.0)
    assert outcome_of(watched).output == ("value=1",)
    (tmp_path / "stderr.log").write_text("Traceback\n\n  ValueError  \n")
    assert outcome_of(watched).output == ("Traceback", "  ValueError")


def test_where_only_one_tells_of_an_error_its_last_lines_are_shown(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    watched.gone(Exit(code=2), 2.0)
    (tmp_path / "stdout.log").write_text("ERROR: no data in /x\nbye\n")
    (tmp_path / "stderr.log").write_text("UserWarning: slow\n")
    assert outcome_of(watched).output == ("ERROR: no data in /x", "bye")
    (tmp_path / "stderr.log").write_text("fatal: no disk\nbye\n")
    assert outcome_of(watched).output == ("fatal: no disk", "bye")


def test_a_success_keeps_no_output(tmp_path: Path) -> None:
    write(tmp_path, 1)
    watched = watch(tmp_path)
    read(watched)
    watched.gone(Exit(code=0), 2.0)
    assert outcome_of(watched).output == ()
    assert outcome_of(watched).duration_s == 2.0


def test_output_and_numbers_are_signs_of_life(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    assert watched.progress_s(moment(110)) == 100.0
    (tmp_path / "stderr.log").write_text("epoch 1\n")
    assert watched.progress_s(moment(120)) == 120.0
    assert watched.progress_s(moment(130)) == 120.0
    write(tmp_path, 1)
    read(watched, 140)
    assert watched.progress_s(moment(150)) == 150.0
    assert watched.progress_s(moment(160)) == 150.0


def test_a_view_shows_the_newest_number(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    assert watched.progress(moment(107)).value is None
    write(tmp_path, 1, 0.5)
    read(watched)
    shown = watched.progress(moment(107))
    assert (shown.id, shown.elapsed_s, shown.value, shown.measurements) == (3, 7.0, 0.5, 2)


def test_last_lines_bear_anything(tmp_path: Path) -> None:
    path = tmp_path / "log"
    assert last_lines(str(path)) == ()
    path.write_bytes(b"")
    assert last_lines(str(path)) == ()
    path.write_bytes(b"\xff\xfe caf\xe9\n")
    assert len(last_lines(str(path))) == 1
    path.write_bytes(b"\x1b[31mValueError:\x1b[0m no\x08\x08\x08\x08\x08: \xef\xbb\xbfyes\n")
    assert last_lines(str(path)) == ("ValueErro: yes",)
    path.write_text("".join(f"{number}\n\n" for number in range(100_000)))
    assert last_lines(str(path)) == tuple(str(n) for n in range(100_000 - LOOKED_AT_LINES, 100_000))


class Slow:
    """A reader whose look goes on and on."""

    def __init__(self, patience_s: float) -> None:
        self.patience_s = patience_s

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        del ended, limit_bytes
        return Look(pending=True)

    def problem(self) -> str:
        return "none"

    def close(self) -> None:
        pass


@pytest.mark.parametrize(("patience_s", "blocked_after_s"), [(0.0, 3.0), (60.0, 60.0)])
def test_a_reader_that_may_take_long_is_waited_for(
    tmp_path: Path, patience_s: float, blocked_after_s: float
) -> None:
    paths = TrialFolder(str(tmp_path))
    watched = Watched(
        trial=Trial(id=3, params={"x": 1}),
        handle={},
        followers={"metric": Slow(patience_s)},
        objectives=Objectives((Objective(),)),
        paths=paths,
        since_s=0.0,
    )
    for second in (100.0, 100.0 + blocked_after_s - 0.1):
        watched.read(moment(second))
        assert not watched.blocked
    watched.read(moment(100.0 + blocked_after_s))
    assert watched.blocked


class Several:
    """A reader that finds all metrics, whichever it is asked for."""

    def __init__(self, found: dict[str, float]) -> None:
        self.found = found

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        del ended, limit_bytes
        found, self.found = self.found, {}
        return Look({name: Points((value,)) for name, value in found.items()})

    def problem(self) -> str:
        return "none"

    def close(self) -> None:
        pass


def test_a_metric_that_two_readers_find_is_counted_once(tmp_path: Path) -> None:
    watched = Watched(
        trial=Trial(id=3, params={"x": 1}),
        handle={},
        followers={
            "a": Several({"a": 1.0, "b": 2.0, "c": 3.0}),
            "b": Several({"a": 4.0, "b": 5.0, "c": 6.0}),
        },
        objectives=Objectives(tuple(Objective(metric=one, final="sum", weight=1) for one in "ab")),
        paths=TrialFolder(str(tmp_path)),
        since_s=0.0,
    )
    watched.gone(Exit(code=0), 1.0)
    while watched.read(moment(1.0))[1]:
        pass
    assert outcome_of(watched).metrics == {"a": 1.0, "b": 5.0, "c": 3.0}
