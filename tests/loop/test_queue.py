"""Launches that wait for their turn, and those of which nobody knows what became of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from loop_bench import Bench
from loop_fakes import Died, prints

from automl.engine.actions import Phase
from automl.executors.executor import Found, Wanted
from automl.journal.requests import StopTrial
from automl.study.launch import Began, Ended, EndKind, Exit, News
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import TrialState

MakeBench = Callable[..., Bench]


def late(
    bench: MakeBench, queued_s: float = 100.0, after_s: float = 5.0, **changes: object
) -> Bench:
    one = bench(**{"max_trials": 1} | changes)
    one.program = lambda launch: prints(launch, queued_s=queued_s, after_s=after_s)
    return one


def states(one: Bench) -> list[TrialState]:
    return [trial.state for trial in one.state().trials.values()]


def test_time_outs_and_durations_count_from_the_beginning(bench: MakeBench) -> None:
    one = late(bench, timeout_s=10, no_progress_s=10)
    trial = one.run().trials[0]
    assert (trial.state, trial.duration_s) == (TrialState.COMPLETED, 5.0)
    assert one.clock.monotonic() >= 105


def test_one_that_is_told_late_has_run_meanwhile(bench: MakeBench) -> None:
    one = late(bench)
    wait = one.stage.wait
    one.stage.wait = lambda timeout_s: [  # type: ignore[method-assign]
        replace(news, ran_s=30.0) if isinstance(news, Began) else news for news in wait(timeout_s)
    ]
    assert one.run().trials[0].duration_s == 35.0


def test_what_waits_holds_its_slot(bench: MakeBench) -> None:
    one = late(bench, max_trials=5, max_parallel=2)
    one.run()
    assert one.last_stage.at_once == 2
    assert states(one) == [TrialState.COMPLETED] * 5


def test_a_ctrl_c_ends_what_waits_before_it_begins(bench: MakeBench) -> None:
    one = late(bench, max_trials=5, max_parallel=2)
    one.interrupt_after(20)
    assert one.run().phase is Phase.INTERRUPTED
    assert one.clock.monotonic() < 25
    assert set(states(one)) == {TrialState.PLANNED}
    assert all(trial.attempts == 0 for trial in one.state().trials.values())


def test_a_trial_that_waits_can_be_stopped(bench: MakeBench) -> None:
    one = late(bench, max_trials=2, max_parallel=2)
    one.ask_after(20, StopTrial(0))
    one.run()
    assert states(one) == [TrialState.STOPPED, TrialState.COMPLETED]


def test_one_that_begins_although_it_was_stopped_is_stopped_then(bench: MakeBench) -> None:
    one = late(bench, queued_s=30, after_s=9000)
    one.ask_after(10, StopTrial(0))
    cancel, ignored = one.stage.cancel, iter([True])
    # As where a cluster starts it in the moment in which it is cancelled.
    one.stage.cancel = lambda *words: next(ignored, False) or cancel(*words)  # type: ignore[method-assign,assign]
    one.run()
    assert states(one) == [TrialState.STOPPED]
    assert one.clock.monotonic() < 40


@pytest.mark.parametrize("away_s", [10.0, 500.0])
def test_the_next_controller_waits_for_what_waits(bench: MakeBench, away_s: float) -> None:
    one = late(bench)
    one.die_after(20)
    with pytest.raises(Died):
        one.run()
    one.away(away_s)
    (trial,) = one.run().trials.values()
    assert (trial.state, trial.attempts) == (TrialState.COMPLETED, 1)
    assert one.last_stage.starts == []


def test_the_next_controller_stops_what_waits(bench: MakeBench) -> None:
    one = late(bench)
    one.die_after(20)
    with pytest.raises(Died):
        one.run()
    one.away(10)
    one.interrupt_after(5)
    assert one.run().phase is Phase.INTERRUPTED
    assert [trial.id for trial, _ in one.legacy.queued] == [0]
    assert states(one) == [TrialState.PLANNED]


def test_one_that_is_lost_is_run_again(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=2)
    wait, losses = one.stage.wait, iter([True])

    def lossy(timeout_s: float | None) -> Sequence[News]:
        return [
            replace(news, kind=EndKind.LOST, exit=Exit(code=None), problem="its node is gone")
            if isinstance(news, Ended) and next(losses, False)
            else news
            for news in wait(timeout_s)
        ]

    one.stage.wait = lossy  # type: ignore[method-assign]
    engine = one.run()
    assert states(one) == [TrialState.COMPLETED] * 2
    assert sorted(trial.attempts for trial in engine.trials.values()) == [1, 2]


def test_one_whose_beginning_nobody_told_is_not_run_twice(bench: MakeBench) -> None:
    one = bench(max_trials=1)
    wait = one.stage.wait

    def late_news(timeout_s: float | None) -> Sequence[News]:
        return [news for news in wait(timeout_s) if not isinstance(news, Began)]

    one.stage.wait = late_news  # type: ignore[method-assign]
    trial = one.run().trials[0]
    assert (trial.state, trial.attempts) == (TrialState.COMPLETED, 1)
    assert one.last_stage.starts == [0]


def test_one_that_cannot_be_started_for_its_own_fault_is_not_tried_again(bench: MakeBench) -> None:
    one = bench(max_trials=1)
    one.program = lambda launch: prints(launch, error="no such queue")
    trial = one.run().trials[0]
    assert trial.state is TrialState.FAILED
    assert "no such queue" in trial.reason


def test_the_cleanups_of_an_earlier_controller_are_looked_for_together(
    bench: MakeBench,
) -> None:
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=r"value=(\S+)")
    task = BashTask(cmd=("true",), cleanup=("true",), metric_reader=reader)
    one = bench(max_trials=4, max_parallel=4, tasks=(task,))
    one.program = lambda launch: prints(launch, after_s=20 if launch.trial_id >= 0 else 30)
    one.die_after(25)
    with pytest.raises(Died):
        one.run()
    find, looks = one.stage.find, []

    def counted(wanted: Sequence[Wanted]) -> Sequence[Found]:
        looks.append([int(one.handle["trial"]) for one in wanted])
        return find(wanted)

    one.stage.find = counted  # type: ignore[method-assign]
    one.run()
    assert [sorted(asked) for asked in looks] == [[0, 1, 2, 3], [-4, -3, -2, -1]]
    assert states(one) == [TrialState.COMPLETED] * 4
    assert one.last_stage.starts == []
