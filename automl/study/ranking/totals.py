"""What has come of a study, in a few values for who lists many studies."""

from collections.abc import Iterable
from dataclasses import dataclass

from automl.space.space import SearchSpace
from automl.study.objective import Objectives
from automl.study.ranking.rank import best, inside
from automl.study.trial import Trial, TrialState


@dataclass(frozen=True, slots=True, kw_only=True)
class BestValue:
    """The best trial of a study.

    Attributes:
        trial: its id.
        value: the number that ranks it.
    """

    trial: int
    value: float

    def __str__(self) -> str:
        return f"{self.value:.6g} (trial {self.trial})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What has come of a study.

    Attributes:
        trials: how many there are.
        ended: how many of them ended.
        failed: how many of these failed.
        metric: what they are ranked by.
        best: the best one, None if none has a value.
    """

    trials: int
    ended: int
    failed: int
    metric: str
    best: BestValue | None = None


def totals_of(trials: Iterable[Trial], objectives: Objectives, space: SearchSpace | None) -> Totals:
    """Return what has come of a study.

    Args:
        trials: all of them.
        objectives: what they are ranked by.
        space: no trial outside is the best; None if it is not known.
    """
    listed = list(trials)
    first = best(inside(listed, space), objectives)
    found = None
    if first is not None and first.value is not None:
        found = BestValue(trial=first.id, value=first.value)
    return Totals(
        trials=len(listed),
        ended=sum(one.state.finished for one in listed),
        failed=sum(one.state is TrialState.FAILED for one in listed),
        metric=objectives.name,
        best=found,
    )
