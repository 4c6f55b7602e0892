import math
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from automl.report.ranking import best, has_value, rank
from automl.spec.objective import Direction
from automl.spec.trial import Trial, TrialState

VALUES = st.one_of(st.none(), st.floats(), st.sampled_from([0.0, -0.0, 1.0, 2.0]))
TRIALS = st.lists(
    st.builds(
        Trial,
        id=st.integers(0, 30),
        params=st.just({}),
        state=st.sampled_from(TrialState),
        value=VALUES,
    ),
    unique_by=lambda trial: trial.id,
)
DIRECTIONS = st.sampled_from(Direction)


def make(trial_id: int, state: TrialState, value: float | None = None) -> Trial:
    return Trial(id=trial_id, params={}, state=state, value=value)


def ids(trials: list[Trial]) -> list[int]:
    return [trial.id for trial in trials]


@settings(deadline=None)
@given(TRIALS, DIRECTIONS, st.randoms(use_true_random=False))
def test_ranking_keeps_every_trial_in_one_order(
    trials: list[Trial], direction: Direction, random: Random
) -> None:
    shuffled = random.sample(trials, len(trials))
    ranked = rank(trials, direction)
    assert sorted(ids(ranked)) == sorted(ids(trials))
    assert ids(rank(shuffled, direction)) == ids(ranked)
    assert ids(rank(ranked, direction)) == ids(ranked)


@settings(deadline=None)
@given(TRIALS, DIRECTIONS)
def test_no_trial_follows_a_worse_one_of_its_kind(
    trials: list[Trial], direction: Direction
) -> None:
    valued = [trial for trial in rank(trials, direction) if has_value(trial)]
    for group in (
        [trial for trial in valued if trial.state is TrialState.COMPLETED],
        [trial for trial in valued if trial.state not in {TrialState.COMPLETED, TrialState.FAILED}],
    ):
        for left, right in pairwise(group):
            assert not direction.better(right.value, left.value)
            assert left.value != right.value or left.id < right.id


@settings(deadline=None)
@given(TRIALS, DIRECTIONS)
def test_best_is_the_first_of_the_ranking_if_that_completed(
    trials: list[Trial], direction: Direction
) -> None:
    top = rank(trials, direction)[:1]
    has_best = bool(top) and top[0].state is TrialState.COMPLETED and has_value(top[0])
    assert best(trials, direction) is (top[0] if has_best else None)


def test_groups_follow_each_other() -> None:
    trials = [
        make(0, TrialState.RUNNING),
        make(1, TrialState.FAILED, 9.0),
        make(2, TrialState.STOPPED, 0.7),
        make(3, TrialState.COMPLETED, math.nan),
        make(4, TrialState.PRUNED, 0.8),
        make(5, TrialState.COMPLETED, 0.1),
        make(6, TrialState.COMPLETED, 0.2),
        make(7, TrialState.COMPLETED, 0.2),
        make(8, TrialState.FAILED),
        make(9, TrialState.COMPLETED, -math.inf),
    ]
    assert ids(rank(trials, Direction.MAXIMIZE)) == [6, 7, 5, 4, 2, 1, 8, 0, 3, 9]
    assert ids(rank(trials, Direction.MINIMIZE)) == [5, 6, 7, 2, 4, 1, 8, 0, 3, 9]


def test_an_infinite_value_is_never_the_best() -> None:
    trials = [make(0, TrialState.COMPLETED, -math.inf), make(1, TrialState.COMPLETED, 3.0)]
    assert best(trials, Direction.MINIMIZE).id == 1
    assert best(trials[:1], Direction.MINIMIZE) is None
