"""The small parts of a local executor: exit files, counters, ways to watch, stops."""

import logging
import os
import resource
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from local_place import Kind, LocalPlace, until

from automl.executors.local import earlier, spawn
from automl.executors.local.earlier import EarlierLives
from automl.executors.local.exits import exit_code_in, reap
from automl.executors.local.housekeeping import orphans
from automl.executors.local.housekeeping.lookout import Lookout
from automl.executors.local.housekeeping.sampling import OomKills, resident_bytes
from automl.executors.local.pace import FLOOR_S, Pace
from automl.executors.local.stop import Stop, advance
from automl.executors.local.watch import PidfdWatch, PollWatch, best_watch
from automl.executors.processes.identity import Process, has_ended
from automl.executors.site import Kin
from automl.inside.outcome import CallOutcome, outcome_in, write_outcome
from automl.quiet import muted
from automl.testing import FakeClock
from automl.waker import Waker


@given(code=st.integers(0, 255))
def test_an_exit_file_gives_its_code(tmp_path_factory: Any, code: int) -> None:
    path = tmp_path_factory.getbasetemp() / "exit"
    path.write_text(f"{code}\n")
    assert exit_code_in(str(path)) == code


@pytest.mark.parametrize("text", ["", "1", "\n", "x\n", "-1\n", "1 2\n", "\udcff1\n"])
def test_an_exit_file_without_a_whole_code_gives_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "exit"
    path.write_bytes(os.fsencode(text))
    assert exit_code_in(str(path)) is None
    assert exit_code_in(str(tmp_path / "none")) is None


FAILED = CallOutcome("failed", "ValueError", "no", code=1)


@pytest.mark.parametrize(
    ("text", "told", "code"),
    [
        (None, CallOutcome("completed", code=0), 0),
        (None, FAILED, 1),
        ("0\n", FAILED, 0),
        # As a starter says of what was asked to end; and as a shell that was killed leaves it.
        ("", CallOutcome("completed", code=0), None),
        # Of one that a shell has begun, that shell alone tells.
        (None, CallOutcome("completed"), None),
    ],
)
def test_without_an_exit_file_the_code_is_what_a_call_has_told(
    tmp_path: Path, text: str | None, told: CallOutcome, code: int | None
) -> None:
    if text is not None:
        (tmp_path / "exit").write_text(text)
    write_outcome(str(tmp_path), told)
    assert outcome_in(str(tmp_path)) == told
    assert exit_code_in(str(tmp_path / "exit")) == code


def test_an_outcome_with_a_code_that_is_none_tells_none(tmp_path: Path) -> None:
    (tmp_path / "outcome.json").write_text('{"state": "completed", "code": "0"}')
    assert exit_code_in(str(tmp_path / "exit")) is None


@pytest.mark.parametrize("killed_before", ["put_brand", "put_place_brand"])
def test_a_launch_whose_controller_dies_before_it_is_branded_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_before: str
) -> None:
    """Else what hides in a session of its own, without environment, could not be found again."""
    place = LocalPlace(tmp_path, Kind(cgroups=False))
    launch = place.launch_of("touch ran")
    monkeypatch.setattr(spawn, killed_before, lambda *_: os._exit(9))
    with muted(DeprecationWarning):
        controller = os.fork()
    if not controller:
        spawn.Spawner().start(launch, None)
        os._exit(0)
    os.waitpid(controller, 0)
    until(lambda: place.left() == [], "its script waits on")
    assert not (tmp_path / "0" / "ran").exists()
    assert not Path(launch.exit_path).exists()
    place.close()


def test_only_an_ended_child_is_reaped() -> None:
    child = subprocess.Popen(["sh", "-c", "read x; exit 4"], stdin=subprocess.PIPE)
    assert reap(child.pid) is None
    assert reap(os.getpid()) is None
    assert child.stdin
    child.stdin.close()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    ended = reap(child.pid)
    assert ended
    assert ended.code == 4
    child.returncode = 4


def test_our_own_size_is_not_taken_for_a_childs() -> None:
    ballast = bytearray(b"x") * (64 << 20)
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", ":"], {})
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    ended = reap(pid)
    assert ended
    assert ended.peak_memory_bytes is None
    assert len(ballast) <= resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_without_launches_there_is_no_memory_to_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Brief ones may have ended whenever it is due; then each `wait` would look."""
    monkeypatch.setattr(orphans, "_is_given_orphans", lambda: False)
    lookout = Lookout(0.0)
    assert not lookout.is_due(1e6, any_running=False)
    assert lookout.is_due(1e6, any_running=True)


def test_resident_memory_is_that_of_all() -> None:
    own = os.getpid()
    one = resident_bytes([own])
    assert one > 5 << 20
    assert resident_bytes([own, own]) >= one + (5 << 20)
    assert resident_bytes([4_000_000]) == 0


def test_a_counter_of_kills_is_told_from_the_look_on(tmp_path: Path) -> None:
    path = tmp_path / "vmstat"
    path.write_text("oom_kill 7\n")
    kills = OomKills(str(path))
    kills.look(1.0)
    assert not kills.since(0.0)
    path.write_text("oom_kill 8\n")
    kills.look(2.0)
    kills.look(3.0)
    assert kills.since(1.5)
    assert not kills.since(2.5)


@pytest.mark.parametrize("text", ["", "oom_kill", "oom_kill x", "other 3\n"])
def test_a_kernel_without_the_counter_never_killed(tmp_path: Path, text: str) -> None:
    (tmp_path / "vmstat").write_text(text)
    for path in (tmp_path / "vmstat", tmp_path / "none"):
        kills = OomKills(str(path))
        kills.look(1.0)
        assert not kills.since(0.0)


@pytest.mark.parametrize("kind", [PidfdWatch, PollWatch])
def test_ends_are_seen_and_wakers_heard(kind: type[PidfdWatch] | type[PollWatch]) -> None:
    waker = Waker()
    watch = kind(waker)
    with subprocess.Popen(["sh", "-c", "read x"], stdin=subprocess.PIPE) as child:
        watch.add(child.pid)
        assert watch.wait(0) == []
        waker.wake()
        assert watch.wait(None) is None
        assert child.stdin
        child.stdin.close()
        assert watch.wait(20) == [child.pid]
        watch.remove(child.pid)
        assert watch.wait(0) == []
        watch.add(child.pid)
        watch.close()
    waker.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_without_a_descriptor_is_looked_at_until_it_has_one(
    monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    waker = Waker()
    watch = PidfdWatch(waker)
    opened = os.dup(0)
    os.close(opened)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as child:
        assert child.stdin
        with monkeypatch.context() as patch:
            patch.setattr(watch._selector, "register", refuse)
            watch.add(child.pid)
            again = os.dup(0)
            os.close(again)
            assert again <= child.stdin.fileno() + 1
            assert watch.wait(0) == []
            waker.wake()
            assert watch.wait(None) is None
            if when == "before":
                child.stdin.close()
                assert watch.wait(None) == [child.pid]
        if when == "after":
            assert watch.wait(0) == []
            child.stdin.close()
            assert watch.wait(None) == [child.pid]
        watch.remove(child.pid)
    watch.close()
    waker.close()


def test_what_cannot_be_asked_has_not_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pid: int) -> None:
        raise OSError(24, f"Too many open files for {pid}")

    assert not has_ended(os.getppid())
    assert has_ended(4_000_000)
    with monkeypatch.context() as patch:
        patch.setattr("automl.executors.processes.identity.read_stat", refuse)
        assert not has_ended(os.getppid())
        assert has_ended(4_000_000)


def test_where_the_kernel_cannot_tell_ends_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pid: int) -> int:
        raise OSError(38, f"not implemented for {pid}")

    with monkeypatch.context() as patch:
        patch.setattr("os.pidfd_open", refuse, raising=False)
        assert best_watch() is PollWatch


class FakeTable:
    """A table with the processes that it is told; signals are noted, not sent."""

    def __init__(self) -> None:
        self.processes = [Process(4_000_001, 1), Process(4_000_002, 1)]
        self.whole = True
        self.lineage: set[int] = set()

    def of(self, *_: object, **__: object) -> list[Process]:
        return self.processes

    def refresh(self) -> bool:
        return False

    def has_group(self, _group: int) -> bool:
        return True


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[signal.Signals]:
    sent: list[signal.Signals] = []
    monkeypatch.setattr(
        "automl.executors.processes.proctree.signal_all",
        lambda _table, _found, *numbers: sent.extend(numbers),
    )
    return sent


def test_a_stop_asks_once_then_kills_until_nothing_is_left(sent: list[signal.Signals]) -> None:
    table: Any = FakeTable()
    stop = Stop(Process(1, 1), "m", deadline=10.0)
    assert not advance([stop], table, 0.0)
    assert sent == [signal.SIGTERM, signal.SIGCONT]
    pauses = []
    for second in range(1, 10):
        assert not advance([stop], table, float(second))
        pauses.append(stop.moment(0.0) - second)
    assert sent == [signal.SIGTERM, signal.SIGCONT]
    assert pauses == sorted(pauses)
    assert max(pauses) <= 0.25
    assert not advance([stop], table, 10.0)
    assert not advance([stop], table, 10.1)
    assert sent[2:] == [signal.SIGKILL, signal.SIGKILL]
    table.processes = []
    assert not advance([stop], table, 10.2)
    assert not advance([stop], table, 10.2 + FLOOR_S / 2)
    assert advance([stop], table, 10.3)


class FakeGroup:
    """A group whose processes no walk meets."""

    def __init__(self) -> None:
        self.populated = True
        self.kills = 0

    def pids(self) -> list[int]:
        return []

    def kill(self) -> None:
        self.kills += 1


def test_a_stop_goes_on_while_anything_is_in_the_group(sent: list[signal.Signals]) -> None:
    table: Any = FakeTable()
    table.processes = []
    group: Any = FakeGroup()
    stop = Stop(Process(1, 1), "m", 1.0, group)
    for second in range(3):
        stop.strike(float(second))
        assert not advance([stop], table, float(second))
    assert group.kills == 2
    group.populated = False
    assert not advance([stop], table, 3.0)
    assert advance([stop], table, 4.0)
    assert sent == []


def test_what_could_not_be_looked_at_may_be_left(sent: list[signal.Signals]) -> None:
    table: Any = FakeTable()
    stop = Stop(Process(1, 1), "m", deadline=10.0)
    first, second = table.processes
    table.whole, table.processes = False, [first]
    assert not advance([stop], table, 0.0)
    table.processes = []
    assert not advance([stop], table, 1.0)
    assert not advance([stop], table, 2.0)
    table.whole, table.processes = True, [first, second]
    assert not advance([stop], table, 3.0)
    assert not advance([stop], table, 4.0)
    assert sent == [signal.SIGTERM, signal.SIGCONT] * 2
    table.processes = []
    assert not advance([stop], table, 5.0)
    assert advance([stop], table, 6.0)


def test_a_group_that_no_table_explains_is_not_gone(sent: list[signal.Signals]) -> None:
    table: Any = FakeTable()
    table.processes = []
    table.has_group = lambda _group: False
    stop = Stop(Process(os.getpgid(0), 1), "m", deadline=10.0)
    for second in range(5):
        assert not advance([stop], table, float(second))
    assert sent == []


@pytest.mark.parametrize("floor_s", [0.0, 100.0])
def test_the_floor_holds_back_all_looks_but_the_first_and_that_at_the_deadline(
    sent: list[signal.Signals], floor_s: float
) -> None:
    table: Any = FakeTable()
    stop = Stop(Process(1, 1), "m", deadline=50.0)
    assert stop.moment(floor_s) == 0.0
    advance([stop], table, 1.0)
    stop.look_soon()
    assert stop.moment(floor_s) == min(floor_s, 50.0)
    for _ in range(1000):
        stop.hasten(50.0)
    stop.hasten(20.0)
    assert stop.moment(floor_s) == min(floor_s, 20.0)
    advance([stop], table, 20.0)
    assert stop.moment(floor_s) == max(floor_s, 20.0 + FLOOR_S)
    assert sent[-1] is signal.SIGKILL


def test_a_pause_grows_with_the_walk() -> None:
    pace = Pace()
    pace.walked(1.0, 1.001)
    assert pace.next_s == 1.001 + FLOOR_S
    pace.walked(1.0, 2.0)
    assert pace.next_s == 6.0


def test_a_hastened_stop_kills_at_once_and_is_never_slowed(sent: list[signal.Signals]) -> None:
    table: Any = FakeTable()
    stop = Stop(Process(1, 1), "m", deadline=10.0)
    advance([stop], table, 0.0)
    stop.hasten(1.0)
    stop.hasten(5.0)
    assert stop.moment(0.0) <= 1.0
    advance([stop], table, 1.0)
    assert sent[-1] is signal.SIGKILL


def test_what_cannot_be_killed_is_told_once(
    sent: list[signal.Signals], caplog: pytest.LogCaptureFixture
) -> None:
    table: Any = FakeTable()
    stop = Stop(Process(1, 1), "study:4", deadline=0.0)
    with caplog.at_level(logging.WARNING):
        for second in range(10):
            assert not advance([stop], table, float(second))
    assert len(sent) == 10
    (record,) = caplog.records
    assert record.getMessage() == (
        "processes 4000001, 4000002 of study:4 outlive SIGKILL (another user's, or waiting for a "
        "device); their trial stays on its slot until they are gone"
    )


def test_what_an_earlier_life_left_is_told_to_hold_up_the_start(
    sent: list[signal.Signals], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = iter([0] * 30)
    clock = FakeClock()
    monkeypatch.setattr(earlier, "KinTable", lambda _: FakeTable())
    monkeypatch.setattr("time.sleep", lambda _: clock.advance(1.0))
    lives = EarlierLives(clock=clock, grace_s=0.0, asked=lambda: next(asked, 2), cgroups=False)
    lives.stop(Kin(place="/there"))
    assert signal.SIGKILL in sent
    told = caplog.records[-1].getMessage()
    assert "4000001, 4000002 of an earlier life of the study in /there outlive SIGKILL" in told
    assert told.endswith(
        "; nothing is started until they are gone; end them, or press Ctrl-C twice to leave"
    )


def test_until_gives_up() -> None:
    until(lambda: True, "never raised")
