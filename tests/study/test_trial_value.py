"""What the launches of a trial found together."""

from dataclasses import replace

import pytest

from automl.journal.events import VERSION, TrialEnded
from automl.study.objective import Direction, Objectives
from automl.study.ranking.rank import best_so_far, ended_once, leader
from automl.study.ranking.reached import at_rung, paused, reached, waiting_at
from automl.study.ranking.trial_value import found, judged, searched_mean
from automl.study.trial import Purpose, Result, Stage, Trial, TrialState
from automl.testing import FakeClock

COMPLETED, PRUNED, FAILED = TrialState.COMPLETED, TrialState.PRUNED, TrialState.FAILED
STOPPED = TrialState.STOPPED
FRESH = Stage(seed_number=1, purpose=Purpose.CONFIRM)
PLAIN = Objectives()


def result(value: float, *, violation: float = 0.0, **stage: object) -> Result:
    return Result(
        stage=Stage(**stage),  # type: ignore[arg-type]
        value=value,
        metrics={"a": value, "b": 2 * value},
        violation=violation,
    )


def trial(*results: Result, trial_id: int = 0, **fields: object) -> Trial:
    return Trial(id=trial_id, params={}, results=results, **fields)  # type: ignore[arg-type]


def end(state: TrialState, value: float | None, stopped_step: float | None = None) -> TrialEnded:
    return TrialEnded(
        v=VERSION,
        at=FakeClock().now(),
        trial=0,
        state=state,
        value=value,
        metrics={} if value is None else {"a": value},
        stopped_step=stopped_step,
        measurements=1,
    )


def test_the_mean_over_seeds_counts_and_the_largest_violation() -> None:
    both = trial(result(1.0, violation=3.0), result(2.0, seed_number=1))
    assert found(both) == (1.5, {"a": 1.5, "b": 3.0}, 3.0, both.results)


def test_a_metric_that_a_launch_lacks_has_the_mean_of_the_others() -> None:
    first, second = result(1.0), result(2.0, seed_number=1)
    first = replace(first, metrics={"a": 1.0, "once": 7.0})
    assert found(trial(first, second)).metrics == {"a": 1.5, "once": 7.0, "b": 4.0}


def test_only_the_launches_with_the_last_budget_count() -> None:
    both = trial(result(1.0, budget=1), result(5.0, budget=3), stage=Stage(budget=3))
    assert found(both).value == 5.0
    assert searched_mean(both) == 5.0


def test_of_nothing_there_is_no_value_but_one_that_is_confirmed_keeps_what_it_has() -> None:
    assert found(trial(value=7.0)) == (None, {}, 0.0, ())
    assert found(trial(value=7.0, violation=1.0, stage=FRESH)).value == 7.0
    assert searched_mean(trial(value=7.0)) is None


@pytest.mark.parametrize(
    ("state", "value", "expected"),
    [(COMPLETED, 4.0, 3.0), (PRUNED, 4.0, 3.0), (STOPPED, 4.0, 2.0), (FAILED, None, None)],
)
def test_what_an_end_makes_of_the_value(
    state: TrialState, value: float | None, expected: float | None
) -> None:
    before = trial(result(2.0), value=2.0, stage=Stage(seed_number=1))
    after = judged(before, end(state, value))
    assert after.value == expected
    assert len(after.results) == (2 if expected == 3.0 else 1)


def test_one_that_a_pruner_stopped_has_the_value_it_had_then() -> None:
    after = judged(trial(), end(PRUNED, 4.0, stopped_step=9))
    assert (after.value, after.results) == (4.0, ())


def test_a_second_launch_of_the_same_stage_takes_the_place_of_the_first() -> None:
    after = judged(trial(result(2.0), value=2.0), end(COMPLETED, 5.0))
    assert (after.value, len(after.results)) == (5.0, 1)


def test_the_best_so_far_is_the_first_of_equals_and_keeps_the_constraints() -> None:
    first, second = trial(trial_id=1, value=0.5), trial(trial_id=2, value=0.5)
    assert best_so_far(None, second, PLAIN) is second
    assert best_so_far(second, first, PLAIN) is first
    assert best_so_far(first, second, PLAIN) is first
    better = trial(trial_id=3, value=0.9)
    assert best_so_far(first, better, PLAIN) is better
    assert best_so_far(first, replace(better, violation=0.1), PLAIN) is first
    minimize = replace(PLAIN, items=(replace(PLAIN.items[0], direction=Direction.MINIMIZE),))
    assert best_so_far(first, better, minimize) is first


def test_the_leader_is_the_one_that_came_furthest_before_any_completed() -> None:
    low = trial(result(9.0, budget=1), trial_id=0, value=9.0, state=PRUNED, stage=Stage(budget=1))
    high = trial(result(1.0, budget=3), trial_id=1, value=1.0, state=PRUNED, stage=Stage(budget=3))
    assert leader([low, high], PLAIN) is high
    assert leader([trial(state=FAILED), trial(trial_id=1, value=None)], PLAIN) is None
    assert leader([replace(high, violation=1.0)], PLAIN) is None
    assert leader([], PLAIN) is None


def test_how_far_trials_came_and_which_may_go_on() -> None:
    rung = trial(result(1.0, budget=3), state=PRUNED, stage=Stage(budget=3))
    seeds = trial(result(1.0), result(1.0, seed_number=1), state=PRUNED)
    stopped = replace(rung, stopped_step=2.0)
    assert [reached(one) for one in (rung, seeds, stopped)] == [3, 2, 2.0]
    assert [paused(one) for one in (rung, seeds, stopped)] == [True, True, False]
    assert [at_rung(one) for one in (rung, seeds, stopped)] == [True, False, False]
    assert waiting_at([rung, rung, seeds, replace(rung, state=COMPLETED)]) == {3: 2}


def test_a_trial_is_in_the_table_once_a_launch_of_it_has_ended() -> None:
    planned, again = trial(), trial(result(1.0), trial_id=1)
    over = trial(trial_id=2, state=FAILED)
    assert ended_once([planned, again, over]) == [again, over]
