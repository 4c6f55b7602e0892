"""The live view on a terminal: what it leaves, whatever is done to the window and the keyboard."""

import errno
import io
import logging
import sys
import termios
from collections.abc import Callable, Iterator
from typing import Any, TextIO

import pytest
from fake_terminal import FakeTerminal
from progress_facts import progress_of

from automl.logs import LineFormatter
from automl.show.live.screen import Screen
from automl.show.live.view import LiveView
from automl.show.progress import Progress, RunningTrial
from automl.study.spec import StudySpec

MakeSpec = Callable[..., StudySpec]
MakeView = Callable[..., LiveView]


def progress(spec: StudySpec, running: int = 2, **changes: Any) -> Progress:
    trials = tuple(
        RunningTrial(id=9 + number, params={"x": number}, elapsed_s=12.0, value=0.5)
        for number in range(running)
    )
    return progress_of(spec, *trials, **changes)


class Gone(io.StringIO):
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
def terminal() -> Iterator[FakeTerminal]:
    made = FakeTerminal()
    yield made
    made.close()


@pytest.fixture
def view(monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeView]:
    """A view on a standard error, which gives the streams back however the test ends."""
    made: list[LiveView] = []

    def make(stderr: FakeTerminal | TextIO, **options: Any) -> LiveView:
        stream = stderr.stream if isinstance(stderr, FakeTerminal) else stderr
        monkeypatch.setattr(sys, "stderr", stream)
        made.append(LiveView(**options))
        made[-1].start()
        return made[-1]

    yield make
    for live in made:
        live.stop()


def tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def test_the_screen_is_left_clean(view: MakeView, spec: StudySpec, terminal: FakeTerminal) -> None:
    live = view(terminal)
    tell("before")
    live.show(progress(spec))
    assert terminal.text[0] == "before"
    assert terminal.text[1].startswith("digits ")
    live.stop()
    live.stop()
    live.show(progress(spec))
    assert terminal.text == ["before"]
    assert sys.stderr is terminal.stream


def test_log_lines_stand_above_the_view(
    view: MakeView, spec: StudySpec, terminal: FakeTerminal
) -> None:
    live = view(terminal)
    live.show(progress(spec, 1))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    handler.emit(logging.makeLogRecord({"msg": "trial 7 [red]done[/red]", "levelname": "INFO"}))
    first, *rest = terminal.text
    assert first.endswith("[INFO] trial 7 [red]done[/red]")
    assert rest[0].startswith("digits ")
    tell("a" * 200)
    live.show(progress(spec, 2))
    assert terminal.text[1:4] == ["a" * 80, "a" * 80, "a" * 40]
    live.stop()
    assert len(terminal.text) == 4


def test_many_lines_scroll_and_the_view_stays_below(
    view: MakeView, spec: StudySpec, terminal: FakeTerminal
) -> None:
    live = view(terminal)
    for number in range(40):
        tell(f"line {number}")
        live.show(progress(spec, 1 + number % 9))
        terminal.look()
    live.stop()
    assert terminal.text == [f"line {number}" for number in range(40)]


@pytest.mark.parametrize("size", [(79, 24), (60, 24), (33, 24), (20, 50), (120, 24), (80, 12)])
def test_a_window_of_another_size_leaves_nothing(
    view: MakeView, spec: StudySpec, terminal: FakeTerminal, size: tuple[int, int]
) -> None:
    live = view(terminal)
    tell("before")
    live.show(progress(spec, 3))
    terminal.resize(*size)
    live.show(progress(spec, 3))
    again = FakeTerminal(*size)
    again.window.feed("before\r\n")
    other = LiveView(again.stream)
    other.start()
    other.show(progress(spec, 3))
    assert terminal.text == again.text
    terminal.resize(80, 24)
    live.stop()
    other.stop()
    assert terminal.text == ["before"]
    again.close()


def test_a_window_that_changed_just_before_a_line_or_the_end_leaves_nothing(
    view: MakeView, spec: StudySpec, terminal: FakeTerminal
) -> None:
    live = view(terminal)
    live.show(progress(spec, 3))
    terminal.resize(40, 24)
    tell("line")
    terminal.resize(30, 24)
    live.stop()
    assert terminal.text == ["line"]


def test_what_is_typed_moves_nothing(
    view: MakeView, spec: StudySpec, terminal: FakeTerminal
) -> None:
    live = view(terminal)
    live.show(progress(spec))
    shown = terminal.text
    terminal.type("\n\nabc\n")
    assert terminal.text == shown
    live.show(progress(spec, 1))
    live.stop()
    assert terminal.text == []
    assert terminal.echoes


def test_a_program_that_may_read_shows_what_is_typed(
    view: MakeView, spec: StudySpec, terminal: FakeTerminal
) -> None:
    live = view(terminal, typing=True)
    live.show(progress(spec))
    assert terminal.echoes
    live.stop()


def test_a_terminal_without_echo_stays_so(
    view: MakeView, spec: StudySpec, terminal: FakeTerminal
) -> None:
    attributes = termios.tcgetattr(terminal.stream.fileno())
    attributes[3] &= ~termios.ECHO
    termios.tcsetattr(terminal.stream.fileno(), termios.TCSANOW, attributes)
    live = view(terminal)
    live.show(progress(spec))
    live.stop()
    assert not terminal.echoes


def test_a_view_that_is_held_up_gives_the_terminal_back(
    view: MakeView, spec: StudySpec, terminal: FakeTerminal
) -> None:
    live = view(terminal)
    live.show(progress(spec))
    assert not terminal.echoes
    live.abandon()
    assert terminal.echoes
    assert sys.stderr is terminal.stream


def test_the_shell_gets_a_clean_terminal_while_the_program_is_stopped(
    view: MakeView, spec: StudySpec, terminal: FakeTerminal
) -> None:
    live = view(terminal)
    tell("before")
    live.show(progress(spec))
    live.pause()
    assert terminal.text == ["before"]
    assert terminal.echoes
    terminal.window.feed("[1]+ Stopped\r\n$ fg\r\npython tune.py\r\n")
    live.go_on()
    live.show(progress(spec))
    assert terminal.text[:4] == ["before", "[1]+ Stopped", "$ fg", "python tune.py"]
    assert terminal.text[4].startswith("digits ")
    live.stop()
    assert len(terminal.text) == 4


def test_in_the_background_only_lines_are_written(
    view: MakeView, spec: StudySpec, terminal: FakeTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = view(terminal)
    live.show(progress(spec))
    live.pause()
    with monkeypatch.context() as away:
        for module in ("screen", "keyboard"):
            away.setattr(f"automl.show.live.{module}.in_foreground", lambda _: False)
        live.go_on()
        live.show(progress(spec))
        tell("line")
        assert terminal.text == ["line"]
        assert terminal.echoes
    live.show(progress(spec))
    assert not terminal.echoes
    assert terminal.text[1].startswith("digits ")


def test_pictures_are_shown_whole_and_only_when_they_change(
    view: MakeView, spec: StudySpec, terminal: FakeTerminal
) -> None:
    live = view(terminal)
    live.show(progress(spec))
    terminal.look()
    written = terminal.written
    assert (written.count("\x1b[?2026h"), written.count("\x1b[?2026l")) == (1, 1)
    assert "\x1b[?25l" not in written  # killed with -9, nobody could bring the cursor back
    assert "\x1b[?1049h" not in written
    live.show(progress(spec))
    terminal.look()
    assert terminal.written == written


def test_what_tmux_would_keep_is_never_erased_at_once(
    view: MakeView, spec: StudySpec, terminal: FakeTerminal
) -> None:
    live = view(terminal)
    live.show(progress(spec))
    tell("line")
    live.stop()
    terminal.look()
    assert "\r\x1b[J" not in terminal.written


def test_a_line_without_its_end_is_not_lost(view: MakeView, terminal: FakeTerminal) -> None:
    live = view(terminal)
    sys.stderr.write("half a line")
    sys.stderr.flush()
    assert terminal.text == []
    live.stop()
    assert terminal.text == ["half a line"]


def test_who_kept_the_stream_still_writes_to_the_terminal(
    view: MakeView, spec: StudySpec, terminal: FakeTerminal
) -> None:
    live = view(terminal)
    kept = sys.stderr
    live.show(progress(spec))
    live.stop()
    print("late", file=kept)
    assert terminal.text == ["late"]
    assert kept.fileno() == terminal.stream.fileno()
    assert kept.isatty()
    assert kept.encoding == "utf-8"
    assert kept.mode == "w"


def test_what_a_program_put_in_place_of_a_stream_meanwhile_stays(
    view: MakeView, terminal: FakeTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = view(terminal)
    other = io.StringIO()
    monkeypatch.setattr(sys, "stderr", other)
    live.stop()
    assert sys.stderr is other
    assert terminal.text == []


def test_a_redirected_stdout_stays_as_it_is(
    view: MakeView, terminal: FakeTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    view(terminal)
    assert sys.stdout is output
    assert sys.stderr is not terminal.stream


def test_nothing_is_shown_on_a_file(
    view: MakeView, monkeypatch: pytest.MonkeyPatch, spec: StudySpec
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    output = io.StringIO()
    live = view(output)
    live.show(progress(spec, 1))
    live.stop()
    assert output.getvalue() == ""


def test_a_terminal_that_goes_away_ends_the_view_only(view: MakeView, spec: StudySpec) -> None:
    screen = Gone()
    live = view(screen)
    live.show(progress(spec, 1))
    screen.gone = True
    live.show(progress(spec, 2))
    assert sys.stderr is screen
    screen.gone = False
    before = screen.getvalue()
    live.show(progress(spec, 3))
    assert screen.getvalue() == before


def test_a_terminal_that_is_gone_already_shows_nothing(view: MakeView, spec: StudySpec) -> None:
    screen = Gone()
    screen.gone = True
    live = view(screen)
    live.show(progress(spec, 1))
    assert sys.stderr is screen
    screen.gone = False
    live.show(progress(spec, 1))
    assert screen.getvalue() == ""


def test_starting_twice_is_starting_once(view: MakeView, terminal: FakeTerminal) -> None:
    live = view(terminal)
    stand_in = sys.stderr
    live.start()
    assert sys.stderr is stand_in
    assert terminal.text == []


def test_a_terminal_that_does_not_tell_its_size_has_the_usual_one() -> None:
    assert Screen(io.StringIO()).size() == (80, 24)
