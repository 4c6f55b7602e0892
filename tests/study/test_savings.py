from typing import Any

import pytest

from automl.study.budget import Budget
from automl.study.ranking.savings import budget_spent, time_saved
from automl.study.trial import Purpose, Result, Stage, Trial, TrialState

COMPLETED, PRUNED = TrialState.COMPLETED, TrialState.PRUNED
EPOCHS = Budget(name="epochs", min=1, max=9)


def lasted(seconds: float | None, state: TrialState = COMPLETED, **more: Any) -> Trial:
    return Trial(id=0, params={}, state=state, duration_s=seconds, **more)


def stopped(seconds: float | None) -> Trial:
    return lasted(seconds, PRUNED, stopped_step=1.0)


def launched(*budgets: tuple[float, float], purpose: Purpose = Purpose.SEARCH) -> Trial:
    """A trial that ran to these budgets, each from the one before it."""
    stages = [
        Stage(budget=budget, previous_budget=before, purpose=purpose) for before, budget in budgets
    ]
    return Trial(id=0, params={}, results=tuple(Result(stage=one, value=1.0) for one in stages))


@pytest.mark.parametrize(
    ("trials", "expected"),
    [
        ([], (0, 0.0, 0.0)),
        ([lasted(10.0), lasted(None), lasted(30.0)], (0, 0.0, 40.0)),
        ([lasted(10.0), lasted(20.0), lasted(30.0), stopped(5.0)], (1, 15.0, 80.0)),
        ([lasted(10.0), stopped(25.0), stopped(4.0)], (2, 6.0, 45.0)),
        ([stopped(5.0), stopped(None)], (2, 0.0, 5.0)),
        ([lasted(10.0), lasted(3.0, TrialState.FAILED), lasted(3.0, PRUNED)], (0, 0.0, 10.0)),
    ],
)
def test_a_stopped_trial_saves_what_is_missing_to_the_median(
    trials: list[Trial], expected: tuple[int, float, float]
) -> None:
    assert time_saved(trials) == expected


def test_a_launch_that_goes_on_uses_the_difference() -> None:
    trials = [launched((0, 1), (1, 3), (3, 9)), launched((0, 1))]
    assert budget_spent(trials, EPOCHS, continued=True) == (10, 18)
    assert budget_spent(trials, EPOCHS, continued=False) == (14, 18)


def test_only_launches_of_the_search_that_ended_well_count() -> None:
    again = launched((0, 9), purpose=Purpose.CONFIRM)
    failed = lasted(3.0, TrialState.FAILED)
    assert budget_spent([again, failed], EPOCHS, continued=True) == (0, 0)
