import select
import signal
import threading
from collections.abc import Iterator

import pytest

from automl.forks import ASKING
from automl.loop.machine.interrupts import Interrupts
from automl.waker import Waker


@pytest.fixture
def waker() -> Iterator[Waker]:
    waker = Waker()
    yield waker
    waker.close()


def is_awake(waker: Waker) -> bool:
    return bool(select.select([waker.fileno()], [], [], 0)[0])


def test_nothing_is_asked_at_first(waker: Waker) -> None:
    interrupts = Interrupts(waker)
    assert (interrupts.count, interrupts.name, interrupts.hung_up) == (0, "", False)
    assert not is_awake(waker)


@pytest.mark.parametrize("number", ASKING)
def test_a_signal_is_counted_and_wakes(waker: Waker, number: signal.Signals) -> None:
    with Interrupts(waker) as interrupts:
        signal.raise_signal(number)
    assert interrupts.count == 1
    assert interrupts.name == number.name
    assert interrupts.hung_up == (number is signal.SIGHUP)
    assert is_awake(waker)


def test_each_one_counts_and_the_last_gives_the_name(waker: Waker) -> None:
    with Interrupts(waker) as interrupts:
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGTERM)
    assert interrupts.count == 2
    assert interrupts.name == interrupts.after(1)[0].cause == "SIGTERM"
    assert interrupts.hung_up


def test_asking_is_a_ctrl_c(waker: Waker) -> None:
    interrupts = Interrupts(waker)
    thread = threading.Thread(target=interrupts.ask)
    thread.start()
    thread.join()
    assert [(one.count, one.name, one.cause) for one in interrupts.after(0)] == [
        (1, "SIGINT", "Ctrl-C")
    ]
    assert is_awake(waker)


def test_the_handlers_of_before_are_put_back(waker: Waker) -> None:
    before = [signal.getsignal(number) for number in ASKING]
    with Interrupts(waker):
        inside = [signal.getsignal(number) for number in ASKING]
    assert not set(inside) & set(before)
    assert [signal.getsignal(number) for number in ASKING] == before
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_under_nohup_a_lost_terminal_stays_ignored(waker: Waker) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interrupts(waker) as interrupts:
            signal.raise_signal(signal.SIGHUP)
        assert interrupts.count == 0
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_outside_the_main_thread_only_asking_counts(waker: Waker) -> None:
    before = [signal.getsignal(number) for number in ASKING]
    interrupts = Interrupts(waker)
    inside: list[object] = []

    def use() -> None:
        with interrupts:
            inside.extend(signal.getsignal(number) for number in ASKING)
            interrupts.ask()

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert inside == before
    assert interrupts.count == 1


def test_it_can_be_asked_after_nobody_waits_any_more() -> None:
    waker = Waker()
    interrupts = Interrupts(waker)
    waker.close()
    interrupts.ask()
    assert interrupts.count == 1
