"""What a child forked by the user's script gets, and when it can be forked."""

import os
import signal
import threading
from typing import Any

import pytest

from automl import forks

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")


def fork_and_wait() -> int:
    """Fork a child that ends at once; return its exit code."""
    pid = os.fork()
    if not pid:
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_no_thread_forks_while_forks_are_held_off() -> None:
    forked = threading.Event()

    def fork() -> None:
        fork_and_wait()
        forked.set()

    thread = threading.Thread(target=fork)
    with forks.held_off():
        thread.start()
        # It may not, however long it is given; without the lock it takes a millisecond.
        assert not forked.wait(0.2)
    thread.join()
    assert forked.is_set()


def test_the_thread_that_holds_them_off_may_fork_itself() -> None:
    with forks.held_off():
        assert fork_and_wait() == 0
    assert fork_and_wait() == 0


def test_a_child_hears_signals_once_it_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    forks.watch()
    before = signal.signal(signal.SIGTERM, lambda *_: os._exit(9))
    # While signals still wait: it is kept for the moment at which they no longer do.
    monkeypatch.setattr(forks, "_in_child", [lambda: os.kill(os.getpid(), signal.SIGTERM)])
    try:
        code = fork_and_wait()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert code == 9


def test_signals_wait_while_a_process_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    forks.watch()
    masks: list[set[signal.Signals]] = []
    real = signal.pthread_sigmask

    def noted(how: int, mask: Any) -> Any:
        answer = real(how, mask)
        masks.append(real(signal.SIG_BLOCK, ()))
        return answer

    monkeypatch.setattr(signal, "pthread_sigmask", noted)
    fork_and_wait()
    assert set(forks.ASKING) <= masks[0]
    assert not masks[-1] & set(forks.ASKING)


def test_a_child_begins_with_what_it_was_given_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(forks, "_in_child", [])
    forks.in_each_child(lambda: done.append("child"))
    pid = os.fork()
    if not pid:
        os._exit(7 if done == ["child"] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    assert done == []
