"""The fake executor does what its program says, on its clock."""

from pathlib import Path

import pytest

from automl.study.launch import Began, Ended, EndKind, Exit, Launch
from automl.testing import FakeClock, FakeExecutor, FakeRun
from automl.waker import Waker


def launch_of(trial_id: int, folder: Path = Path("/nowhere")) -> Launch:
    paths = {name: str(folder / name) for name in ("script", "stdout", "stderr")}
    return Launch(trial_id=trial_id, exit_path=str(folder / "exit"), mark=f"s:{trial_id}", **paths)


def test_the_clock_goes_on_to_the_next_end() -> None:
    clock = FakeClock()
    executor = FakeExecutor(
        lambda launch: FakeRun(after_s=10.0 - launch.trial_id, exit=Exit(code=launch.trial_id)),
        clock,
    )
    executor.submit([launch_of(trial_id) for trial_id in range(3)])
    assert [type(one) for one in executor.wait(5)] == [Began] * 3
    assert clock.monotonic() == 0
    assert executor.wait(5) == []
    assert clock.monotonic() == 5
    ends = [(executor.wait(None), clock.monotonic()) for _ in range(3)]
    assert ends == [
        ([Ended(trial_id=trial_id, exit=Exit(code=trial_id))], 10.0 - trial_id)
        for trial_id in (2, 1, 0)
    ]
    assert executor.wait(None) == []
    assert clock.monotonic() == 10


def test_files_are_there_while_it_runs_and_the_exit_code_after(tmp_path: Path) -> None:
    metric = str(tmp_path / "metric")
    executor = FakeExecutor(
        lambda _: FakeRun(after_s=1, exit=Exit(code=3), files={metric: "0.5\n"}), FakeClock()
    )
    executor.submit([launch_of(0, tmp_path)])
    executor.wait(0)
    assert Path(metric).read_text() == "0.5\n"
    assert not (tmp_path / "exit").exists()
    executor.wait(None)
    assert (tmp_path / "exit").read_text() == "3\n"


@pytest.mark.parametrize(
    ("stop_s", "grace_s", "lasts_s", "code"),
    [(0.0, 5.0, 0.0, -15), (3.0, 5.0, 3.0, -15), (8.0, 5.0, 5.0, -9), (None, 5.0, 5.0, -9)],
)
def test_a_stop_takes_as_long_as_the_program_says(
    stop_s: float | None, grace_s: float, lasts_s: float, code: int
) -> None:
    clock = FakeClock()
    executor = FakeExecutor(lambda _: FakeRun(after_s=None, stop_s=stop_s), clock)
    handles = executor.submit([launch_of(0)])
    executor.wait(0)
    executor.cancel(handles, grace_s)
    assert executor.wait(None) == [Ended(trial_id=0, exit=Exit(code=code))]
    assert clock.monotonic() == lasts_s


def test_a_launch_can_fail_to_start() -> None:
    executor = FakeExecutor(lambda _: FakeRun(error="no such shell"), FakeClock())
    executor.submit([launch_of(4)])
    told = Ended(trial_id=4, kind=EndKind.REFUSED, problem="trial 4: no such shell")
    assert executor.wait(None) == [told]
    assert executor.launches == []


def test_a_waker_ends_a_wait_before_time_passes() -> None:
    waker, clock = Waker(), FakeClock()
    executor = FakeExecutor(lambda _: FakeRun(after_s=9), clock, waker=waker)
    executor.submit([launch_of(0)])
    executor.wait(0)
    waker.wake()
    assert executor.wait(None) == []
    assert clock.monotonic() == 0
    assert len(executor.wait(None)) == 1
    waker.close()


def test_time_goes_on_and_only_the_wall_clock_goes_back() -> None:
    clock = FakeClock()
    before = clock.now()
    clock.sleep(3600)
    clock.set_back(3600)
    assert clock.now() == before
    assert clock.monotonic() == 3600
    with pytest.raises(ValueError, match="cannot go back by 1 s"):
        clock.advance(-1)


def test_the_time_of_a_launch_counts_from_its_beginning() -> None:
    clock = FakeClock()
    executor = FakeExecutor(lambda _: FakeRun(queued_s=30, after_s=5), clock)
    executor.submit([launch_of(0)])
    moments = [(type(executor.wait(None)[0]), clock.monotonic()) for _ in range(2)]
    assert moments == [(Began, 30.0), (Ended, 35.0)]
