import itertools
import sys
from typing import Any

import pytest

from automl.search.own.power import normal_by_power
from automl.search.sampler import Told
from automl.search.shown import (
    FAILED_PER_RESULT,
    with_failures_pruned,
    with_failures_worst,
    with_normal_values,
)
from automl.study.objective import Direction
from automl.study.trial import TrialState

UP, DOWN = Direction.MAXIMIZE, Direction.MINIMIZE


def told(trial_id: int, state: TrialState, value: float | None = None, **more: Any) -> Told:
    return Told(trial_id=trial_id, params={"x": trial_id}, state=state, value=value, **more)


def completed(trial_id: int, value: float, **more: Any) -> Told:
    return told(trial_id, TrialState.COMPLETED, value, **more)


FAILED = [told(trial_id, TrialState.FAILED) for trial_id in range(100, 150)]


def test_failed_trials_are_shown_to_tpe_only_beside_enough_results() -> None:
    assert with_failures_pruned(FAILED, [UP]) == []
    looks = with_failures_pruned([completed(0, 1.0), *FAILED], [UP])
    shown = [look.told.trial_id for look in looks]
    assert shown == [0, *range(150 - FAILED_PER_RESULT, 150)]
    assert [look.values for look in looks[:2]] == [(1.0,), ()]
    assert looks[1].step is None


@pytest.mark.parametrize(("direction", "worst"), [(UP, -3.0), (DOWN, 5.0)])
def test_elsewhere_failed_trials_are_as_bad_as_the_worst(
    direction: Direction, worst: float
) -> None:
    ended = [FAILED[0], completed(0, -3.0), completed(1, 5.0, violation=2.0), FAILED[1]]
    assert with_failures_worst(FAILED, [direction]) == []
    looks = with_failures_worst(ended, [direction])
    assert [look.values for look in looks] == [(worst,), (-3.0,), (5.0,), (worst,)]
    assert [look.violation for look in looks] == [2.0, 0.0, 2.0, 2.0]


def test_each_objective_has_its_own_worst() -> None:
    ended = [completed(0, 1.0, values=(1.0, 4.0)), completed(1, 2.0, values=(2.0, 3.0)), FAILED[0]]
    assert with_failures_worst(ended, [UP, DOWN])[2].values == (1.0, 4.0)


def test_pruned_trials_have_their_last_value_at_its_step() -> None:
    ended = [
        completed(0, 1.0),
        told(1, TrialState.PRUNED, 0.5, reached=7.0),
        told(2, TrialState.PRUNED, 0.25),
        told(3, TrialState.PRUNED),
        told(4, TrialState.STOPPED),
    ]
    for looks in (with_failures_pruned(ended, [UP]), with_failures_worst(ended, [UP])):
        assert [(look.told.trial_id, look.values, look.step, look.value) for look in looks] == [
            (0, (1.0,), None, 0.0),
            (1, (), 7.0, 0.5),
            (2, (), 0.0, 0.25),
        ]


def test_pruned_trials_with_several_objectives_have_no_step() -> None:
    pruned = told(1, TrialState.PRUNED, 0.5, values=(0.5, 0.25), reached=7.0)
    looks = with_failures_pruned([pruned], [UP, UP])
    assert [(look.values, look.step) for look in looks] == [((), None)]


def test_a_gaussian_process_sees_the_slope_around_the_best() -> None:
    ended = [completed(at, -(0.5**at)) for at in range(20)]
    seen = [look.values[0] for look in with_normal_values(ended, [UP])]
    steps = [after - before for before, after in itertools.pairwise(seen)]
    assert all(0 < after < before for before, after in itertools.pairwise(steps[9:]))


@pytest.mark.parametrize("ended", [[], FAILED, [told(1, TrialState.PRUNED, 0.5)]])
def test_a_gaussian_process_sees_nothing_where_there_is_no_value(ended: list[Told]) -> None:
    assert with_normal_values(ended, [UP]) == with_normal_values(ended, [UP, DOWN]) == []


def test_each_objective_is_bent_by_itself() -> None:
    values = [(float(at), 10.0 ** (at % 7)) for at in range(20)]
    ended = [completed(at, both[0], values=both) for at, both in enumerate(values)]
    seen = [look.values for look in with_normal_values(ended, [UP, DOWN])]
    assert [both[0] for both in seen] == normal_by_power([both[0] for both in values])
    assert [both[1] for both in seen] == normal_by_power([both[1] for both in values])


def test_a_gaussian_process_is_not_told_of_pruned_trials() -> None:
    ended = [completed(0, 1.0), told(1, TrialState.PRUNED, 0.5), FAILED[0], completed(2, 100.0)]
    looks = with_normal_values(ended, [UP])
    assert [look.told.trial_id for look in looks] == [0, 100, 2]
    assert looks[0].values == looks[1].values < looks[2].values


def test_a_gaussian_process_is_told_of_violations_in_a_scale_that_it_can_compute_with() -> None:
    amounts = [0.0, sys.float_info.max, 3.0, 0.0, 3.0, 1e-9]
    ended = [completed(at, 1.0, violation=amount) for at, amount in enumerate(amounts)]
    shares = [look.violation for look in with_normal_values(ended, [UP])]
    assert shares == [0.0, 1.0, pytest.approx(5 / 6), 0.0, pytest.approx(5 / 6), 0.5]
