"""Stops that one controller began and the next one brings to their end."""

from collections.abc import Callable

import pytest
from loop_bench import Bench
from loop_fakes import Died, prints

from automl.engine.actions import Phase
from automl.journal.requests import StopTrial
from automl.study.launch import Exit
from automl.study.trial import TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]


def killed_while(one: Bench, after_s: float, away_s: float) -> None:
    """Let the controller be killed with -9, and some time pass."""
    one.die_after(after_s)
    with pytest.raises(Died):
        one.run()
    one.away(away_s)


@pytest.mark.parametrize("away_s", [0.0, 1.5, 60.0])
def test_what_an_interrupt_stopped_is_run_again(bench: MakeBench, away_s: float) -> None:
    one = bench(max_trials=2, max_parallel=2, grace_s=10, fail_fast=1)
    one.program = lambda launch: prints(launch, f"value={launch.trial_id}", after_s=100, stop_s=4)
    one.interrupt_after(10.5)
    killed_while(one, 12, away_s)
    one.program = lambda launch: prints(launch, f"value={launch.trial_id + 1}")
    view = one.run()
    trials = view.trials.values()
    assert [trial.state for trial in trials] == [TrialState.COMPLETED] * 2
    assert [trial.value for trial in trials] == [1, 2]
    assert all(trial.failures == () for trial in trials)
    # It was asked once, by the controller that was killed, and had the whole of its grace.
    assert one.last_stage.cancelled == []


def test_what_was_never_asked_to_end_is_asked_after_its_grace(bench: MakeBench) -> None:
    one = bench(max_trials=1, grace_s=10)
    one.program = lambda launch: prints(launch, "value=1", after_s=1000)
    one.interrupt_after(5)

    def die(*_: object) -> None:
        raise Died

    one.stage.cancel = die  # type: ignore[method-assign]
    with pytest.raises(Died):
        one.run()
    assert [trial.state for trial in one.state().trials.values()] == [TrialState.STOPPING]
    one.program = prints
    view = one.run()
    assert one.last_stage.cancelled == [(0, 10)]
    assert view.trials[0].state is TrialState.COMPLETED
    assert view.trials[0].attempts == 2
    assert one.clock.monotonic() < 30


def test_one_that_ends_well_after_it_was_asked_is_run_again_all_the_same(bench: MakeBench) -> None:
    """It may have saved what it had, and its number would be one of half the training."""
    one = bench(max_trials=1, grace_s=10)
    one.program = lambda launch: FakeRun(
        after_s=15.0, files={launch.stdout: "value=0.5\n"}, stop_s=None, exit=Exit(code=0)
    )
    one.interrupt_after(10.5)
    killed_while(one, 12, 60)
    one.program = lambda launch: prints(launch, "value=1")
    assert one.run().trials[0].value == 1.0


@pytest.mark.parametrize("away_s", [0.0, 60.0])
def test_what_a_user_stopped_stays_stopped(bench: MakeBench, away_s: float) -> None:
    one = bench(max_trials=1, grace_s=10)
    one.program = lambda launch: prints(launch, after_s=1000, stop_s=4)
    one.ask_after(5, StopTrial(trial=0))
    killed_while(one, 7, away_s)
    view = one.run()
    assert view.trials[0].state is TrialState.STOPPED
    assert view.trials[0].reason == "stopped by the user"
    assert one.last_stage.starts == []


@pytest.mark.parametrize("away_s", [0.0, 60.0])
def test_what_took_too_long_has_taken_too_long(bench: MakeBench, away_s: float) -> None:
    one = bench(max_trials=1, grace_s=10, timeout_s=20)
    one.program = lambda launch: prints(launch, after_s=1000, stop_s=4)
    killed_while(one, 22, away_s)
    view = one.run()
    assert view.trials[0].state is TrialState.FAILED
    assert view.trials[0].reason == "stopped after 20 s (trial_timeout)"
    assert one.last_stage.starts == []


@pytest.mark.parametrize("away_s", [0.0, 60.0])
def test_what_the_end_of_a_study_stopped_is_stopped_for_good(
    bench: MakeBench, away_s: float
) -> None:
    one = bench(max_trials=1, grace_s=10, max_runtime_s=20)
    one.program = lambda launch: prints(launch, after_s=1000, stop_s=4)
    killed_while(one, 22, away_s)
    view = one.run()
    assert view.trials[0].state is TrialState.STOPPED
    assert "max_runtime" in view.trials[0].reason


def test_an_interrupt_while_a_study_ends_is_known_too(bench: MakeBench) -> None:
    one = bench(max_trials=1, grace_s=10, max_runtime_s=20)
    one.program = lambda launch: prints(launch, after_s=1000, stop_s=8)
    one.interrupt_after(22)
    killed_while(one, 24, 60)
    one.program = prints
    view = one.run()
    assert view.trials[0].state is TrialState.COMPLETED


def test_a_second_interrupt_kills_what_the_first_of_another_controller_asked(
    bench: MakeBench,
) -> None:
    one = bench(max_trials=1, grace_s=1000)
    one.program = lambda launch: prints(launch, after_s=9000, stop_s=None)
    one.interrupt_after(5)
    killed_while(one, 7, 0)
    one.interrupt_after(2)
    one.interrupt_after(4)
    view = one.run()
    assert view.phase is Phase.INTERRUPTED
    assert one.last_stage.running == set()
    assert one.clock.monotonic() < 30
