"""Steps that the machine cannot do at first."""

import errno
import os
import threading
from collections.abc import Callable

import pytest

from automl import patience
from automl.errors import JournalError, LaunchError, StorageError
from automl.patience import patiently, start_thread
from automl.waker import Waker


def failing(times: int, error: Exception) -> Callable[[], str]:
    left = [error] * times

    def step() -> str:
        if left:
            raise left.pop()
        return "done"

    return step


def lacking(number: int) -> OSError:
    return OSError(number, os.strerror(number), "/there")


def refused_now() -> LaunchError:
    error = LaunchError("no room")
    error.errno = errno.EMFILE
    return error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (lacking(errno.EMFILE), "/there: Too many open files"),
        (lacking(errno.EIO), "/there: Input/output error"),
        (StorageError("no journal now"), "no journal now"),
        (refused_now(), "no room"),
    ],
)
def test_what_may_pass_is_said_once_and_done_later(
    caplog: pytest.LogCaptureFixture, error: Exception, told: str
) -> None:
    assert patiently(failing(3, error), lambda: False, then="the study begins") == "done"
    assert caplog.messages == [
        f"{told}. The study begins once it works again; Ctrl-C to end",
        "it works again: the study begins",
    ]


def test_what_works_at_once_is_not_talked_about(caplog: pytest.LogCaptureFixture) -> None:
    assert patiently(lambda: 3, then="the study begins") == 3
    assert not caplog.messages


@pytest.mark.parametrize("error", [lacking(errno.EACCES), JournalError("torn"), LaunchError("no")])
def test_what_will_not_pass_ends_it(error: Exception) -> None:
    with pytest.raises(type(error)):
        patiently(failing(1, error), lambda: False, then="the study begins")


def test_who_asks_to_end_gets_the_reason() -> None:
    with pytest.raises(StorageError, match="/there: No space left on device"):
        patiently(failing(9, lacking(errno.ENOSPC)), lambda: True, then="the study begins")


def test_ctrl_c_in_the_pause_asks_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(patience.time, "sleep", interrupted)
    with pytest.raises(StorageError, match="Too many open files"):
        patiently(failing(9, lacking(errno.EMFILE)), then="the study begins")


def test_a_thread_that_could_not_start_starts_later(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = threading.Event()
    thread = threading.Thread(target=ran.set)

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        for name in ("_start_new_thread", "_start_joinable_thread"):
            patch.setattr(threading, name, refuse, raising=False)
        with pytest.raises(OSError, match="no thread can be started") as told:
            start_thread(thread)
    assert told.value.errno == errno.EAGAIN
    start_thread(thread)
    thread.join()
    assert ran.is_set()


def test_a_waker_ends_a_wait() -> None:
    waker = Waker()
    waker.wake()
    waker.wait(600.0)
    waker.wait(0.0)
    waker.close()
