"""What stopping trials early, or promoting only the best, has saved."""

from collections.abc import Iterable
from statistics import median

from automl.study.budget import Budget
from automl.study.trial import Purpose, Trial, TrialState


def time_saved(trials: Iterable[Trial]) -> tuple[int, float, float]:
    """Return how many trials were stopped early, and the seconds that this saved, of how many.

    A stopped trial is taken to have needed the median time of those that completed; what one that
    ran longer than that would have needed is not known, and nothing is counted for it.

    Returns:
        The number of trials, the seconds saved, and the seconds that all would have taken.
    """
    listed = list(trials)
    stopped = [one.duration_s or 0.0 for one in listed if one.stopped_step is not None]
    whole = [
        one.duration_s
        for one in listed
        if one.state is TrialState.COMPLETED and one.duration_s is not None
    ]
    usual = median(whole) if whole else 0.0
    saved = sum(max(0.0, usual - lasted) for lasted in stopped)
    return len(stopped), saved, saved + sum(stopped) + sum(whole)


def budget_spent(
    trials: Iterable[Trial], budget: Budget, *, continued: bool
) -> tuple[float, float]:
    """Return the budget that launches used, and what it would be if each trial had it all.

    Only launches of the search that ran to their end count.

    Args:
        trials: in any state.
        budget: the study's.
        continued: whether a launch goes on from what the one before it left, and so uses only the
            difference.
    """
    spent, count = 0.0, 0
    for trial in trials:
        stages = [one.stage for one in trial.results if one.stage.purpose is Purpose.SEARCH]
        count += bool(stages)
        before = [stage.previous_budget if continued else 0 for stage in stages]
        spent += sum(stage.budget or 0 for stage in stages) - sum(before)
    return spent, count * budget.max
