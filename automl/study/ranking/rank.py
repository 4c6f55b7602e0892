"""Which trial is better than which: one total order over trials in any state."""

import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from automl.space.space import SearchSpace
from automl.study.objective import Objectives
from automl.study.ranking.confirmation import confirmed_mean
from automl.study.ranking.fronts import front_numbers
from automl.study.ranking.reached import budget_reached
from automl.study.trial import Purpose, Trial, TrialState

_Place: TypeAlias = tuple[int, float, float, int, tuple[float, ...], int]
"""Group, violation, budget reached, front, values, id: what comes first is lower."""

_COMPLETED, _OPEN, _INFEASIBLE, _OPEN_INFEASIBLE, _FAILED, _NO_VALUE = range(6)


def rank(trials: Iterable[Trial], objectives: Objectives) -> list[Trial]:
    """Return every trial, best first.

    1. completed with finite values (also while they are confirmed), and all constraints kept:
       with one ranked value, those confirmed with fresh seeds first, by their confirmed mean,
       then the others by their value; with several objectives front by front, and by the first
       objective (then the next) within a front;
    2. not completed but with a finite value (pruned, stopped, still running): those that reached
       a larger budget first, then by value;
    3. the same two again for trials that break a constraint, by how much they do;
    4. failed, whatever they printed before;
    5. all others, which have no value.

    Ties, and all of the last two groups, go by id. Of equal ids the first given stays first.
    """
    listed = list(trials)
    numbers = fronts(listed, objectives)
    places = [
        _place(trial, objectives, number or 0)
        for trial, number in zip(listed, numbers, strict=True)
    ]
    return [listed[index] for index in sorted(range(len(listed)), key=places.__getitem__)]


def inside(trials: Iterable[Trial], space: SearchSpace | None) -> list[Trial]:
    """Return the trials that are combinations of a space; all where it is not known.

    The space may have changed since the others were planned. They stay in the table, but none of
    them is the best: it could not be proposed any more.
    """
    return [trial for trial in trials if space is None or space.contains(trial.params)]


def inside_first(
    trials: Iterable[Trial], objectives: Objectives, space: SearchSpace | None
) -> tuple[list[Trial], list[Trial]]:
    """Return the trials of a space and those outside, both best first."""
    listed = list(trials)
    within = inside(listed, space)
    ids = {trial.id for trial in within}
    outside = [trial for trial in listed if trial.id not in ids]
    return rank(within, objectives), rank(outside, objectives)


def best(trials: Iterable[Trial], objectives: Objectives) -> Trial | None:
    """Return the best completed trial that keeps the constraints, None while there is none.

    Takes one pass; equals the first of `rank` if that one is completed and keeps the constraints.
    With several objectives it is the one that is best in the first.
    """
    candidates = (trial for trial in trials if _group(trial, objectives) == _COMPLETED)
    return min(candidates, key=lambda trial: _place(trial, objectives), default=None)


def leader(trials: Iterable[Trial], objectives: Objectives) -> Trial | None:
    """Return the first of `rank` if it has a value and keeps the constraints, else None.

    Before any trial has completed, it is the best of those that came furthest.
    """
    listed = list(trials)
    first = rank(listed, objectives)[0] if listed else None
    good = first is not None and has_value(first) and first.violation <= 0
    return first if good else None


def best_so_far(best: Trial | None, trial: Trial, objectives: Objectives) -> Trial | None:
    """Return the better of the best trial until now and one that has just completed.

    By what the search found, and by the first objective where there are several. One that breaks a
    constraint never is the best, nor one whose value is not what the search found: a default that
    went no further and was confirmed all the same. Of equals it is the first.
    """
    found_here = all(one.stage.purpose is Purpose.SEARCH for one in trial.counted)
    if trial.value is None or trial.violation > 0 or not found_here:
        return best
    if best is None or best.value is None:
        return trial
    if trial.value == best.value:
        return trial if trial.id < best.id else best
    return trial if objectives.direction.better(trial.value, best.value) else best


def fronts(trials: Sequence[Trial], objectives: Objectives) -> list[int | None]:
    """Return for each trial the number of its front, from 1; None where there is no such thing.

    Only completed trials that keep the constraints are compared, and only where several
    objectives are. 1 means that no other trial is as good in every objective and better in one.
    """
    numbers: list[int | None] = [None] * len(trials)
    if not objectives.single:
        places = [
            index for index, trial in enumerate(trials) if _group(trial, objectives) == _COMPLETED
        ]
        points = [_gains(trials[index], objectives) for index in places]
        for index, number in zip(places, front_numbers(points), strict=True):
            numbers[index] = number
    return numbers


def front_of(trials: Iterable[Trial], objectives: Objectives) -> list[Trial]:
    """Return the trials that no other one dominates, in the order of `rank`.

    Where one value ranks, it is the best trial alone.
    """
    if objectives.single:
        found = best(trials, objectives)
        return [] if found is None else [found]
    ranked = rank(trials, objectives)
    numbers = fronts(ranked, objectives)
    return [trial for trial, number in zip(ranked, numbers, strict=True) if number == 1]


def ended_once(trials: Iterable[Trial]) -> list[Trial]:
    """Return the trials of which a launch has ended, so that there is something to say of them."""
    return [trial for trial in trials if trial.state.finished or trial.results]


def has_value(trial: Trial) -> bool:
    """Tell whether the trial's value is a finite number."""
    return trial.value is not None and math.isfinite(trial.value)


def _place(trial: Trial, objectives: Objectives, front: int = 0) -> _Place:
    group = _group(trial, objectives)
    if group >= _FAILED or trial.value is None:
        return group, 0.0, 0.0, 0, (), trial.id
    violation = 0.0
    if group >= _INFEASIBLE:
        violation = math.inf if math.isnan(trial.violation) else trial.violation
    if group in {_OPEN, _OPEN_INFEASIBLE}:
        loss = -trial.value * objectives.direction.sign
        return group, violation, -(budget_reached(trial) or 0.0), 0, (loss,), trial.id
    confirmed = confirmed_mean(trial) if objectives.single else None
    if confirmed is not None:
        loss = -confirmed * objectives.direction.sign
        return group, violation, 0.0, -1, (loss,), trial.id
    losses = tuple(-gain for gain in _gains(trial, objectives))
    return group, violation, 0.0, front, losses, trial.id


def _gains(trial: Trial, objectives: Objectives) -> tuple[float, ...]:
    """Return the trial's value of each objective, larger being better."""
    if objectives.single:
        values: tuple[float | None, ...] = (trial.value,)
    else:
        values = objectives.values(trial.metrics)
    return tuple(
        (math.nan if value is None else value) * direction.sign
        for value, direction in zip(values, objectives.directions, strict=True)
    )


def _complete(trial: Trial) -> bool:
    """Tell whether a trial's value is that of a whole training, also while it is confirmed.

    It is not with a default that the search stopped early, before a confirming launch is over.
    """
    if not trial.confirms:
        return trial.state is TrialState.COMPLETED
    whole = any(one.stage.budget == trial.stage.budget for one in trial.counted)
    return whole and trial.state is not TrialState.PRUNED


def _group(trial: Trial, objectives: Objectives) -> int:
    if trial.state is TrialState.FAILED:
        return _FAILED
    if not has_value(trial):
        return _NO_VALUE
    keeps = trial.violation <= 0
    if not _complete(trial):
        return _OPEN if keeps else _OPEN_INFEASIBLE
    # A single value is one that it has.
    if not objectives.single and not all(map(math.isfinite, _gains(trial, objectives))):
        return _NO_VALUE
    return _COMPLETED if keeps else _INFEASIBLE
