"""The processes that match: what they find, and what becomes of those that do not answer."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import ReadError
from automl.inside.marks import MARK_VARIABLE
from automl.readers.follow import MetricFollower
from automl.readers.matching import bounded
from automl.readers.matching import matcher as module
from automl.readers.matching.bounded import BoundedFinder
from automl.readers.matching.finder import Finder
from automl.readers.matching.matcher import MATCHER, Matcher, TooSlowError
from automl.readers.matching.process import answer_to
from automl.study.launch import PLACE_VARIABLE

pytestmark = pytest.mark.slow

ENDLESS = "a" * 40 + "b"
PATTERN = r"(?:acc: ?)+(\S+)|(a+)+$"


@pytest.fixture
def matcher() -> Iterator[Matcher]:
    MATCHER.enter()
    yield MATCHER
    MATCHER.leave()


def children() -> list[psutil.Process]:
    return psutil.Process().children()


@given(
    lines=st.lists(st.text(st.sampled_from("acc: 0123.e-xx"), max_size=12), max_size=8),
    cut=st.integers(0, 8),
)
def test_a_process_finds_what_a_finder_finds(lines: list[str], cut: int) -> None:
    pattern = r"(?P<step>\d+) (?P<value>[\d.]+)|acc: ?(?P<other>\S+)"
    plain, aside = Finder(pattern), Finder(pattern)
    expected = plain.find(lines)
    values: list[float] = []
    for part in (lines[:cut], lines[cut:]):
        found, _, state = answer_to(pattern, part, aside.state)
        aside.resume(state)
        values += found
    assert values == expected.values
    assert repr(aside.state) == repr(plain.state)


def test_one_process_serves_all_and_ends_with_its_last_user(matcher: Matcher) -> None:
    state = Finder(PATTERN).state
    for _ in range(3):
        found, *_ = matcher.find(PATTERN, ["acc: 1", "acc: acc: 2"], state, 10)
        assert found.values == [1, 2]
    (child,) = children()
    matcher.enter()
    matcher.leave()
    assert children() == [child]


def test_without_a_user_no_process_stays() -> None:
    found, *_ = MATCHER.find(PATTERN, ["acc: 1"], Finder(PATTERN).state, 10)
    assert found.values == [1]
    assert children() == []


def test_a_slow_line_is_named(matcher: Matcher) -> None:
    with pytest.raises(TooSlowError) as error:
        matcher.find("(a+)+$", ["a", "b", ENDLESS, "a"], Finder("(a)").state, 0.1)
    assert error.value.place == 2


def test_another_process_takes_the_place_of_one_that_was_killed(matcher: Matcher) -> None:
    state = Finder(PATTERN).state
    matcher.find(PATTERN, [], state, 10)
    (child,) = children()
    child.kill()
    found, *_ = matcher.find(PATTERN, ["acc: 1"], state, 10)
    assert found.values == [1]


def test_one_that_was_stopped_is_replaced(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = Finder(PATTERN).state
    matcher.find(PATTERN, [], state, 10)
    (child,) = children()
    child.suspend()
    monkeypatch.setattr(module, "STILL_S", 1.0)
    found, *_ = matcher.find(PATTERN, ["acc: 1"], state, 10)
    assert found.values == [1]
    assert not child.is_running()


def test_where_no_process_can_be_started_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.sys, "executable", "/nowhere/python")
    with pytest.raises(ReadError, match="no process can be started that matches a pattern"):
        MATCHER.find(PATTERN, [], Finder(PATTERN).state, 10)


def test_a_machine_without_room_for_a_process_is_waited_for(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, refusals = module._Process, iter([11, 12])
    monkeypatch.setattr(module, "RETRY_S", 0.0)

    def start() -> object:
        number = next(refusals, None)
        if number is not None:
            raise OSError(number, os.strerror(number))
        return real()

    monkeypatch.setattr(module, "_Process", start)
    found, *_ = matcher.find(PATTERN, ["acc: 1"], Finder(PATTERN).state, 10)
    assert found.values == [1]


def test_the_last_user_ends_a_request_that_goes_on() -> None:
    matcher = Matcher()
    matcher.enter()
    errors: list[Exception] = []

    def ask() -> None:
        try:
            matcher.find("(a+)+$", [ENDLESS], Finder("(a)").state, 1000)
        except ReadError as error:
            errors.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    while not matcher._busy:
        thread.join(0.01)
    matcher.leave()
    thread.join(100)
    assert len(errors) == 1
    assert children() == []


def test_signals_that_ask_to_end_are_for_the_controller_alone(matcher: Matcher) -> None:
    state = Finder(PATTERN).state
    matcher.find(PATTERN, [], state, 10)
    (child,) = children()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        child.send_signal(number)
    matcher.find(PATTERN, [], state, 10)
    assert children() == [child]
    assert os.getpgid(child.pid) == child.pid


def test_it_is_of_no_trial_even_if_its_controller_is(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (MARK_VARIABLE, PLACE_VARIABLE):
        monkeypatch.setenv(name, "outer")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/needed/by/some/python")
    matcher.find(PATTERN, [], Finder(PATTERN).state, 10)
    (child,) = children()
    environ = child.environ()
    assert "outer" not in environ.values()
    assert environ["LD_LIBRARY_PATH"] == "/needed/by/some/python"
    assert Path("/proc", str(child.pid), "cwd").readlink() == Path("/")


def test_only_slow_lines_are_left_out(matcher: Matcher, monkeypatch: pytest.MonkeyPatch) -> None:
    del matcher
    monkeypatch.setattr(bounded, "LOOK_S", 0.4)
    finder = BoundedFinder(PATTERN)
    finder.begin_look()
    found = finder.find(["acc: 1", ENDLESS, "acc: 2"])
    assert found.values == [1, 2]
    assert f"line that begins with {ENDLESS!r}" in finder.left_out
    assert finder.find([ENDLESS, "acc: 3"]).values == []
    finder.begin_look()
    assert finder.find(["acc: 4"]).values == [4]


def test_many_lines_that_are_done_with_in_time_may_take_too_long_together(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    del matcher
    monkeypatch.setattr(bounded, "LOOK_S", 0.3)
    finder = BoundedFinder(r"(\d+)%")
    # Each takes about 0.1 s, going over all its digits from each of them.
    blocks = 0
    while not finder.left_out:
        finder.find(["1" * 4000 + "."])
        blocks += 1
        assert blocks < 1000
    assert finder.find(["5%"] * 100).values == [5.0] * 100
    assert finder.find(["1" * 4000 + ".", "5%"]).values == []
    finder.begin_look()
    assert finder.find(["1" * 40 + ".", "5%"]).values == [5.0]


def test_what_was_left_out_is_the_reason_where_there_is_no_number(
    tmp_path: Path, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    del matcher
    monkeypatch.setattr(bounded, "LOOK_S", 0.2)
    log = tmp_path / "metric.log"
    log.write_text(f"{ENDLESS}\n")
    follower = MetricFollower(log, PATTERN)
    assert follower.read(ended=False).values == ()
    assert follower.problem() == follower.left_out
    assert "'(?:acc: ?)+(\\\\S+)|(a+)+$' found no end within 0.2 s" in follower.problem()
    assert "no loop stands in another" in follower.problem()
    log.write_text("acc: 5\n")
    assert follower.read(ended=True).values == (5.0,)
    assert follower.left_out == ""


def test_quick_patterns_and_short_lines_need_no_process(tmp_path: Path) -> None:
    log = tmp_path / "metric.log"
    log.write_text("epoch 1 acc=0.5\n" * 50)
    for pattern in (r"acc=(\S+)", r"epoch (?P<step>\d+).*acc=(\S+)"):
        assert len(MetricFollower(log, pattern).read(ended=True).values) == 50
    assert children() == []
