"""A machine that cannot start or write anything for a while."""

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from loop_bench import Bench
from loop_fakes import fails, prints

from automl.engine.actions import Phase
from automl.errors import LaunchError
from automl.journal.requests import StopTrial
from automl.loop.machine import full_disk as full_disk_module
from automl.loop.machine.full_disk import full_disk
from automl.study.failure import FailureClass
from automl.study.launch import Handle, Launch
from automl.study.resources import Grant
from automl.study.trial import Trial, TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]


def no_more_processes() -> LaunchError:
    error = LaunchError("cannot start /bin/sh: Resource temporarily unavailable")
    error.errno = errno.EAGAIN
    return error


def states(bench: Bench) -> list[TrialState]:
    return [trial.state for trial in bench.state().trials.values()]


def test_a_time_out_does_not_wait_for_a_start(bench: MakeBench) -> None:
    one = bench(max_trials=3, max_parallel=2, timeout_s=20, grace_s=3)
    one.program = lambda launch: (
        prints(launch, after_s=5) if launch.trial_id else prints(launch, after_s=9000)
    )
    one.stage.after(4, lambda: one.stage.refusals.extend(no_more_processes() for _ in range(100)))
    one.run()
    assert one.last_stage.cancelled == [(0, 3)] * 2
    # The machine may have held it up: it is run again, once.
    assert one.clock.monotonic() > 100
    assert one.last_stage.starts.count(0) == 2


def test_what_fails_at_once_after_a_start_in_vain_has_failed(bench: MakeBench) -> None:
    """Each launch has ended before the loop looks again, so one was under way at each look."""
    one = bench(max_trials=3)
    one.program = lambda launch: fails(launch, "KeyError", after_s=0)
    one.stage.refusals.append(no_more_processes())
    one.interrupt_after(100)
    one.run()
    assert states(one) == [TrialState.FAILED] * 3
    # Only one that failed while nothing could be started is run again.
    assert sorted(one.last_stage.starts) == [0, 1, 1, 2]


def test_a_trial_that_hangs_on_a_full_disk_is_tried_again_once(bench: MakeBench) -> None:
    one = bench(max_trials=1, timeout_s=20, grace_s=3)
    one.program = lambda launch: prints(launch, after_s=9000)
    for second in (5, 60):
        one.stage.after(second, lambda: setattr(one.disk, "full", True))
        one.stage.after(second + 25, lambda: setattr(one.disk, "full", False))
    one.run()
    assert one.last_stage.starts == [0, 0]
    assert states(one) == [TrialState.FAILED]
    assert one.state().trials[0].failure is FailureClass.TIMED_OUT


def test_a_stop_request_does_not_wait_for_a_start(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=2)
    one.program = lambda launch: prints(launch, after_s=9000, stop_s=1)
    one.stage.after(0, lambda: setattr(one.disk, "trials_full", True))
    one.stage.refusals.extend([no_more_processes()] * 30)
    one.ask_after(5, StopTrial(trial=0))
    one.ask_after(10, StopTrial(trial=1))
    one.stage.after(50, lambda: setattr(one.disk, "trials_full", False))
    one.run()
    # The first waited for its launch, which never came.
    assert 0 not in one.last_stage.starts
    assert states(one) == [TrialState.STOPPED] * 2


def test_an_interrupt_of_a_machine_that_starts_nothing_ends_the_study(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=2)
    one.stage.refusals.extend([no_more_processes()] * 1000)
    one.interrupt_after(5)
    assert one.run().phase is Phase.INTERRUPTED
    assert one.clock.monotonic() < 10
    assert set(states(one)) == {TrialState.PLANNED}


def test_a_trial_that_must_run_alone_still_does_after_a_start_in_vain(bench: MakeBench) -> None:
    one = bench(max_trials=3, max_parallel=2)
    memory = iter([True])

    def program(launch: Launch) -> FakeRun:
        if launch.trial_id == 0 and next(memory, False):
            one.stage.after(1.5, lambda: one.stage.refusals.append(no_more_processes()))
            return fails(launch, "MemoryError")
        return prints(launch, after_s=1 if launch.trial_id else 5)

    one.program = program
    one.stage.after(2.5, lambda: one.stage.refusals.append(no_more_processes()))
    one.run()
    assert states(one) == [TrialState.COMPLETED] * 3
    assert one.last_stage.starts[-1] == 0


def test_the_closing_record_waits_for_the_disk(
    bench: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    one = bench(max_trials=1)
    one.stage.after(0.5, lambda: setattr(one.disk, "full", True))
    one.stage.after(30, lambda: setattr(one.disk, "full", False))
    assert one.run().complete
    closed = one.state().closed
    assert closed is not None
    assert closed.complete
    assert caplog.text.count("No space left") == 1
    assert caplog.text.count("going on") == 1


def test_a_stop_that_cannot_be_done_is_done_later(bench: MakeBench) -> None:
    one = bench(max_trials=1, timeout_s=10)
    one.program = lambda launch: prints(launch, after_s=9000)
    cancel, refused = one.stage.cancel, iter(range(3))

    def sometimes(handles: Sequence[Handle], grace_s: float) -> None:
        if next(refused, None) is not None:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        cancel(handles, grace_s)

    one.stage.cancel = sometimes  # type: ignore[method-assign]
    one.run()
    assert one.clock.monotonic() < 60


def test_an_executor_that_cannot_look_is_asked_again(bench: MakeBench) -> None:
    one = bench(max_trials=1)
    wait, refused = one.stage.wait, iter(range(3))

    def sometimes(timeout_s: float | None) -> Any:
        if next(refused, None) is not None:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return wait(timeout_s)

    one.stage.wait = sometimes  # type: ignore[method-assign]
    assert one.run().complete


def test_a_raw_error_of_the_machine_at_a_launch_pauses_and_any_other_fails_the_trial(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = bench(max_trials=2, max_parallel=1)
    numbers = iter([errno.EIO, errno.ESTALE, errno.EACCES])
    prepare = Bench.run.__globals__["DiskLauncher"].prepare

    def broken(launcher: Any, trial: Trial, attempt: int, grant: Grant) -> Launch:
        number = next(numbers, None)
        if number is not None:
            raise OSError(number, os.strerror(number), "some/file")
        return prepare(launcher, trial, attempt, grant)  # type: ignore[no-any-return]

    monkeypatch.setattr(Bench.run.__globals__["DiskLauncher"], "prepare", broken)
    one.run()
    assert states(one) == [TrialState.FAILED, TrialState.COMPLETED]
    assert one.state().trials[0].reason.endswith("some/file: Permission denied")


def test_a_trial_that_failed_on_a_full_disk_is_tried_again_once_it_has_room(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = bench(max_trials=2, max_parallel=1)
    full = {"full": False}
    monkeypatch.setattr(full_disk_module, "_is_full", lambda _: full["full"])
    one.program = lambda launch: (
        fails(launch, "No space left on device", after_s=5) if full["full"] else prints(launch)
    )
    full["full"] = True
    one.stage.after(60, lambda: full.update(full=False))
    one.run()
    assert states(one) == [TrialState.COMPLETED] * 2
    assert one.state().trials[0].failures == ()
    assert one.last_stage.starts == [0, 0, 1]
    assert one.last_stage.starts_at[1] >= 60
    assert caplog.text.count("is full") == 1


@pytest.mark.parametrize("changes", [{"f_bfree": 0, "f_bavail": 0}, {"f_ffree": 0, "f_favail": 0}])
def test_a_disk_without_blocks_or_files_is_full(
    changes: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert full_disk([str(tmp_path), str(tmp_path / "missing")]) == ""
    room = os.statvfs(tmp_path)
    fields = {name: getattr(room, name) for name in dir(room) if name.startswith("f_")}

    class Room:
        def __init__(self) -> None:
            self.__dict__.update(fields | {"f_blocks": 100, "f_files": 100} | changes)

    monkeypatch.setattr(os, "statvfs", lambda _: Room())
    assert full_disk([str(tmp_path)]) == str(tmp_path)


def test_a_file_system_that_does_not_tell_is_not_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent:
        f_blocks = f_bfree = f_bavail = f_files = f_ffree = f_favail = 0
        f_frsize = 4096

    monkeypatch.setattr(os, "statvfs", lambda _: Silent())
    assert full_disk([str(tmp_path)]) == ""
