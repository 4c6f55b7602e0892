import dataclasses
import errno
import io
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any, TextIO

import pytest
from rich.console import Console

from automl.logs import LineFormatter
from automl.show.live import LiveView, progress_text
from automl.show.progress import Progress, RunningTrial
from automl.study.budget import Budget
from automl.study.objective import Objective, Objectives
from automl.study.spec import StudySpec
from automl.study.trial import Result, Stage, Trial, TrialState

MakeTrial = Callable[..., Trial]
MakeSpec = Callable[..., StudySpec]
MakeView = Callable[..., LiveView]
CLEAR_LINE = "\x1b[2K"


def progress(spec: StudySpec, running: int = 0, **changes: Any) -> Progress:
    trials = tuple(
        RunningTrial(
            id=9 + number,
            params={"n": 10.000000001, "text": "[red]x[/red]"},
            elapsed_s=12.0,
            value=0.1234567891 if number else None,
            measurements=4 * number,
        )
        for number in range(running)
    )
    facts = {
        "spec": spec,
        "done": 9,
        "total": 20,
        "failed": 1,
        "running": trials,
        "best": None,
        "elapsed_s": 65.0,
        "left_s": 130.0,
    }
    return Progress(**{**facts, **changes})


def terminal(**changes: Any) -> Console:
    facts = {"file": io.StringIO(), "force_terminal": True, "width": 80, "height": 24}
    return Console(**{**facts, **changes})


class Screen(io.StringIO):
    """A terminal that may go away."""

    gone = False

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.gone:
            raise OSError(errno.EIO, "Input/output error")
        return super().write(text)


@pytest.fixture
def spec(make_spec: MakeSpec) -> StudySpec:
    return make_spec()


@pytest.fixture
def view() -> Iterator[MakeView]:
    """A view that gives the streams back however the test ends."""
    made: list[LiveView] = []

    def make(output: TextIO | Console | None = None) -> LiveView:
        made.append(LiveView(output))
        return made[-1]

    yield make
    for live in made:
        live.stop()


def test_golden_view(completed: MakeTrial, spec: StudySpec) -> None:
    best = completed(3, 0.9085, n=90, text="[bold]")
    shown = progress_text(progress(spec, 2, best=best, note="stopping"), 80, 24).plain
    assert shown.splitlines() == [
        "digits [###########..............] 9/20, 1 failed, 1 min 05 s, ~2 min 10 s left",
        "  trial      elapsed    newest  seen  parameters",
        "      9         12 s         -     0  n=10.0 text=[red]x[/red]",
        "     10         12 s  0.123457     4  n=10.0 text=[red]x[/red]",
        "  best 0.9085, trial 3: n=90 text=[bold]",
        "stopping",
    ]
    assert "left" not in progress_text(progress(spec, 2, left_s=0.0), 80, 24).plain


def test_a_study_without_limit_has_no_bar(spec: StudySpec) -> None:
    shown = progress_text(progress(spec, total=None, left_s=None, failed=0), 80, 24).plain
    assert shown == "digits 9 done, 1 min 05 s"


@pytest.mark.parametrize("height", [1, 2, 5, 6, 10, 24])
@pytest.mark.parametrize("width", [10, 40, 80])
def test_the_view_fits_the_terminal(
    completed: MakeTrial, width: int, height: int, make_spec: MakeSpec
) -> None:
    best = completed(3, 0.9085, **{f"parameter_{number}": "漢字" * 9 for number in range(9)})
    spec = make_spec(name="s" * 99, budget=Budget(name="used_data_percent", min=0.1, max=1.0))
    full = progress(spec, 50, best=best, note="x\ny" * 90, waiting={0.1: 60, 0.3: 20})
    shown = progress_text(full, width, height)
    lines = shown.split("\n")
    assert len(lines) <= height
    assert max(line.cell_len for line in lines) < width


def test_trials_that_do_not_fit_are_counted(spec: StudySpec) -> None:
    lines = progress_text(progress(spec, 16), 80, 24).plain.splitlines()
    assert len(lines) == 15
    assert lines[-1] == "  +4 more"
    lines = progress_text(progress(spec, 16), 80, 8).plain.splitlines()
    assert len(lines) == 8
    assert lines[-1] == "  +11 more"
    lines = progress_text(progress(spec, 30), 80, 50).plain.splitlines()
    assert (len(lines), lines[-1]) == (28, "  +5 more")


def test_a_study_with_budgets_shows_how_far_launches_go_and_where_trials_wait(
    completed: MakeTrial, make_spec: MakeSpec
) -> None:
    spec = make_spec(budget=Budget(name="epochs", min=1, max=81))
    trials = tuple(
        RunningTrial(id=4 * rung, params={"n": 1}, elapsed_s=1.0, stage=Stage(budget=rung))
        for rung in (1, 9)
    )
    best = dataclasses.replace(
        completed(3, 0.9085, n=90),
        state=TrialState.PRUNED,
        results=tuple(Result(stage=Stage(budget=rung), value=0.9) for rung in (1, 3)),
    )
    waits = {3: 2, 1: 8, 9: 0}
    shown = progress(spec, waiting=waits, best=best, left_s=None)
    shown = dataclasses.replace(shown, running=trials)
    assert progress_text(shown, 80, 24).plain.splitlines() == [
        "digits [#############.................] 9/20, 1 failed, 1 min 05 s",
        "  waiting: 8 at 1, 2 at 3 of 81 epochs",
        "  trial  budget      elapsed    newest  seen  parameters",
        "      4    1/81        1.0 s         -     0  n=1",
        "     36    9/81        1.0 s         -     0  n=1",
        "  best 0.9085 at 3 of 81 epochs, trial 3: n=90",
    ]


def test_the_best_of_several_objectives_is_that_in_the_first(
    completed: MakeTrial, make_spec: MakeSpec
) -> None:
    both = Objectives((Objective(metric="acc"), Objective(metric="ms")))
    shown = progress(make_spec("acc", "ms", objectives=both), best=completed(3, 0.5, n=90))
    assert progress_text(shown, 80, 24).plain.endswith("\n  best in acc 0.5, trial 3: n=90")


def test_the_screen_is_left_clean(view: MakeView, spec: StudySpec) -> None:
    console = terminal()
    live = view(console)
    live.start()
    live.show(progress(spec, 1))
    live.stop()
    live.stop()
    live.show(progress(spec, 1))
    end = console.file.getvalue().rpartition("n=10.0")[2]
    assert end.count(CLEAR_LINE) >= 3
    assert end.count("\x1b[1A") >= 3
    assert "digits" not in end


def test_log_lines_stand_above_the_view(
    view: MakeView, monkeypatch: pytest.MonkeyPatch, spec: StudySpec
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    live = view()
    live.start()
    live.show(progress(spec, 1))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    before = len(screen.getvalue())
    handler.emit(logging.makeLogRecord({"msg": "trial 7 [red]done[/red]", "levelname": "INFO"}))
    written = screen.getvalue()[before:]
    view_cleared, line, view_again = written.partition("[INFO] trial 7 [red]done[/red]")
    assert line
    assert CLEAR_LINE in view_cleared
    assert "digits" not in view_cleared
    assert "digits" in view_again
    live.stop()
    assert sys.stderr is screen


def test_a_line_without_its_end_is_not_lost(
    view: MakeView, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    live = view()
    live.start()
    redirected = sys.stderr  # kept, as it would also write the rest when it is deleted
    redirected.write("half a line")
    assert "half a line" not in screen.getvalue()
    live.stop()
    assert "half a line" in screen.getvalue()


def test_a_redirected_stdout_stays_as_it_is(
    view: MakeView, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    live = view(terminal())
    live.start()
    assert sys.stdout is output


def test_nothing_is_shown_on_a_file(
    view: MakeView, monkeypatch: pytest.MonkeyPatch, spec: StudySpec
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    output = io.StringIO()
    live = view(output)
    live.start()
    live.show(progress(spec, 1))
    live.stop()
    assert output.getvalue() == ""


def test_a_terminal_that_goes_away_ends_the_view_only(
    view: MakeView, monkeypatch: pytest.MonkeyPatch, spec: StudySpec
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    live = view()
    live.start()
    live.show(progress(spec, 1))
    screen.gone = True
    live.show(progress(spec, 2))
    assert sys.stderr is screen
    screen.gone = False
    before = screen.getvalue()
    live.show(progress(spec, 3))
    assert screen.getvalue() == before


def test_the_cursor_stays_visible(view: MakeView, spec: StudySpec) -> None:
    console = terminal()
    live = view(console)
    live.start()
    live.show(progress(spec, 1))
    written = console.file.getvalue()
    assert written.rfind("\x1b[?25h") > written.rfind("\x1b[?25l")


def test_a_terminal_that_is_gone_already_shows_nothing(
    view: MakeView, monkeypatch: pytest.MonkeyPatch, spec: StudySpec
) -> None:
    screen = Screen()
    screen.gone = True
    monkeypatch.setattr(sys, "stderr", screen)
    live = view()
    live.start()
    assert sys.stderr is screen
    screen.gone = False
    live.show(progress(spec, 1))
    assert screen.getvalue() == ""


def test_starting_twice_is_starting_once(view: MakeView) -> None:
    console = terminal()
    live = view(console)
    live.start()
    written = console.file.getvalue()
    live.start()
    assert console.file.getvalue() == written
