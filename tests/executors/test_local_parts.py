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
from local_place import until

from automl.executors.exits import exit_code_in, reap
from automl.executors.identity import Process, start_time
from automl.executors.sampling import OomKills, resident_bytes
from automl.executors.stop import Stop
from automl.executors.watch import PidfdWatch, PollWatch, best_watch
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


def test_resident_memory_is_that_of_all() -> None:
    own = Process(os.getpid(), start_time(os.getpid()) or 0)
    one = resident_bytes([own])
    assert one > 5 << 20
    assert resident_bytes([own, own]) >= one + (5 << 20)
    assert resident_bytes([Process(4_000_000, 0)]) == 0


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


def test_a_descriptor_that_cannot_be_waited_for_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    waker = Waker()
    watch = PidfdWatch(waker)
    opened = os.dup(0)
    os.close(opened)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(watch._selector, "register", refuse)
        with pytest.raises(OSError, match="No space"):
            watch.add(os.getpid())
    again = os.dup(0)
    os.close(again)
    assert again == opened
    watch.close()
    waker.close()


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

    def of(self, *_: object) -> list[Process]:
        return self.processes


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[signal.Signals]:
    sent: list[signal.Signals] = []
    monkeypatch.setattr(
        "automl.executors.proctree.signal_all", lambda _table, _found, number: sent.append(number)
    )
    return sent


def test_a_stop_asks_once_then_kills_until_nothing_is_left(sent: list[signal.Signals]) -> None:
    table: Any = FakeTable()
    stop = Stop(Process(1, 1), "m", deadline=10.0)
    assert not stop.advance(table, 0.0)
    assert sent == [signal.SIGTERM, signal.SIGCONT]
    pauses = []
    for second in range(1, 10):
        assert not stop.advance(table, float(second))
        pauses.append(stop.next_look_s)
    assert sent == [signal.SIGTERM, signal.SIGCONT]
    assert pauses == sorted(pauses)
    assert max(pauses) <= 0.25
    assert not stop.advance(table, 10.0)
    assert not stop.advance(table, 10.1)
    assert sent[2:] == [signal.SIGKILL, signal.SIGKILL]
    table.processes = []
    assert stop.advance(table, 10.2)


class FakeGroup:
    """A group whose processes no walk meets."""

    def __init__(self) -> None:
        self.populated = True
        self.kills = 0

    def processes(self) -> list[Process]:
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
        assert not stop.advance(table, float(second))
    assert group.kills == 2
    group.populated = False
    assert stop.advance(table, 3.0)
    assert signal.SIGTERM in sent


def test_a_hastened_stop_kills_at_once_and_is_never_slowed(sent: list[signal.Signals]) -> None:
    table: Any = FakeTable()
    stop = Stop(Process(1, 1), "m", deadline=10.0)
    stop.advance(table, 0.0)
    stop.hasten(1.0)
    stop.hasten(5.0)
    assert stop.next_look_s == 0.0
    stop.advance(table, 1.0)
    assert sent[-1] is signal.SIGKILL


def test_what_cannot_be_killed_is_told_once(
    sent: list[signal.Signals], caplog: pytest.LogCaptureFixture
) -> None:
    table: Any = FakeTable()
    stop = Stop(Process(1, 1), "study:4", deadline=0.0)
    with caplog.at_level(logging.WARNING):
        for second in range(10):
            assert not stop.advance(table, float(second))
    assert len(sent) == 10
    (record,) = caplog.records
    assert record.getMessage() == (
        "processes 4000001, 4000002 of study:4 outlive SIGKILL (another user's, or waiting for a "
        "device); their trial stays on its slot until they are gone"
    )


def test_until_gives_up() -> None:
    until(lambda: True, "never raised")
