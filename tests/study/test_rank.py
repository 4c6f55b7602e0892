import math
from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from automl.study.objective import Direction, Objective, Objectives
from automl.study.ranking.rank import best, front_of, fronts, has_value, rank
from automl.study.ranking.reached import budget_reached
from automl.study.trial import Purpose, Result, Stage, Trial, TrialState

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


def one(direction: Direction) -> Objectives:
    return Objectives((Objective(direction=direction),))


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
    ranked = rank(trials, one(direction))
    assert sorted(ids(ranked)) == sorted(ids(trials))
    assert ids(rank(shuffled, one(direction))) == ids(ranked)
    assert ids(rank(ranked, one(direction))) == ids(ranked)


@settings(deadline=None)
@given(TRIALS, DIRECTIONS)
def test_no_trial_follows_a_worse_one_of_its_kind(
    trials: list[Trial], direction: Direction
) -> None:
    valued = [trial for trial in rank(trials, one(direction)) if has_value(trial)]
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
    top = rank(trials, one(direction))[:1]
    has_best = bool(top) and top[0].state is TrialState.COMPLETED and has_value(top[0])
    assert best(trials, one(direction)) is (top[0] if has_best else None)


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
    assert ids(rank(trials, one(Direction.MAXIMIZE))) == [6, 7, 5, 4, 2, 1, 8, 0, 3, 9]
    assert ids(rank(trials, one(Direction.MINIMIZE))) == [5, 6, 7, 2, 4, 1, 8, 0, 3, 9]


def test_an_infinite_value_is_never_the_best() -> None:
    trials = [make(0, TrialState.COMPLETED, -math.inf), make(1, TrialState.COMPLETED, 3.0)]
    assert best(trials, one(Direction.MINIMIZE)).id == 1
    assert best(trials[:1], one(Direction.MINIMIZE)) is None


ACC = Objective(metric="acc")
SIZE = Objective(metric="size", direction=Direction.MINIMIZE)
BOTH = Objectives((ACC, SIZE))
FEW = st.sampled_from([0.0, 1.0, 2.0, 3.0])
RESULTS = st.builds(
    Result,
    stage=st.builds(
        Stage,
        budget=st.sampled_from([None, 1, 3, 2.5]),
        seed_number=st.integers(0, 3),
        purpose=st.sampled_from(Purpose),
    ),
    value=FEW | st.just(math.nan),
)
RICH_TRIALS = st.lists(
    st.builds(
        Trial,
        id=st.integers(0, 30),
        params=st.just({}),
        state=st.sampled_from(TrialState),
        value=VALUES,
        metrics=st.dictionaries(st.sampled_from(["acc", "size"]), VALUES.filter(bool) | FEW),
        violation=st.sampled_from([0.0, 0.5, 2.0, math.inf, math.nan]),
        results=st.lists(RESULTS, max_size=3).map(tuple),
    ),
    unique_by=lambda trial: trial.id,
)
SEVERAL = st.sampled_from([one(Direction.MAXIMIZE), one(Direction.MINIMIZE), BOTH])


def vector(trial_id: int, acc: float, size: float, **more: object) -> Trial:
    metrics = {"acc": acc, "size": size}
    return Trial(
        id=trial_id,
        params={},
        value=acc,
        metrics=metrics,
        **{"state": TrialState.COMPLETED, **more},
    )


def confirm(*values: float) -> tuple[Result, ...]:
    return tuple(
        Result(stage=Stage(seed_number=number, purpose=Purpose.CONFIRM), value=value)
        for number, value in enumerate(values, 1)
    )


def launched(*budgets: float) -> tuple[Result, ...]:
    return tuple(Result(stage=Stage(budget=budget), value=0.1) for budget in budgets)


def dominates(left: Trial, right: Trial) -> bool:
    a, b = left.metrics, right.metrics
    return a["acc"] >= b["acc"] and a["size"] <= b["size"] and a != b


@settings(deadline=None)
@given(RICH_TRIALS, SEVERAL, st.randoms(use_true_random=False))
def test_the_order_is_total_whatever_trials_hold(
    trials: list[Trial], objectives: Objectives, random: Random
) -> None:
    ranked = rank(trials, objectives)
    assert sorted(ids(ranked)) == sorted(ids(trials))
    assert ids(rank(random.sample(trials, len(trials)), objectives)) == ids(ranked)
    found = best(trials, objectives)
    usable = [one for one in ranked if one.state is TrialState.COMPLETED and one.violation == 0]
    assert found is None or found is ranked[0]
    assert found in front_of(trials, objectives) or not front_of(trials, objectives)
    assert found is None or found in usable


@settings(deadline=None)
@given(st.lists(st.tuples(FEW, FEW), max_size=12))
def test_fronts_are_peeled_off_one_by_one(points: list[tuple[float, float]]) -> None:
    trials = [vector(number, *point) for number, point in enumerate(points)]
    numbers = fronts(trials, BOTH)
    left, number = list(trials), 1
    while left:
        front = [one for one in left if not any(dominates(other, one) for other in left)]
        assert {numbers[one.id] for one in front} == {number}
        left = [one for one in left if one not in front]
        number += 1
    assert [trial.id for trial in front_of(trials, BOTH)] == [
        trial.id for trial in rank(trials, BOTH) if numbers[trial.id] == 1
    ]


def test_the_front_comes_first_then_the_first_objective() -> None:
    trials = [
        vector(0, 0.9, 9.0),
        vector(1, 0.8, 9.0),
        vector(2, 0.7, 1.0),
        vector(3, 0.6, 2.0),
        vector(4, 0.9, 9.0),
        vector(5, 0.95, 0.1, violation=1.0),
        vector(6, 0.95, 0.1, state=TrialState.PRUNED),
        vector(7, 0.95, math.nan),
        vector(8, 0.95, 0.1, state=TrialState.FAILED),
    ]
    assert ids(rank(trials, BOTH)) == [0, 4, 2, 1, 3, 6, 5, 8, 7]
    assert ids(front_of(trials, BOTH)) == [0, 4, 2]
    assert fronts(trials, BOTH) == [1, 2, 1, 2, 1, None, None, None, None]
    assert best(trials, BOTH).id == 0


def test_where_one_value_ranks_the_front_is_the_best_trial() -> None:
    trials = [make(0, TrialState.COMPLETED, 0.1), make(1, TrialState.COMPLETED, 0.3)]
    assert ids(front_of(trials, one(Direction.MAXIMIZE))) == [1]
    assert fronts(trials, one(Direction.MAXIMIZE)) == [None, None]
    assert front_of(trials[:0], one(Direction.MAXIMIZE)) == []


def test_trials_that_break_a_constraint_follow_by_how_much() -> None:
    trials = [
        vector(0, 0.9, 1.0, violation=2.0),
        vector(1, 0.8, 1.0, violation=0.5),
        vector(2, 0.7, 1.0, violation=0.5),
        vector(3, 0.1, 1.0),
        vector(4, 0.3, 1.0, state=TrialState.PRUNED),
        vector(5, 0.3, 1.0, state=TrialState.PRUNED, violation=0.1),
    ]
    single = Objectives((ACC,))
    assert ids(rank(trials, single)) == [3, 4, 1, 2, 0, 5]
    assert best(trials, single).id == 3
    assert best(trials[:3], single) is None


def test_confirmed_trials_come_first_by_their_confirmed_mean() -> None:
    trials = [
        vector(0, 0.99, 1.0),
        vector(1, 0.9, 1.0, results=confirm(0.8, 0.8)),
        vector(2, 0.8, 1.0, results=confirm(0.7, math.nan, 0.95)),
    ]
    assert ids(rank(trials, Objectives((ACC,)))) == [2, 1, 0]
    assert best(trials, Objectives((ACC,))).id == 2
    assert ids(rank(trials, Objectives((SIZE,)))) == [1, 2, 0]


def test_a_trial_is_as_good_as_it_was_while_it_is_being_confirmed() -> None:
    confirming = Stage(seed_number=1, purpose=Purpose.CONFIRM)
    trials = [make(0, TrialState.COMPLETED, 0.5)]
    for state in (TrialState.PLANNED, TrialState.RUNNING, TrialState.STOPPING):
        again = vector(1, 0.9, 1.0, state=state, stage=confirming, results=launched(None))
        assert ids(rank([*trials, again], one(Direction.MAXIMIZE))) == [1, 0]
        assert best([*trials, again], one(Direction.MAXIMIZE)) == again


def test_what_was_stopped_early_is_not_complete_before_it_is_confirmed() -> None:
    confirming = Stage(budget=9, seed_number=1, purpose=Purpose.CONFIRM)
    whole = make(0, TrialState.COMPLETED, 0.5)
    low = vector(1, 0.9, 1.0, state=TrialState.RUNNING, stage=confirming, results=launched(1))
    unknown = replace(low, results=())
    failed = replace(low, state=TrialState.PRUNED)
    done = replace(
        low,
        state=TrialState.COMPLETED,
        results=(*low.results, Result(stage=confirming, value=0.9)),
    )
    for trial in (low, unknown, failed):
        assert ids(rank([trial, whole], one(Direction.MAXIMIZE))) == [0, 1]
        assert best([trial], one(Direction.MAXIMIZE)) is None
    assert ids(rank([whole, done], one(Direction.MAXIMIZE))) == [1, 0]
    assert budget_reached(done) == 9


def test_among_those_not_completed_the_larger_budget_comes_first() -> None:
    trials = [
        vector(0, 0.9, 1.0, state=TrialState.PRUNED, results=launched(1)),
        vector(1, 0.5, 1.0, state=TrialState.PRUNED, results=launched(3, 1)),
        vector(2, 0.6, 1.0, state=TrialState.STOPPED, results=launched(1, 3)),
        vector(3, 0.99, 1.0, state=TrialState.PRUNED),
        vector(4, 0.1, 1.0, results=launched(1, 3, 9)),
    ]
    assert ids(rank(trials, Objectives((ACC,)))) == [4, 2, 1, 0, 3]
    assert [budget_reached(trial) for trial in trials] == [1, 3, 3, None, 9]


def test_a_weighted_sum_ranks_by_the_value_that_it_gave() -> None:
    weighted = Objectives((Objective(metric="acc", weight=1), Objective(metric="b", weight=1)))
    trials = [make(0, TrialState.COMPLETED, 1.0), make(1, TrialState.COMPLETED, 2.0)]
    assert ids(rank(trials, weighted)) == [1, 0]
