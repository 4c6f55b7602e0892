import errno
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loop_bench import Bench
from loop_fakes import Died, fails, prints

from automl.engine.actions import Phase
from automl.engine.view import View
from automl.errors import LaunchError
from automl.journal.events import Measured, TrialEnded, TrialStarted
from automl.journal.requests import AddTrials, Pause, Resume, SetMaxParallel, StopStudy, StopTrial
from automl.loop.trials.starting import granted
from automl.loop.trials.watched import READ_BYTES
from automl.study.failure import FailureClass
from automl.study.launch import Began, Launch
from automl.study.limits import EarlyStop
from automl.study.objective import Direction
from automl.study.resources import ResourceSpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]
REAL_OPEN = os.open


def check_all_told(bench: Bench, view: View) -> None:
    """The journal tells what the engine knows, and every trial is accounted for once."""
    assert bench.state().trials == view.trials
    assert sorted(view.trials) == list(range(len(view.trials)))
    ends = [event.trial for event in bench.events() if isinstance(event, TrialEnded)]
    assert len(ends) == len(set(ends))


def states(bench: Bench) -> list[TrialState]:
    return [trial.state for trial in bench.state().trials.values()]


# A study from start to end


def test_a_study_runs_to_its_end(bench: MakeBench) -> None:
    one = bench(max_trials=5, max_parallel=2)
    one.program = lambda launch: prints(launch, f"value={launch.trial_id / 10}")
    view = one.run()
    assert view.complete
    assert one.last_stage.starts == [0, 1, 2, 3, 4]
    assert one.last_stage.at_once == 2
    assert [trial.value for trial in view.trials.values()] == [0.0, 0.1, 0.2, 0.3, 0.4]
    assert [trial.id for trial in one.observer.ended] == [0, 1, 2, 3, 4]
    assert view.best is not None
    assert view.best.id == 4
    assert one.state().closed is not None
    check_all_told(one, view)


def test_a_launch_tells_whether_more_are_expected(bench: MakeBench) -> None:
    """An executor need not prepare for one alone; of a study that goes on, what is left counts."""
    told = []

    def program(launch: Launch) -> FakeRun:
        told.append(launch.more)
        return prints(launch, "value=1")

    for most, more in ((3, [True, True, False]), (4, [False])):
        one = bench(max_trials=most, max_parallel=1)
        one.program = program
        one.run()
        assert told == more
        told.clear()


def test_a_used_up_space_ends_the_study(bench: MakeBench) -> None:
    one = bench(max_trials=9, max_parallel=4, size=3)
    assert one.run().complete
    assert one.last_stage.starts == [0, 1, 2]


def test_a_complete_study_starts_nothing_again(bench: MakeBench) -> None:
    one = bench(max_trials=2)
    one.run()
    view = one.run()
    assert view.complete
    assert one.last_stage.starts == []
    assert one.last_stage.waits == 0


def test_a_freed_slot_is_taken_at_once(bench: MakeBench) -> None:
    one = bench(max_trials=4, max_parallel=2)
    one.program = lambda launch: prints(launch, after_s=1.25 + launch.trial_id)
    one.run()
    assert one.last_stage.starts_at == [0.0, 0.0, 1.25, 2.25]


def test_measurements_are_recorded_while_the_trial_runs(bench: MakeBench) -> None:
    one = bench(max_trials=1)
    one.program = lambda launch: prints(launch, "value=0.5", after_s=10)

    def more() -> None:
        with Path(one.folder.trial(0).stdout).open("a") as file:
            file.write("value=0.75\n")

    one.stage.after(5, more)
    view = one.run()
    measured = [event for event in one.events() if isinstance(event, Measured)]
    assert [(event.steps, event.values) for event in measured] == [([0], [0.5]), ([1], [0.75])]
    assert view.trials[0].value == 0.75
    shown = [progress.running[0].value for progress in one.observer.shown if progress.running]
    assert shown[0] is None
    assert set(shown[1:]) == {0.5, 0.75}


def test_progress_is_told_in_steps(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=1)
    one.program = lambda launch: prints(launch, after_s=4)
    one.observer.interval_s = 2.0
    one.run()
    assert [progress.done for progress in one.observer.shown] == [0, 0, 1, 1, 2, 2]
    assert [progress.elapsed_s for progress in one.observer.shown] == [0, 2, 4, 6, 8, 8]
    assert one.observer.shown[2].left_s == 4


def test_a_failed_launch_is_a_row(bench: MakeBench) -> None:
    one = bench(max_trials=2)
    one.stage.refusals.append(LaunchError("trial 0: cannot start /bin/sh: Permission denied"))
    view = one.run()
    assert states(one) == [TrialState.FAILED, TrialState.COMPLETED]
    assert "Permission denied" in view.trials[0].reason


def test_a_failed_launch_can_be_tried_again(bench: MakeBench) -> None:
    one = bench(max_trials=1, max_retries=1, retry_delay_s=5)
    one.stage.refusals.append(LaunchError("trial 0: cannot start"))
    assert one.run().complete
    assert states(one) == [TrialState.COMPLETED]
    assert one.last_stage.starts_at == [5.0]


def test_retries_keep_the_earlier_attempt(bench: MakeBench) -> None:
    one = bench(max_trials=1, max_retries=2, retry_delay_s=3)
    one.program = lambda launch: (
        prints(launch) if len(one.stage.starts) == 2 else fails(launch, f"no {launch.trial_id}")
    )
    view = one.run()
    assert one.last_stage.starts == [0, 0, 0]
    assert one.last_stage.starts_at == [0.0, 4.0, 11.0]
    assert view.trials[0].attempts == 3
    for attempt in ("1", "2"):
        kept = Path(one.folder.trial(0).attempts, attempt)
        assert (kept / "stderr.log").read_text() == "no 0\n"
        assert (kept / "exit").read_text() == "1\n"


def test_waiting_for_a_back_off_costs_nothing(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=1, max_retries=1, retry_delay_s=1)
    one.program = lambda launch: (
        fails(launch) if len(one.stage.starts) == 0 else prints(launch, after_s=100)
    )
    one.run()
    # Once a second for the files, and some for each start and end.
    assert one.last_stage.waits < 250


def test_resources_hold_back_a_start(bench: MakeBench) -> None:
    gigabyte = 1 << 30
    one = bench(max_trials=3, max_parallel=3, resources=ResourceSpec(memory_bytes=30 * gigabyte))
    one.memory.available = 64 * gigabyte
    one.run()
    assert one.last_stage.at_once == 2
    assert states(one) == [TrialState.COMPLETED] * 3


def test_cpus_go_into_the_handle_and_come_back(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=8, resources=ResourceSpec(cpus=1))
    one.program = lambda launch: prints(launch, after_s=50)
    one.die_after(10)
    with pytest.raises(Died):
        one.run()
    before = {trial.id: granted(trial.handle or {}) for trial in one.state().trials.values()}
    assert all(len(cpus) == 1 for _, cpus in before.values())
    one.run()
    assert states(one) == [TrialState.COMPLETED] * 2


@pytest.mark.parametrize(
    ("handle", "expected"),
    [
        ({}, ((), ())),
        ({"gpus": "GPU-a,GPU-b", "cpus": "0,3"}, (("GPU-a", "GPU-b"), (0, 3))),
        ({"cpus": "7"}, ((), (7,))),
    ],
)
def test_what_a_handle_was_given(handle: dict[str, str], expected: object) -> None:
    assert granted(handle) == expected


# A machine that cannot read


def no_reading(monkeypatch: pytest.MonkeyPatch, one: Bench, from_s: float, until_s: float) -> None:
    """Let no metric file be opened for some seconds."""

    def refused(path: Any, *args: Any, **more: Any) -> int:
        now = one.clock.monotonic()
        if str(path).endswith("stdout.log") and from_s <= now < until_s:
            raise OSError(errno.EMFILE, "Too many open files")
        return REAL_OPEN(path, *args, **more)

    monkeypatch.setattr(os, "open", refused)


@pytest.mark.parametrize("number", [0, 1])
def test_an_ended_trial_waits_until_it_can_be_read(
    bench: MakeBench,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    number: int,
) -> None:
    one = bench(max_trials=4, max_parallel=2, timeout_s=30)
    one.program = lambda launch: (
        prints(launch, f"value={launch.trial_id}", after_s=10)
        if launch.trial_id != number
        else prints(launch, f"value={launch.trial_id}", after_s=2)
    )
    no_reading(monkeypatch, one, 1, 100)
    view = one.run()
    assert view.complete
    assert [trial.value for trial in view.trials.values()] == [0, 1, 2, 3]
    assert [trial.attempts for trial in view.trials.values()] == [1] * 4
    assert view.trials[number].duration_s == 2.0
    check_all_told(one, view)
    assert caplog.text.count("Too many open files") == 1
    assert "reading works again" in caplog.text


def test_what_could_not_be_read_before_ctrl_c_is_read_at_the_next_start(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = bench(max_trials=2, max_parallel=2)
    one.program = lambda launch: prints(launch, f"value={launch.trial_id}", after_s=5)
    no_reading(monkeypatch, one, 1, 1000)
    one.interrupt_after(50)
    one.run()
    assert states(one) == [TrialState.RUNNING] * 2
    no_reading(monkeypatch, one, 0, 0)
    view = one.run()
    assert view.complete
    assert [trial.value for trial in view.trials.values()] == [0, 1]
    assert [trial.attempts for trial in view.trials.values()] == [1, 1]


def test_a_number_of_a_file_deleted_before_a_restart_stays(bench: MakeBench) -> None:
    one = bench(max_trials=1, max_parallel=1)
    one.program = lambda launch: prints(launch, "value=0.25", after_s=50)
    one.die_after(10)
    with pytest.raises(Died):
        one.run()
    assert one.state().trials[0].newest == 0.25
    Path(one.folder.trial(0).stdout).unlink()
    view = one.run()
    assert view.complete
    assert (view.trials[0].value, view.trials[0].measurements) == (0.25, 1)


# A full disk


@pytest.mark.parametrize("which", ["full", "trials_full"])
def test_a_full_disk_pauses_the_study_and_loses_nothing(
    bench: MakeBench, which: str, caplog: pytest.LogCaptureFixture
) -> None:
    one = bench(max_trials=6, max_parallel=2)
    one.program = lambda launch: prints(launch, f"value={launch.trial_id}", after_s=10)
    one.stage.after(5, lambda: setattr(one.disk, which, True))
    one.stage.after(60, lambda: setattr(one.disk, which, False))
    view = one.run()
    assert view.complete
    assert one.last_stage.starts == [0, 1, 2, 3, 4, 5]
    assert one.last_stage.starts_at[:2] == [0.0, 0.0]
    assert 60 <= one.last_stage.starts_at[2] <= 61
    assert [trial.value for trial in view.trials.values()] == [0, 1, 2, 3, 4, 5]
    assert [trial.duration_s for trial in view.trials.values()] == [10.0] * 6
    check_all_told(one, view)
    assert caplog.text.count("No space left on device") == 1
    assert "going on" in caplog.text


def test_running_trials_are_left_alone_by_a_full_disk(bench: MakeBench) -> None:
    one = bench(max_trials=2)
    one.program = lambda launch: prints(launch, after_s=100)
    one.stage.after(5, lambda: setattr(one.disk, "full", True))
    one.stage.after(90, lambda: setattr(one.disk, "full", False))
    one.run()
    assert one.last_stage.cancelled == []
    assert states(one) == [TrialState.COMPLETED] * 2


def test_a_trial_that_fails_meanwhile_is_tried_again(bench: MakeBench) -> None:
    one = bench(max_trials=3, max_parallel=2)
    one.program = lambda launch: (
        prints(launch)
        if launch.trial_id != 1 or one.clock.monotonic() > 50
        else fails(launch, "No space left on device", after_s=20)
    )
    one.stage.after(0.5, lambda: setattr(one.disk, "full", True))
    one.stage.after(60, lambda: setattr(one.disk, "full", False))
    view = one.run()
    assert states(one) == [TrialState.COMPLETED] * 3
    assert view.trials[1].failures == ()
    assert view.trials[1].attempts == 2


def test_waiting_for_the_disk_does_not_count_as_running(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=1, timeout_s=30)
    one.stage.after(0.5, lambda: setattr(one.disk, "trials_full", True))
    one.stage.after(200, lambda: setattr(one.disk, "trials_full", False))
    one.run()
    assert states(one) == [TrialState.COMPLETED] * 2


def test_ctrl_c_works_on_a_full_disk(bench: MakeBench) -> None:
    one = bench(max_trials=6, max_parallel=2, grace_s=5)
    one.program = lambda launch: prints(
        launch, after_s=10 if launch.trial_id == 0 else 1000, stop_s=3
    )
    one.stage.after(5, lambda: setattr(one.disk, "full", True))
    one.interrupt_after(40)
    assert one.run().phase is Phase.INTERRUPTED
    assert one.clock.monotonic() <= 46
    assert one.last_stage.running == set()
    one.disk.full = False
    one.program = prints
    view = one.run()
    assert [trial.id for trial, *_ in one.legacy.ended] == [0]
    assert [trial.id for trial in one.legacy.vanished] == [1]
    assert view.complete
    assert view.trials[0].attempts == 1
    check_all_told(one, view)


def test_a_lost_terminal_ends_the_controller_on_a_full_disk_too(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=2)
    one.program = lambda launch: prints(launch, after_s=10 + 40 * launch.trial_id)
    one.stage.after(5, lambda: setattr(one.disk, "full", True))
    one.hang_up_after(20)
    assert one.run().phase is Phase.DETACHED
    assert one.clock.monotonic() <= 21
    assert one.last_stage.running == {1}
    one.disk.full = False
    view = one.run()
    assert view.complete
    assert [trial.attempts for trial in view.trials.values()] == [1, 1]


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE])
def test_a_machine_that_cannot_start_now_only_delays(bench: MakeBench, number: int) -> None:
    one = bench(max_trials=2, max_parallel=1)
    for _ in range(3):
        error = LaunchError("trial 0: cannot start /bin/sh: no")
        error.errno = number
        one.stage.refusals.append(error)
    view = one.run()
    assert states(one) == [TrialState.COMPLETED] * 2
    assert [trial.attempts for trial in view.trials.values()] == [1, 1]
    assert one.last_stage.starts_at[0] == pytest.approx(3.0)


# Interrupts


def test_ctrl_c_stops_what_runs_and_the_next_controller_goes_on(bench: MakeBench) -> None:
    one = bench(max_trials=4, max_parallel=2, grace_s=7)
    one.program = lambda launch: prints(launch, after_s=100)
    one.interrupt_after(10.5)
    view = one.run()
    assert view.phase is Phase.INTERRUPTED
    assert one.last_stage.cancelled == [(0, 7), (1, 7)]
    assert one.last_stage.starts == [0, 1]
    assert states(one) == [TrialState.PLANNED] * 2
    assert one.observer.ended == []
    closed = one.state().closed
    assert closed is not None
    assert not closed.complete
    one.program = prints
    again = one.run()
    assert again.complete
    assert [trial.attempts for trial in again.trials.values()] == [2, 2, 1, 1]
    assert all(trial.failures == () for trial in again.trials.values())


def test_a_second_ctrl_c_kills_at_once(bench: MakeBench) -> None:
    one = bench(max_trials=2, grace_s=60)
    one.program = lambda launch: prints(launch, after_s=1000, stop_s=None)
    one.interrupt_after(10)
    one.interrupt_after(12)
    one.run()
    assert one.last_stage.cancelled == [(0, 60), (1, 60), (0, 0), (1, 0)]
    assert one.clock.monotonic() == pytest.approx(12, abs=1.1)


def test_no_request_brings_back_to_life_what_is_being_stopped(bench: MakeBench) -> None:
    one = bench(max_trials=9, max_parallel=2, grace_s=30)
    one.program = lambda launch: prints(launch, after_s=1000, stop_s=10 + launch.trial_id * 9)
    one.interrupt_after(5)
    one.ask_after(7, Resume())
    one.ask_after(8, AddTrials(5))
    one.run()
    assert one.last_stage.starts == [0, 1]
    assert states(one) == [TrialState.PLANNED] * 2


def test_a_detached_study_is_adopted(bench: MakeBench) -> None:
    one = bench(max_trials=3, max_parallel=2, detach=True)
    one.program = lambda launch: prints(launch, after_s=100)
    one.interrupt_after(10)
    view = one.run()
    assert view.phase is Phase.DETACHED
    assert one.last_stage.cancelled == []
    assert states(one) == [TrialState.RUNNING] * 2
    closed = one.state().closed
    assert closed is not None
    assert not closed.complete
    one.away(20)
    view = one.run()
    assert [trial.id for trial, _ in one.legacy.running] == [0, 1]
    assert view.complete
    assert [trial.attempts for trial in view.trials.values()] == [1, 1, 1]
    assert view.trials[0].duration_s == 100.0


def test_an_interrupt_of_before_is_not_lost(bench: MakeBench) -> None:
    one = bench(max_trials=3, detach=False)
    one.program = lambda launch: prints(launch, after_s=1000)
    one.interrupt_after(0.0)
    view = one.run()
    assert view.phase is Phase.INTERRUPTED


def test_what_had_ended_well_before_a_stop_is_not_run_again(bench: MakeBench) -> None:
    one = bench(max_trials=3, max_parallel=3)
    one.program = lambda launch: (
        fails(launch, after_s=20)
        if launch.trial_id == 1
        else prints(launch, after_s=20 if launch.trial_id == 0 else 100)
    )
    one.die_after(5)
    with pytest.raises(Died):
        one.run()
    one.away(30)
    one.interrupt_after(0.0)
    view = one.run()
    assert view.phase is Phase.INTERRUPTED
    assert [trial.id for trial, *_ in one.legacy.ended] == [0, 1]
    # What failed may have failed by the same signal, as when a machine shuts down.
    assert states(one) == [TrialState.COMPLETED, TrialState.PLANNED, TrialState.PLANNED]
    one.program = prints
    assert one.run().complete
    assert one.last_stage.starts == [1, 2]


def test_after_a_stop_began_no_terminal_can_leave_trials_behind(bench: MakeBench) -> None:
    one = bench(max_trials=2, grace_s=20)
    one.program = lambda launch: prints(launch, after_s=1000, stop_s=15)
    one.interrupt_after(5)
    one.hang_up_after(8)
    view = one.run()
    assert view.phase is Phase.INTERRUPTED
    assert one.last_stage.running == set()
    assert one.clock.monotonic() >= 20


def test_whoever_asks_after_that_is_heard(bench: MakeBench) -> None:
    one = bench(max_trials=2, grace_s=1000)
    one.program = lambda launch: prints(launch, after_s=9000, stop_s=None)
    one.interrupt_after(5)
    one.hang_up_after(8)
    one.interrupt_after(11)
    one.run()
    assert one.last_stage.running == set()
    assert one.clock.monotonic() < 20


# Dying and going on


@pytest.mark.parametrize("died_s", [0.0, 1.0, 9.5, 15.0, 28.5])
def test_after_a_kill_nothing_is_lost_and_nothing_runs_twice(
    bench: MakeBench, died_s: float
) -> None:
    one = bench(max_trials=6, max_parallel=2)
    one.program = lambda launch: prints(launch, f"value={launch.trial_id}", after_s=10)
    one.die_after(died_s)
    with pytest.raises(Died):
        one.run()
    started = one.last_stage.starts
    one.away(4)
    view = one.run()
    assert view.complete
    assert sorted(started + one.last_stage.starts) == [0, 1, 2, 3, 4, 5]
    assert [trial.value for trial in view.trials.values()] == [0, 1, 2, 3, 4, 5]
    check_all_told(one, view)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    lives=st.lists(st.tuples(st.floats(0, 15), st.floats(0, 30)), max_size=5),
    lasts=st.lists(st.floats(0.01, 12), min_size=6, max_size=6),
    broken=st.sets(st.integers(0, 5)),
)
def test_however_often_it_is_killed_the_table_is_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    lives: list[tuple[float, float]],
    lasts: list[float],
    broken: set[int],
) -> None:
    one = Bench(tmp_path_factory.mktemp("study"), max_trials=6, max_parallel=2, fail_fast=None)
    starts: list[int] = []

    def program(launch: Launch) -> FakeRun:
        trial = launch.trial_id
        starts.append(trial)
        run = fails if trial in broken else prints
        return run(launch, f"value={trial}", after_s=lasts[trial])

    one.program = program
    view = one.live(lives)
    assert view.complete
    assert sorted(starts) == list(range(6))
    found = {trial.id: trial.value for trial in view.trials.values()}
    assert found == {trial: None if trial in broken else trial for trial in range(6)}
    check_all_told(one, view)


def test_adopted_trials_are_read_on_where_the_journal_ends(bench: MakeBench) -> None:
    one = bench(max_trials=1)
    one.program = lambda launch: prints(launch, "value=0.25\nvalue=0.5", after_s=20)
    one.die_after(5)
    with pytest.raises(Died):
        one.run()
    with Path(one.folder.trial(0).stdout).open("a") as file:
        file.write("value=0.75\n")
    view = one.run()
    measured = [event for event in one.events() if isinstance(event, Measured)]
    assert [event.steps for event in measured] == [[0, 1], [2]]
    assert view.trials[0].measurements == 3
    assert view.trials[0].value == 0.75


def test_a_launch_that_was_not_written_down_is_found_again(bench: MakeBench) -> None:
    one = bench(max_trials=1)
    one.program = lambda launch: prints(launch, after_s=20)
    wait = one.stage.wait

    def begin_and_die(timeout_s: float | None) -> Any:
        assert isinstance(wait(timeout_s)[0], Began)
        raise Died

    one.stage.wait = begin_and_die  # type: ignore[method-assign]
    with pytest.raises(Died):
        one.run()
    assert states(one) == [TrialState.PLANNED]
    view = one.run()
    assert one.last_stage.starts == []
    assert [trial.id for trial, _ in one.legacy.running] == [0]
    assert states(one) == [TrialState.COMPLETED]
    assert view.trials[0].attempts == 1


def test_a_retry_that_was_not_written_down_is_timed_from_its_own_start(bench: MakeBench) -> None:
    one = bench(max_trials=1, max_retries=1, retry_delay_s=500, timeout_s=100)
    one.program = lambda launch: prints(launch, after_s=20) if one.stage.starts else fails(launch)
    wait = one.stage.wait

    def begin_and_die(timeout_s: float | None) -> Any:
        news = wait(timeout_s)
        if len(one.stage.starts) == 2:
            raise Died
        return news

    one.stage.wait = begin_and_die  # type: ignore[method-assign]
    with pytest.raises(Died):
        one.run()
    view = one.run()
    assert [trial.id for trial, _ in one.legacy.running] == [0]
    assert states(one) == [TrialState.COMPLETED]
    assert view.trials[0].attempts == 2


def test_trials_of_a_study_that_was_ending_are_stopped_by_the_next_controller(
    bench: MakeBench,
) -> None:
    stop = EarlyStop(direction=Direction.MAXIMIZE, threshold=1.0)
    one = bench(max_trials=5, max_parallel=2, early_stop=stop, grace_s=30)
    one.program = lambda launch: prints(
        launch, after_s=5 if launch.trial_id == 0 else 1000, stop_s=20
    )
    one.die_after(10)
    with pytest.raises(Died):
        one.run()
    view = one.run()
    assert view.complete
    assert one.last_stage.starts == []
    assert states(one) == [TrialState.COMPLETED, TrialState.STOPPED]
    assert one.clock.monotonic() < 100


# Big files


def test_a_big_metric_file_does_not_hold_up_the_ends_of_others(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=2)
    line = "value=0.5".ljust(999, " ")
    big = "\n".join([line] * (5 * READ_BYTES // 1000)) + "\nvalue=0.75"
    one.program = lambda launch: (
        prints(launch, big, after_s=0.5) if launch.trial_id == 0 else prints(launch, after_s=0.5)
    )
    view = one.run()
    assert [trial.id for trial in one.observer.ended] == [1, 0]
    assert view.trials[0].value == 0.75


def test_a_collected_trial_with_much_to_read_is_not_taken_for_silent(bench: MakeBench) -> None:
    one = bench(max_trials=1, no_progress_s=5, timeout_s=50)
    big = "\n".join(["value=0.5".ljust(999, " ")] * (3 * READ_BYTES // 1000))
    one.program = lambda launch: prints(launch, big, after_s=4)
    one.die_after(0.5)
    with pytest.raises(Died):
        one.run()
    one.away(10)
    wait = one.stage.wait

    def slow(timeout_s: float | None) -> Any:
        one.clock.advance(20)  # as if each megabyte took so long
        return wait(timeout_s)

    one.stage.wait = slow  # type: ignore[method-assign]
    one.run()
    assert [trial.id for trial, *_ in one.legacy.ended] == [0]
    assert states(one) == [TrialState.COMPLETED]


def test_a_pattern_that_cuts_numbers_is_told_once(
    bench: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=r"value=(\d.\d+)")
    one = bench(max_trials=3, tasks=(BashTask(cmd=("true",), metric_reader=reader),))
    one.program = lambda launch: prints(launch, "value=1.25e-05")
    one.run()
    assert [record.getMessage().count("1.25e-05") > 0 for record in caplog.records] == [True]


# Requests


def test_requests_are_taken_once_over_restarts(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=1)
    one.program = lambda launch: prints(launch, after_s=10)
    one.ask_after(3, AddTrials(1))
    one.die_after(5)
    with pytest.raises(Died):
        one.run()
    assert one.state().max_trials == 3
    assert one.run().max_trials == 3
    assert len(states(one)) == 3
    assert one.run().max_trials == 3


def test_requests_of_before_the_start_count(bench: MakeBench) -> None:
    one = bench(max_trials=1, max_parallel=1)
    one.run()
    one.ask_after(0, AddTrials(2))
    one.stage.wait(0.0)
    one.run()
    assert states(one) == [TrialState.COMPLETED] * 3


def test_the_study_can_be_stopped_paused_and_widened(bench: MakeBench) -> None:
    one = bench(max_trials=50, max_parallel=1)
    one.program = lambda launch: prints(launch, after_s=10)
    one.ask_after(2, SetMaxParallel(3))
    one.ask_after(5, Pause())
    one.ask_after(40.5, Resume())
    one.ask_after(45, StopTrial(3))
    one.ask_after(46, StopStudy())
    view = one.run()
    assert one.last_stage.at_once == 3
    assert [at for at in one.last_stage.starts_at if 6 < at < 40] == []
    assert view.reason == "stopped by request"
    assert states(one) == [
        *[TrialState.COMPLETED] * 3,
        TrialState.STOPPED,
        *[TrialState.PLANNED] * (len(states(one)) - 4),
    ]
    assert view.trials[3].reason == "stopped by the user"


# Clocks


def test_the_wall_clock_may_jump(bench: MakeBench) -> None:
    one = bench(max_trials=4, max_parallel=2, timeout_s=60, no_progress_s=60, max_runtime_s=100)
    one.program = lambda launch: prints(launch, after_s=20)
    one.stage.after(10, lambda: one.clock.set_back(3600))
    one.stage.after(30, lambda: one.clock.set_back(-7200))
    view = one.run()
    assert view.complete
    assert one.last_stage.starts_at == [0.0, 0.0, 20.0, 20.0]
    assert [trial.duration_s for trial in view.trials.values()] == [20.0] * 4
    assert one.last_stage.cancelled == []
    times = [event.at for event in one.events() if isinstance(event, TrialStarted)]
    assert times[2] - times[0] == timedelta(seconds=20 - 3600)


def test_an_adopted_trial_is_as_old_as_its_executor_says(bench: MakeBench) -> None:
    one = bench(max_trials=1, timeout_s=60)
    one.program = lambda launch: prints(launch, after_s=50)
    one.die_after(10)
    with pytest.raises(Died):
        one.run()
    one.clock.set_back(3600)
    view = one.run()
    assert states(one) == [TrialState.COMPLETED]
    assert view.trials[0].duration_s == 50.0


def test_silence_is_seen_by_output_and_metric(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=2, no_progress_s=20, grace_s=1)
    one.program = lambda launch: prints(launch, after_s=100)

    def more() -> None:
        with Path(one.folder.trial(1).stderr).open("a") as file:
            file.write("epoch\n")
        one.stage.after(10, more)

    one.stage.after(10, more)
    view = one.run()
    assert states(one) == [TrialState.FAILED, TrialState.COMPLETED]
    assert view.trials[0].failure is FailureClass.NO_PROGRESS
    assert view.trials[0].duration_s == pytest.approx(21, abs=1.1)


def test_max_runtime_ends_the_study(bench: MakeBench) -> None:
    one = bench(max_trials=50, max_parallel=2, max_runtime_s=35, grace_s=2)
    one.program = lambda launch: prints(launch, after_s=1000 if launch.trial_id == 1 else 10)
    view = one.run()
    assert one.last_stage.starts == [0, 1, 2, 3]
    assert one.last_stage.cancelled == [(1, 2)]
    assert states(one)[1] is TrialState.STOPPED
    assert one.clock.monotonic() == pytest.approx(36, abs=1.1)
    assert "max_runtime" in view.reason


def test_params_keep_their_types_on_disk(bench: MakeBench) -> None:
    one = bench(max_trials=1)
    one.run()
    assert json.loads(Path(one.folder.trial(0).params).read_text()) == {"x": 0}


def test_many_launches_that_fail_do_not_hold_up_ctrl_c(bench: MakeBench) -> None:
    one = bench(max_trials=500, fail_fast=None)

    def refuse(launch: Launch) -> FakeRun:
        if launch.trial_id == 5:
            one.interrupts.ask()
        return FakeRun(error="cannot start")

    one.program = refuse
    one.run()
    assert len(states(one)) < 10
