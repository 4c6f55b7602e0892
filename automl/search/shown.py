"""How what was told of a trial is put to a model: completed, pruned or left out."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from automl.search.own.elite import result
from automl.search.own.power import normal_by_power
from automl.search.sampler import Told
from automl.study.objective import Direction
from automl.study.trial import TrialState

FAILED_PER_RESULT = 9
"""TPE is shown so many failed trials for each one with a result.

It takes the best tenth of what it is shown, and at least one trial, for good. With more failed
trials than this some of them would be among the good ones.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How one ended trial looks to a model.

    Attributes:
        told: the trial.
        values: its values, one for each objective; empty: pruned.
        step: the step at which a pruned trial had `value`, None if it is unknown.
        value: the last value of a pruned trial.
        violation: by how much it breaks the constraints.
    """

    told: Told
    values: tuple[float, ...] = ()
    step: float | None = None
    value: float = 0.0
    violation: float = 0.0


Looks: TypeAlias = Callable[[Sequence[Told], Sequence[Direction]], list[Shown]]
"""From the ended trials and the directions to how they look."""


def with_failures_pruned(ended: Sequence[Told], directions: Sequence[Direction]) -> list[Shown]:
    """Show failed trials as pruned without a value, which TPE ranks behind all others.

    Only the newest `FAILED_PER_RESULT` of them for each trial with a result.
    """
    looks = [_look(told, directions) for told in ended]
    good = sum(look is not None for look in looks)
    failed = [told for told in ended if told.state is TrialState.FAILED]
    few = {told.trial_id for told in failed[max(0, len(failed) - FAILED_PER_RESULT * good) :]}
    return [
        look or Shown(told=told, violation=float("inf"))
        for told, look in zip(ended, looks, strict=True)
        if look is not None or told.trial_id in few
    ]


def with_failures_worst(ended: Sequence[Told], directions: Sequence[Direction]) -> list[Shown]:
    """Show failed trials as completed with the worst values seen; none until there is a value."""
    looks = [_look(told, directions) for told in ended]
    complete = [look for look in looks if look is not None and look.values]
    if not complete:
        return []
    worst = tuple(
        (min if direction is Direction.MAXIMIZE else max)(look.values[at] for look in complete)
        for at, direction in enumerate(directions)
    )
    violation = max(look.violation for look in complete)
    return [
        look or Shown(told=told, values=worst, violation=violation)
        for told, look in zip(ended, looks, strict=True)
        if look is not None or told.state is TrialState.FAILED
    ]


def with_normal_values(ended: Sequence[Told], directions: Sequence[Direction]) -> list[Shown]:
    """Show values bent so that they scatter normally, failed trials as the worst; none at first.

    A Gaussian process expects values that scatter normally. A power makes them so, whatever their
    scale or outliers, and leaves the slope around the best, which the model climbs at the end.
    Ranks, which set the best ones far apart, kept it from climbing there: after 100 trials they
    left a regret of 0.9 on Branin's function, 1.2 on Rosenbrock's and 37 on Ackley's, this leaves
    0.0, 0.1 and 16 (means of 2 seeds). Violations, of which one may be the largest float, become
    the share of trials that violate no more, those without stay 0.
    """
    looks = with_failures_worst(ended, directions)
    complete = [look for look in looks if look.values]
    if not complete:
        return []
    columns = [
        normal_by_power([look.values[at] for look in complete]) for at in range(len(directions))
    ]
    violations = sorted(look.violation for look in complete)
    return [
        Shown(
            told=look.told,
            values=values,
            violation=look.violation and bisect_right(violations, look.violation) / len(violations),
        )
        for look, values in zip(complete, zip(*columns, strict=True), strict=True)
    ]


def _look(told: Told, directions: Sequence[Direction]) -> Shown | None:
    values = result(told, len(directions))
    if told.state is TrialState.COMPLETED:
        return Shown(told=told, values=values, violation=told.violation) if values else None
    if not values:
        return None
    step = (told.reached or 0.0) if len(directions) == 1 else None
    return Shown(told=told, step=step, value=values[0], violation=told.violation)
