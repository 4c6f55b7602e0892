"""The trials of an earlier study, as rows that a new one may learn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from automl.errors import SpecError
from automl.inside.ranges import Range
from automl.registry import did_you_mean
from automl.studies.view import StudyView
from automl.study.objective import METRIC, Objectives
from automl.study.trial import TrialState


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One earlier trial.

    Attributes:
        params: its values by name, as they were found.
        ranges: with which ranges it asked for its values, where its study learnt the space.
        finals: the numbers that count by metric, as they were found.
        left_out: why it does not count, empty if it does.
    """

    params: Mapping[str, object] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    finals: Mapping[str, object] = field(default_factory=dict)
    left_out: str = ""


def trial_rows(what: str, source: Any, objectives: Objectives) -> list[Row]:  # noqa: ANN401 - any with `.trials`
    """Return the rows of a study: automl's or Optuna's, or anything else with `.trials`.

    Only trials that completed count, and of those with budgets only those with the largest.

    Raises:
        SpecError: what the study improves is not what `objectives` say.
    """
    renamed = _agreed(what, source, objectives)
    trials = list(source.trials)
    budgets = [trial.stage.budget for trial in trials if getattr(trial, "stage", None)]
    largest = max((budget for budget in budgets if budget is not None), default=None)
    return [
        Row(left_out=why)
        if (why := _why_not(trial, largest))
        else Row(
            params=trial.params,
            ranges=getattr(trial, "ranges", {}),
            finals=_finals(trial, objectives, renamed),
        )
        for trial in trials
    ]


def _agreed(what: str, source: Any, objectives: Objectives) -> Mapping[str, str]:  # noqa: ANN401
    """Return how the source calls each metric; SpecError if it searched for something else."""
    if not isinstance(source, StudyView):
        _check_directions(what, getattr(source, "directions", ()), objectives)
        return {}
    theirs = source._snapshot().objectives  # noqa: SLF001 - of this room
    known = {one.metric: one for one in theirs.items}
    if len(known) == 1 and len(objectives.items) == 1:
        mine, other = objectives.items[0].metric, theirs.items[0].metric
        if METRIC in {mine, other}:  # one of the two was never named
            known[mine] = theirs.items[0]
    for one in objectives.items:
        if one.metric not in known:
            raise SpecError(
                f"warm_start: {what} has no objective {one.metric!r}"
                f"{did_you_mean(one.metric, known)}; it has {', '.join(known)}"
            )
        if known[one.metric].direction is not one.direction:
            found_one = f"{known[one.metric].direction} {known[one.metric].metric}"
            raise SpecError(_other(what, found_one, f"{one.direction} {one.metric}"))
    return {one.metric: known[one.metric].metric for one in objectives.items}


def _check_directions(what: str, theirs: Iterable[Any], objectives: Objectives) -> None:
    """Check the directions of Optuna's study, or of anything else that tells them."""
    found = [str(getattr(one, "name", one)).lower() for one in theirs]
    wanted = [str(one.direction) for one in objectives.items]
    if found and found != wanted:
        raise SpecError(_other(what, ", ".join(found), ", ".join(wanted)))


def _other(what: str, found: str, wanted: str) -> str:
    return (
        f"warm_start: {what} searched to {found}, this study is to {wanted}; leave it out, or give "
        "both the same direction"
    )


def _finals(trial: Any, objectives: Objectives, renamed: Mapping[str, str]) -> dict[str, object]:  # noqa: ANN401
    metrics = dict(getattr(trial, "metrics", {}))
    names = [one.metric for one in objectives.items]
    if metrics:
        return {name: metrics.get(renamed.get(name, name)) for name in names}
    values = getattr(trial, "values", None) or [getattr(trial, "value", None)]
    return dict(zip(names, values, strict=False))


def _why_not(trial: Any, largest: float | None) -> str:  # noqa: ANN401
    state = trial.state
    if str(state) != TrialState.COMPLETED and getattr(state, "name", "") != "COMPLETE":
        return "not completed"
    return "" if largest is None or trial.stage.budget == largest else "with a smaller budget"
