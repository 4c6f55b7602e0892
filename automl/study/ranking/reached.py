"""How far trials came that did not complete, and which of them may go on."""

from collections import Counter
from collections.abc import Iterable, Mapping

from automl.study.trial import Trial, TrialState

GIVEN_UP = "given up"
"""How the reason begins of a trial that gets no more seeds, as it can hardly be the best."""


def budget_reached(trial: Trial) -> int | float | None:
    """Return the largest budget of the launches that ended well, None where there is none."""
    budgets = [one.stage.budget for one in trial.results if one.stage.budget is not None]
    return max(budgets, default=None)


def reached(trial: Trial) -> float:
    """Return how far a trial came that did not complete: a step, a budget or a number of seeds."""
    if trial.stopped_step is not None:
        return trial.stopped_step
    budgets = [one.stage.budget for one in trial.counted if one.stage.budget is not None]
    return max(budgets, default=len(trial.counted))


def paused(trial: Trial) -> bool:
    """Tell whether a trial waits at a rung or between two seeds, for good or not."""
    open_end = trial.state is TrialState.PRUNED and trial.stopped_step is None
    return open_end and not trial.confirms


def at_rung(trial: Trial) -> bool:
    """Tell whether a trial may go on with more of its budget."""
    return paused(trial) and trial.stage.budget is not None


def waiting_at(trials: Iterable[Trial]) -> Mapping[float, int]:
    """Return how many trials ended with each budget but may have more of it."""
    return Counter(
        one.stage.budget
        for one in trials
        if one.state is TrialState.PRUNED and one.stage.budget is not None
    )
