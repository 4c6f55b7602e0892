import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.engine.tally import Tally
from automl.study.failure import FailureClass
from automl.study.launch import Exit
from automl.study.objective import Direction, Objective, Objectives
from automl.study.trial import Trial, TrialState


def completed(trial: int, value: float | None, lasted_s: float | None = 1.0) -> Trial:
    return Trial(
        id=trial,
        params={"x": trial},
        state=TrialState.COMPLETED,
        value=value,
        duration_s=lasted_s,
    )


def failed(trial: int, reason: str) -> Trial:
    return Trial(id=trial, params={"x": trial}, state=TrialState.FAILED, reason=reason)


def test_the_sampler_is_told_plans_and_ends_but_only_values_that_count() -> None:
    tally = Tally(Objectives())
    tally.planned(Trial(id=0, params={"x": 5}))
    tally.ended(completed(0, 0.5))
    stopped = Trial(id=1, params={"x": 6}, state=TrialState.STOPPED, value=0.9)
    tally.ended(stopped)
    told = [(one.trial_id, one.state, one.value) for one in tally.history]
    assert told == [
        (0, TrialState.PLANNED, None),
        (0, TrialState.COMPLETED, 0.5),
        (1, TrialState.STOPPED, None),
    ]
    assert (tally.finished, tally.failed) == (2, 0)
    assert tally.best is not None
    assert tally.best.id == 0


def test_a_retry_takes_the_end_back() -> None:
    tally = Tally(Objectives())
    tally.ended(failed(0, "exit code 1"))
    tally.ended(completed(1, 1.0))
    tally.launched_again(failed(0, "exit code 1"))
    assert (tally.finished, tally.failed) == (1, 0)


@pytest.mark.parametrize(("direction", "best"), [("maximize", 2), ("minimize", 1)])
def test_the_best_follows_the_direction_and_the_first_of_equals_stays(
    direction: str, best: int
) -> None:
    tally = Tally(Objectives((Objective(direction=Direction(direction)),)))
    for trial, value in [(3, 0.2), (4, 0.9), (2, 0.9), (5, 0.9), (6, 0.1), (1, 0.1)]:
        tally.ended(completed(trial, value))
    assert tally.best is not None
    assert tally.best.id == best


def test_without_a_value_there_is_no_best() -> None:
    tally = Tally(Direction.MINIMIZE)
    tally.ended(completed(0, None))
    tally.ended(failed(1, "no"))
    assert tally.best is None


def test_the_median_waits_for_enough_and_leaves_failures_out() -> None:
    tally = Tally(Objectives())
    assert tally.median_s() is None
    for trial, lasted_s in enumerate([9.0, 1.0, None]):
        tally.ended(completed(trial, 1.0, lasted_s))
    tally.ended(failed(3, "slow"))
    assert tally.median_s(3) is None
    tally.ended(completed(4, 1.0, 5.0))
    assert tally.median_s(3) == 5.0


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_the_median_is_one_of_the_durations_in_the_middle(durations: list[float]) -> None:
    tally = Tally(Objectives())
    for trial, lasted_s in enumerate(durations):
        tally.ended(completed(trial, 1.0, lasted_s))
    median_s = tally.median_s()
    assert median_s is not None
    assert sum(one < median_s for one in durations) <= len(durations) / 2
    assert sum(one > median_s for one in durations) <= len(durations) / 2


def crashed(trial_id: int, reason: str, code: int = 1) -> Trial:
    how = Exit(code=code)
    text = f"{how}: {reason}"
    return replace(failed(trial_id, text), failure=FailureClass.CRASHED, exit=how)


def test_reasons_that_differ_in_words_only_are_alike() -> None:
    tally = Tally(Objectives())
    answers = [tally.failing(crashed(n, f"no file {text}"), 3) for n, text in enumerate("abcde")]
    assert [bool(answer) for answer in answers] == [False, False, True, False, False]
    assert tally.failed_alike == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("order", list(itertools.permutations([1, 1, 2]))[:3])
def test_different_exit_codes_are_not(order: tuple[int, ...]) -> None:
    tally = Tally(Objectives())
    answers = [tally.failing(crashed(n, "a", code), 3) for n, code in enumerate(order)]
    answers += [tally.failing(crashed(n, "a"), 3) for n in range(9)]
    assert not any(answers)
    assert tally.failed_alike == []


@pytest.mark.parametrize(
    "trial",
    [
        completed(0, 1.0),
        replace(completed(0, 1.0), state=TrialState.PRUNED),
        replace(completed(0, 1.0), violation=1.0),
    ],
    ids=["completed", "not the whole budget", "breaks a constraint"],
)
def test_one_value_before_shows_that_the_script_is_right(trial: Trial) -> None:
    tally = Tally(Objectives())
    tally.ended(trial)
    assert not tally.failing(failed(1, "a"), 1)


def test_the_first_failure_alone_can_be_enough() -> None:
    assert Tally(Objectives()).failing(failed(0, "a"), 1)
