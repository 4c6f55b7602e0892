"""Followers that hold their reader up, and the loop that goes on."""

import threading
from collections.abc import Callable, Iterator

import pytest

from automl.errors import ReadError
from automl.readers import reading_threads
from automl.readers.follower import Look, Points
from automl.readers.reading_threads import MOST_THREADS, ReadingThreads

DEADLINE_S = 100.0
ONE = Look({"metric": Points((1.0,))})


class Held:
    """A follower that answers once its gate is open."""

    def __init__(self, look: Look = ONE, *, opened: bool = False) -> None:
        self.gate = threading.Event()
        self.began = threading.Event()
        self.asked: list[bool] = []
        self.closed = False
        self.look = look
        if opened:
            self.gate.set()

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        del limit_bytes
        self.asked.append(ended)
        self.began.set()
        assert self.gate.wait(DEADLINE_S)
        return self.look

    def problem(self) -> str:
        return "nothing"

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def woken() -> threading.Event:
    return threading.Event()


@pytest.fixture
def threads(woken: threading.Event) -> Iterator[ReadingThreads]:
    one = ReadingThreads(woken.set)
    yield one
    one.close()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not held up by a test is waited for, be the machine ever so busy."""
    monkeypatch.setattr(reading_threads, "AT_ONCE_S", DEADLINE_S)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    return lambda: monkeypatch.setattr(reading_threads, "AT_ONCE_S", 0.0)


def test_a_quick_look_is_told_at_once(threads: ReadingThreads, woken: threading.Event) -> None:
    follower = threads.beside(Held(opened=True))
    for _ in range(3):
        assert follower.read(ended=False, limit_bytes=1) == ONE
    assert follower.problem() == "nothing"
    assert not woken.is_set()
    assert len(threads._threads) == 1


def test_a_slow_look_is_told_once_it_is_done(
    threads: ReadingThreads, woken: threading.Event, impatient: Callable[[], None]
) -> None:
    held = Held()
    follower = threads.beside(held)
    impatient()
    for _ in range(3):
        assert follower.read(ended=False, limit_bytes=1).pending
    assert "still being read" in follower.problem()
    held.gate.set()
    assert woken.wait(DEADLINE_S)
    # It was begun before the end: what was written since is still to be read.
    look = follower.read(ended=True, limit_bytes=1)
    assert (look.measurements, look.more) == (ONE.measurements, True)
    assert held.asked == [False]


def test_others_are_read_while_some_are_held_up(
    threads: ReadingThreads, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = [Held() for _ in range(MOST_THREADS - 1)]
    with monkeypatch.context() as patch:
        patch.setattr(reading_threads, "AT_ONCE_S", 0.0)
        for one in held:
            assert threads.beside(one).read(ended=False, limit_bytes=1).pending
            assert one.began.wait(DEADLINE_S)
    other = Held(opened=True)
    follower = threads.beside(other)
    look = follower.read(ended=False, limit_bytes=1)
    while look.pending:
        look = follower.read(ended=False, limit_bytes=1)
    assert look == ONE
    for one in held:
        one.gate.set()


def test_who_is_closed_while_it_is_read_is_closed_afterwards(
    threads: ReadingThreads, woken: threading.Event, impatient: Callable[[], None]
) -> None:
    held = Held()
    follower = threads.beside(held)
    impatient()
    follower.read(ended=False, limit_bytes=1)
    assert held.began.wait(DEADLINE_S)
    follower.close()
    assert not held.closed
    held.gate.set()
    assert woken.wait(DEADLINE_S)
    assert held.closed
    idle = Held(opened=True)
    threads.beside(idle).close()
    assert idle.closed


def test_an_error_of_a_reader_is_told_as_one(
    threads: ReadingThreads, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    held = Held(opened=True)
    follower = threads.beside(held)

    def fail(**_: object) -> Look:
        raise error

    monkeypatch.setattr(held, "read", fail)
    error: Exception = ReadError("it is a directory")
    with pytest.raises(ReadError, match="it is a directory"):
        follower.read(ended=False, limit_bytes=1)
    error = KeyError("column")
    with pytest.raises(ReadError, match="its reader failed: KeyError: 'column'"):
        follower.read(ended=False, limit_bytes=1)
    assert "Traceback" in caplog.text


def test_what_hangs_for_ever_does_not_keep_the_end_waiting(
    woken: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_threads, "AT_ONCE_S", 0.0)
    monkeypatch.setattr(reading_threads, "CLOSE_S", 0.0)
    threads = ReadingThreads(woken.set)
    held = Held()
    threads.beside(held).read(ended=False, limit_bytes=1)
    assert held.began.wait(DEADLINE_S)
    threads.close()
    threads.close()
    held.gate.set()
    for thread in threads._threads:
        thread.join(DEADLINE_S)
        assert not thread.is_alive()


def test_a_machine_without_room_for_a_thread_is_told_apart(
    threads: ReadingThreads, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    follower = threads.beside(Held(opened=True))
    with monkeypatch.context() as patch:
        patch.setattr(reading_threads, "start_thread", refuse)
        with pytest.raises(ReadError, match="cannot be read now") as error:
            follower.read(ended=False, limit_bytes=1)
    assert error.value.errno == 11
    assert follower.read(ended=False, limit_bytes=1) == ONE


def test_whatever_a_reader_of_a_package_does_is_told_and_nothing_more(
    threads: ReadingThreads, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    held = Held(opened=True)
    follower = threads.beside(held)
    monkeypatch.setattr(held, "look", None)
    with pytest.raises(ReadError, match="read returned None, not a Look"):
        follower.read(ended=False, limit_bytes=1)

    def fail() -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(held, "problem", fail)
    monkeypatch.setattr(held, "close", fail)
    assert "its reader failed: ZeroDivisionError" in follower.problem()
    follower.close()
    assert caplog.text.count("a reader failed") == 3


def test_the_end_frees_all_followers_that_nobody_freed(
    woken: threading.Event, impatient: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_threads, "CLOSE_S", 0.0)
    threads = ReadingThreads(woken.set)
    idle, freed = Held(opened=True), Held(opened=True)
    for one in (idle, freed):
        threads.beside(one).read(ended=False, limit_bytes=1)
    impatient()
    held = [Held() for _ in range(MOST_THREADS)]
    for one in held:
        threads.beside(one).read(ended=False, limit_bytes=1)
    for one in held:
        assert one.began.wait(DEADLINE_S)
    queued = Held()
    threads.beside(queued).read(ended=False, limit_bytes=1)
    threads.close()
    assert (idle.closed, freed.closed, queued.closed) == (True, True, True)
    assert not queued.asked
    # Of those that are held up, whoever reads frees them.
    for one in held:
        assert not one.closed
        one.gate.set()
    for thread in threads._threads:
        thread.join(DEADLINE_S)
    assert all(one.closed for one in held)
