"""A study whose first trials all failed alike goes on with them once it is mended."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from loop_bench import Bench
from loop_fakes import Died, fails, prints

from automl.engine.actions import Phase
from automl.journal.events import StudyClosed
from automl.study.launch import Launch
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]


@pytest.fixture
def failing(bench: MakeBench) -> Bench:
    """A study of 6 trials that paused as the first 3 and the one beside them had all failed."""
    one = bench(max_trials=6, max_parallel=2, fail_fast=3)
    one.program = lambda launch: fails(launch, f"no such file: {launch.trial_id}")
    view = one.run()
    assert view.phase is Phase.DRAINING
    assert len(view.trials) == 4
    return one


def states(bench: Bench) -> list[TrialState]:
    return [trial.state for trial in bench.state().trials.values()]


def attempts(bench: Bench) -> list[int]:
    return [trial.attempts for trial in bench.state().trials.values()]


def closed(bench: Bench) -> StudyClosed:
    last = bench.events()[-1]
    assert isinstance(last, StudyClosed)
    return last


def test_it_tells_what_the_same_start_will_do(failing: Bench) -> None:
    assert "the same start runs them again" in closed(failing).reason
    assert closed(failing).failed_alike == [0, 1, 2, 3]


def test_mended_it_runs_them_again_with_their_ids_and_goes_on(failing: Bench) -> None:
    failing.program = prints
    failing.run()
    assert states(failing) == [TrialState.COMPLETED] * 6
    assert attempts(failing) == [2, 2, 2, 2, 1, 1]
    assert [trial.params["x"] for trial in failing.state().trials.values()] == [*range(6)]


def test_not_mended_it_pauses_again_with_no_new_trial(failing: Bench) -> None:
    failing.run()
    assert attempts(failing) == [2, 2, 2, 2]
    assert closed(failing).failed_alike == [0, 1, 2, 3]
    failing.program = prints
    failing.run()
    assert states(failing) == [TrialState.COMPLETED] * 6


def test_killed_meanwhile_it_still_does(failing: Bench) -> None:
    failing.program = prints
    failing.die_after(0.5)
    with pytest.raises(Died):
        failing.run()
    failing.away(3)
    failing.run()
    assert states(failing) == [TrialState.COMPLETED] * 6
    assert attempts(failing)[:4] == [2, 2, 2, 2]


def test_they_do_not_count_again(failing: Bench) -> None:
    failing.program = prints
    failing.run()
    failing.run()
    assert len(attempts(failing)) == 6


def test_later_failures_of_a_study_that_has_values_stay(bench: MakeBench) -> None:
    one = bench(max_trials=4, max_parallel=1, fail_fast=2)
    one.program = lambda launch: prints(launch) if launch.trial_id == 0 else fails(launch)
    for _ in range(2):
        one.run()
    assert attempts(one) == [1, 1, 1, 1]


def wrong(pattern: str) -> tuple[BashTask, ...]:
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=pattern)
    return (BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=reader),)


def test_a_reader_that_is_wrong_again_costs_no_training(bench: MakeBench) -> None:
    one = bench(tasks=wrong("a=(.)"), max_trials=6, max_parallel=1, fail_fast=3)
    one.run()
    for pattern in ("b=(.)", "c=(.)"):
        one.spec = replace(one.spec, tasks=wrong(pattern))
        assert one.run().phase is Phase.DRAINING
        assert attempts(one) == [1, 1, 1]
    one.spec = replace(one.spec, tasks=wrong(r"value=(\S+)"))
    one.run()
    assert attempts(one) == [1] * 6
    assert states(one) == [TrialState.COMPLETED] * 6


def test_a_program_that_prints_its_metric_now_runs_them_again(bench: MakeBench) -> None:
    one = bench(max_trials=4, max_parallel=1, fail_fast=3)
    one.program = lambda launch: prints(launch, "nothing")
    one.run()
    one.program = prints
    one.run()
    assert attempts(one) == [2, 2, 2, 1]
    assert states(one) == [TrialState.COMPLETED] * 4


def test_a_whole_study_that_a_wrong_reader_made_fail_starts_nothing_new(bench: MakeBench) -> None:
    one = bench(max_trials=4, max_parallel=1, fail_fast=3)

    def program(launch: Launch) -> FakeRun:
        return prints(launch, f"value={launch.trial_id}")

    one.program = program
    one.run()
    one.spec = replace(one.spec, tasks=wrong("a=(.)"))
    one.spec = replace(one.spec, limits=replace(one.spec.limits, max_trials=9))
    one.run()
    assert len(attempts(one)) == 4
    assert not Path(one.folder.trial(4).path).exists()
