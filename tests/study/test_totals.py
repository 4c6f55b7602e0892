"""What has come of a study, in a few values."""

from automl.space.parameters import Real
from automl.space.space import SearchSpace
from automl.study.objective import Direction, Objective, Objectives
from automl.study.ranking.totals import BestValue, totals_of
from automl.study.trial import Trial, TrialState

SPACE = SearchSpace((Real(name="x", min_value=0.0, max_value=1.0),))
LOSS = Objectives((Objective(metric="loss", direction=Direction.MINIMIZE),))


def trial(id_: int, state: TrialState, value: float | None = None, x: float = 0.5) -> Trial:
    return Trial(id=id_, params={"x": x}, state=state, value=value)


def test_trials_are_counted_and_the_best_is_named() -> None:
    trials = [
        trial(0, TrialState.COMPLETED, 2.0),
        trial(1, TrialState.COMPLETED, 1.0),
        trial(2, TrialState.COMPLETED, 0.5, x=3.0),
        trial(3, TrialState.FAILED),
        trial(4, TrialState.RUNNING),
        trial(5, TrialState.STOPPED, 0.1),
    ]
    told = totals_of(trials, LOSS, SPACE)
    assert (told.trials, told.ended, told.failed, told.metric) == (6, 5, 1, "loss")
    assert told.best == BestValue(trial=1, value=1.0)
    # Without a space, none is outside of it.
    assert totals_of(trials, LOSS, None).best == BestValue(trial=2, value=0.5)


def test_without_a_value_there_is_no_best() -> None:
    assert totals_of([trial(0, TrialState.FAILED)], LOSS, SPACE).best is None
    assert totals_of([], LOSS, SPACE).trials == 0
