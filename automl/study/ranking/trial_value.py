"""What the launches of a trial found together: its value, metrics and violation."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from automl.study.ranking.mean import mean_of
from automl.study.trial import Purpose, Result, Trial, TrialState, changed

_WHOLE = frozenset({TrialState.COMPLETED, TrialState.PRUNED})


class Found(NamedTuple):
    """What counts of a trial.

    Attributes:
        value: the number that ranks it, None where there is none; the mean over its seeds.
        metrics: the number that counts of each metric; means over its seeds.
        violation: by how much it breaks the constraints, the most of its seeds.
        results: what each launch that ran to its end gave.
    """

    value: float | None
    metrics: Mapping[str, float]
    violation: float
    results: tuple[Result, ...]


class LaunchEnd(Protocol):
    """How a launch ended, and what it gave."""

    @property
    def state(self) -> TrialState:
        """What it makes of its trial."""
        ...

    @property
    def value(self) -> float | None:
        """The number that counts of it."""
        ...

    @property
    def metrics(self) -> Mapping[str, float]:
        """The number that counts of each metric."""
        ...

    @property
    def violation(self) -> float:
        """By how much it breaks the constraints."""
        ...

    @property
    def stopped_step(self) -> float | None:
        """The step at which a pruner stopped it, None if none did."""
        ...

    @property
    def duration_s(self) -> float | None:
        """How long it took."""
        ...


def judged(trial: Trial, end: LaunchEnd) -> Found:
    """Return what counts of a trial once a launch of it has ended.

    One that did not run to its end changes nothing of what launches before it found, but that a
    failure leaves no value at all, and that one stopped by a pruner has the value it had then.
    """
    whole = end.state in _WHOLE and end.stopped_step is None
    if end.value is None or not whole:
        keeps = trial.results and end.state in {TrialState.COMPLETED, TrialState.STOPPED}
        if keeps or trial.confirms:
            return found(trial)
        return Found(end.value, end.metrics, end.violation, trial.results)
    result = Result(
        stage=trial.stage,
        value=end.value,
        metrics=end.metrics,
        violation=end.violation,
        duration_s=end.duration_s,
        attempt=trial.attempts,
    )
    others = [one for one in trial.results if one.stage != trial.stage]
    return found(changed(trial, results=(*others, result)))


def found(trial: Trial) -> Found:
    """Return what counts of a trial by the launches that ran to their end.

    A trial with several seeds has the means over those that count, and the largest violation. One
    that is confirmed while none counts is left as it is: what the search saw of it before it was
    stopped stays until a confirming launch has run to its end.
    """
    alike = trial.counted
    if not alike:
        if trial.confirms:
            return Found(trial.value, trial.metrics, trial.violation, trial.results)
        return Found(None, {}, 0.0, trial.results)
    return Found(
        _mean([one.value for one in alike]),
        _mean_metrics([one.metrics for one in alike]),
        max(one.violation for one in alike),
        trial.results,
    )


def searched_mean(trial: Trial) -> float | None:
    """Return the mean that the search found with as much budget as counts, None if it found none.

    What it found of a trial with less budget says nothing beside a confirming launch.
    """
    alike = [one.value for one in trial.counted if one.stage.purpose is Purpose.SEARCH]
    return mean_of(alike) if alike else None


def _mean_metrics(found: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of each metric; of one that some launches lack, over those that have it.

    So it may be with metrics that no result depends on.
    """
    names = dict.fromkeys(name for one in found for name in one)
    return {name: _mean([one[name] for one in found if name in one]) for name in names}


def _mean(values: Sequence[float]) -> float:
    """Return the mean without the last digits, which say nothing; one value as it is."""
    if len(values) == 1:
        return values[0]
    return float(f"{mean_of(values):.12g}")
