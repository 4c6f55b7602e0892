"""`retry_failed`: what failed before a program was mended runs again, each trial once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from loop_bench import Bench
from loop_fakes import Died, fails, make_spec, prints

from automl.engine.actions import Phase
from automl.journal.control import append_request
from automl.journal.events import RequestTaken, TrialStarted
from automl.journal.requests import AddTrials, RetryFailed
from automl.study.launch import Launch
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]


def odd_fails(launch: Launch) -> FakeRun:
    return fails(launch) if launch.trial_id % 2 else prints(launch)


@pytest.fixture
def half(bench: MakeBench) -> Bench:
    """A study of 6 trials that has ended: those with an odd number failed."""
    one = bench(max_trials=6, max_parallel=2)
    one.program = odd_fails
    one.run()
    assert states(one)[:2] == [TrialState.COMPLETED, TrialState.FAILED]
    return one


def states(bench: Bench) -> list[TrialState]:
    return [trial.state for trial in bench.state().trials.values()]


def attempts(bench: Bench) -> list[int]:
    return [trial.attempts for trial in bench.state().trials.values()]


def ask(bench: Bench) -> str:
    return append_request(bench.folder.control, RetryFailed())


def test_the_next_start_runs_them_again_with_ids_and_values(half: Bench) -> None:
    before = [trial.params for trial in half.state().trials.values()]
    half.program = prints
    ask(half)
    assert half.run().complete
    assert states(half) == [TrialState.COMPLETED] * 6
    assert attempts(half) == [1, 2, 1, 2, 1, 2]
    assert [trial.params for trial in half.state().trials.values()] == before
    assert Path(half.folder.trial(1).path, "attempts", "1").is_dir()


def test_a_start_without_a_request_runs_none_again(half: Bench) -> None:
    half.program = prints
    ask(half)
    half.run()
    half.run()
    assert attempts(half) == [1, 2, 1, 2, 1, 2]


def test_one_that_fails_again_waits_for_the_next_request(half: Bench) -> None:
    ask(half)
    half.run()
    assert attempts(half) == [1, 2, 1, 2, 1, 2]
    assert states(half)[1] is TrialState.FAILED
    half.program = prints
    ask(half)
    half.run()
    assert attempts(half) == [1, 3, 1, 3, 1, 3]


def test_asked_twice_it_is_done_once(half: Bench) -> None:
    half.program = prints
    first, second = ask(half), ask(half)
    half.run()
    assert attempts(half) == [1, 2, 1, 2, 1, 2]
    answers = half.state().answers
    assert answers[first].done
    assert answers[first].trials == [1, 3, 5]
    assert answers[second].reason == "no failed trial is left to run again"


def test_a_running_study_does_it_at_once(bench: MakeBench) -> None:
    one = bench(max_trials=6, max_parallel=1)
    mended: list[int] = []

    def program(launch: Launch) -> FakeRun:
        return prints(launch) if mended else odd_fails(launch)

    one.program = program
    one.stage.after(3.5, lambda: mended.append(1))
    one.ask_after(3.5, RetryFailed())
    one.run()
    assert states(one) == [TrialState.COMPLETED] * 6
    again = [event.trial for event in one.events() if isinstance(event, TrialStarted)]
    # Before anything new, and the first one first.
    assert again.index(1, 2) < again.index(5)


@pytest.mark.parametrize("killed_at_s", [0.0, 0.5, 1.0, 1.5])
def test_killed_at_any_moment_each_runs_again_once(half: Bench, killed_at_s: float) -> None:
    half.program = prints
    ask(half)
    half.die_after(killed_at_s)
    with pytest.raises(Died):
        half.run()
    half.away(3)
    half.run()
    assert states(half) == [TrialState.COMPLETED] * 6
    assert attempts(half) == [1, 2, 1, 2, 1, 2]


def test_a_journal_cut_behind_any_line_of_it_loses_none_and_runs_none_twice(half: Bench) -> None:
    half.program = prints
    ask(half)
    half.run()
    lines = half.folder.journal.read_bytes().splitlines(keepends=True)
    taken = next(n for n, event in enumerate(half.events()) if isinstance(event, RequestTaken))
    # Behind the answer, and behind each of the three trials that it puts back in line.
    for count in range(taken + 1, taken + 5):
        half.folder.journal.write_bytes(b"".join(lines[:count]))
        assert half.run().complete
        assert states(half) == [TrialState.COMPLETED] * 6
        assert attempts(half) == [1, 2, 1, 2, 1, 2]
        assert half.state().unfinished == []


def test_trials_outside_the_space_of_now_are_left(half: Bench) -> None:
    half.program = prints
    half.spec = replace(half.spec, space=make_spec(size=4).space)
    first = ask(half)
    half.run()
    assert attempts(half) == [1, 2, 1, 2, 1, 1]
    second = ask(half)
    half.run()
    assert half.state().answers[first].trials == [1, 3]
    assert "outside the space" in half.state().answers[second].reason


def test_those_that_never_had_a_number_run_again_though_their_reader_changed(
    bench: MakeBench,
) -> None:
    """Nothing is started by itself for what a corrected reader cannot read; asked for, it is."""
    one = bench(max_trials=4, max_parallel=1, fail_fast=3)
    one.program = lambda launch: prints(launch, "nothing")
    one.run()
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=r"value= *(\S+)")
    task = BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=reader)
    one.spec = replace(one.spec, tasks=(task,))
    one.program = prints
    ask(one)
    assert one.run().phase is Phase.RUNNING
    assert states(one) == [TrialState.COMPLETED] * 4
    assert attempts(one) == [2, 2, 2, 1]


def test_a_study_that_ends_by_itself_for_failures_goes_on_once_asked(bench: MakeBench) -> None:
    one = bench(max_trials=4, max_parallel=2, fail_fast=2)

    def program(launch: Launch) -> FakeRun:
        slow = launch.trial_id == 0
        good = prints(launch, after_s=9.0 if slow else 1.0)
        return good if slow or one.state().answers else fails(launch)

    one.program = program
    one.ask_after(4.0, RetryFailed())
    view = one.run()
    assert view.phase is Phase.RUNNING
    assert states(one) == [TrialState.COMPLETED] * 4


def test_what_users_stopped_or_asked_otherwise_stays(half: Bench) -> None:
    half.program = prints
    append_request(half.folder.control, AddTrials(1))
    ask(half)
    half.run()
    assert attempts(half) == [1, 2, 1, 2, 1, 2, 1]


@pytest.fixture
def left(bench: MakeBench) -> Bench:
    """A study of 4 trials whose controller died while two ran, which have ended since: one well."""
    one = bench(max_trials=4, max_parallel=2)
    one.program = odd_fails
    one.die_after(0.5)
    with pytest.raises(Died):
        one.run()
    one.away(5)
    assert states(one) == [TrialState.RUNNING] * 2
    one.program = prints
    return one


def test_one_that_ended_badly_while_nothing_ran_is_among_them(left: Bench) -> None:
    asked = ask(left)
    assert left.run().complete
    assert states(left) == [TrialState.COMPLETED] * 4
    assert attempts(left) == [1, 2, 1, 1]
    answer = left.state().answers[asked]
    assert (answer.done, answer.trials) == (True, [0, 1])
    assert left.state().unfinished == []


def test_without_the_request_it_stays_failed(left: Bench) -> None:
    left.run()
    assert attempts(left) == [1, 1, 1, 1]
    assert states(left).count(TrialState.FAILED) == 1


def test_where_all_ended_well_nothing_is_left_to_do(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=2)
    one.program = prints
    one.die_after(0.5)
    with pytest.raises(Died):
        one.run()
    one.away(5)
    ask(one)
    one.run()
    assert attempts(one) == [1, 1]
    assert one.state().unfinished == []
    second = ask(one)
    one.run()
    assert one.state().answers[second].reason == "no failed trial is left to run again"


def test_a_journal_cut_while_they_are_collected_loses_none(left: Bench) -> None:
    ask(left)
    left.run()
    lines = left.folder.journal.read_bytes().splitlines(keepends=True)
    taken = next(n for n, event in enumerate(left.events()) if isinstance(event, RequestTaken))
    for count in range(taken + 1, taken + 5):
        left.folder.journal.write_bytes(b"".join(lines[:count]))
        left.run()
        assert states(left) == [TrialState.COMPLETED] * 4, count
        assert left.state().unfinished == []
