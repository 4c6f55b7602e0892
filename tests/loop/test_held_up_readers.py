"""Readers that hold a look up: the loop goes on, and the user is heard."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from loop_bench import Bench
from loop_fakes import prints

from automl.engine.actions import Phase
from automl.readers import reading_threads
from automl.readers.follower import Look, Points
from automl.study.failure import FailureClass
from automl.study.launch import Launch
from automl.study.tasks.task import BashTask
from automl.study.trial import TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]
DEADLINE_S = 100.0


class Gate:
    """What a reader waits for."""

    event: ClassVar[threading.Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldReader:
    """A reader whose disk hangs until the gate is open."""

    type: ClassVar[str] = "held"

    location: str
    metric: str = "metric"

    def follow(self, path: str) -> "HeldFollower":
        return HeldFollower(path)


class HeldFollower:
    def __init__(self, path: str) -> None:
        self.path = path

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        del limit_bytes
        assert Gate.event.wait(DEADLINE_S)
        return Look({"metric": Points((0.5,))} if ended else {})

    def problem(self) -> str:
        return "nothing was read"

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    Gate.event = threading.Event()
    monkeypatch.setattr(reading_threads, "AT_ONCE_S", 0.001)
    monkeypatch.setattr(reading_threads, "CLOSE_S", 0.0)
    yield Gate.event
    Gate.event.set()
    for thread in threading.enumerate():
        if thread.name == "automl-reader":
            thread.join(DEADLINE_S)


@pytest.fixture
def held(bench: MakeBench) -> MakeBench:
    reader = HeldReader(location="/elsewhere/{{ trial.id }}")
    task = BashTask(cmd=("true",), metric_reader=reader)

    def make(**changes: Any) -> Bench:
        return bench(tasks=(task,), **{"max_trials": 1} | changes)

    return make


def test_an_interrupt_is_heard_while_a_disk_hangs(held: MakeBench) -> None:
    one = held()
    one.program = lambda launch: prints(launch, after_s=5)
    one.interrupt_after(30)
    assert one.run().phase is Phase.INTERRUPTED
    assert one.clock.monotonic() < 40
    # Nothing is lost: the next controller finds what it left.
    Gate.event.set()
    assert one.run().complete
    assert one.state().trials[0].value == 0.5
    assert one.last_stage.starts == []


def test_a_time_out_is_kept_while_a_disk_hangs(held: MakeBench) -> None:
    one = held(timeout_s=20, max_retries=0)
    one.program = lambda launch: prints(launch, after_s=9000)
    one.stage.after(60, Gate.event.set)
    one.run()
    assert len(one.last_stage.cancelled) == 1
    assert one.state().trials[0].failure is FailureClass.TIMED_OUT


def test_a_trial_that_cannot_be_seen_is_not_silent(held: MakeBench) -> None:
    one = held(no_progress_s=10)

    def program(launch: Launch) -> FakeRun:
        one.stage.after(40, Gate.event.set)
        return prints(launch, after_s=41)

    one.program = program
    one.run()
    assert one.last_stage.cancelled == []
    assert one.state().trials[0].state is TrialState.COMPLETED


def test_an_ended_trial_waits_for_its_reader_and_that_is_told(
    held: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    one = held()
    one.program = lambda launch: prints(launch, after_s=5)
    one.stage.after(30, Gate.event.set)
    assert one.run().complete
    assert one.state().trials[0].value == 0.5
    assert caplog.text.count("trial 0 has ended, but its metric has been read for") == 1
    assert caplog.text.count("reading works again") == 1


def test_an_interrupt_need_not_wait_for_one_slow_look_after_another(
    held: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = held()
    one.program = lambda launch: prints(launch, after_s=5)

    def read(*_: object, ended: bool, limit_bytes: int) -> Look:
        del ended, limit_bytes
        # Slow, each for a while of the played time.
        after = threading.Event()
        one.stage.after(2, after.set)
        while not (after.wait(0.01) or Gate.event.is_set()):
            continue
        return Look(more=True)

    monkeypatch.setattr(HeldFollower, "read", read)
    one.interrupt_after(30)
    assert one.run().phase is Phase.INTERRUPTED
    assert one.clock.monotonic() < 40
