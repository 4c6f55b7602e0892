"""Several interrupts within one turn of the loop: each of them counts, in its order."""

import signal
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from loop_bench import Bench
from loop_fakes import prints

from automl.engine.actions import Phase
from automl.loop.machine.interrupts import Interrupts
from automl.waker import Waker

MakeBench = Callable[..., Bench]
INT, TERM, HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP


def pressed(bench: MakeBench, numbers: Sequence[signal.Signals], **changes: Any) -> Bench:
    """A study with two trials that ignore TERM, interrupted by all these signals at once."""
    one = bench(max_trials=2, grace_s=60, **changes)
    one.program = lambda launch: prints(launch, after_s=1000, stop_s=None)

    def press() -> None:
        for number in numbers:
            one.interrupts.take(number)

    one.stage.after(10, press)
    return one


@pytest.mark.parametrize("numbers", [[INT, INT], [INT, TERM], [TERM, TERM], [INT, INT, INT]])
def test_a_second_one_in_the_same_turn_kills_at_once(
    bench: MakeBench, numbers: list[signal.Signals]
) -> None:
    one = pressed(bench, numbers)
    assert one.run().phase is Phase.INTERRUPTED
    assert one.last_stage.cancelled[:4] == [(0, 60), (1, 60), (0, 0), (1, 0)]
    assert one.clock.monotonic() == pytest.approx(10, abs=1.1)


def test_those_of_before_the_first_turn_count_alike(bench: MakeBench) -> None:
    one = bench(max_trials=2, grace_s=60)
    one.program = lambda launch: prints(launch, after_s=1000, stop_s=None)
    one.interrupt_after(0.0)
    one.interrupt_after(0.0)
    one.run()
    assert set(one.last_stage.cancelled) >= {(0, 0), (1, 0)}


@pytest.mark.parametrize(
    ("numbers", "graces"),
    [([INT, INT], [60.0] * 2), ([INT, INT, INT], [60.0, 60.0, 0.0, 0.0])],
)
def test_where_the_first_leaves_the_second_stops_and_the_third_kills(
    bench: MakeBench, numbers: list[signal.Signals], graces: list[float]
) -> None:
    one = pressed(bench, numbers, detach=True)
    assert one.run().phase is Phase.INTERRUPTED
    assert [grace_s for _, grace_s in one.last_stage.cancelled][: len(graces)] == graces


def test_a_lost_terminal_does_not_take_back_a_ctrl_c(bench: MakeBench) -> None:
    one = pressed(bench, [INT, HUP])
    assert one.run().phase is Phase.INTERRUPTED
    assert one.last_stage.cancelled == [(0, 60), (1, 60)]


def test_a_lost_terminal_leaves_the_trials_whatever_comes_after_it(bench: MakeBench) -> None:
    one = pressed(bench, [HUP, TERM])
    assert one.run().phase is Phase.DETACHED
    assert one.last_stage.cancelled == []


def test_none_is_lost_that_several_threads_ask_for_at_once() -> None:
    waker = Waker()
    interrupts = Interrupts(waker)
    begin = threading.Barrier(4)

    def ask() -> None:
        begin.wait()
        for _ in range(500):
            interrupts.ask()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waker.close()
    assert interrupts.count == 2000


def test_each_is_told_once_with_its_own_name() -> None:
    waker = Waker()
    interrupts = Interrupts(waker)
    for number in (INT, HUP, TERM):
        interrupts.take(number)
    waker.close()
    told = [(one.count, one.name, one.cause, one.hung_up) for one in interrupts.after(0)]
    assert told == [
        (1, "SIGINT", "Ctrl-C", False),
        (2, "SIGHUP", "SIGHUP", True),
        (3, "SIGTERM", "SIGTERM", True),
    ]
    assert [one.count for one in interrupts.after(2)] == [3]
    assert interrupts.after(3) == []
