"""What reading a launch anew gives, and what the journal alone gives of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from automl.engine.outcome import Outcome
from automl.journal.events import Measured
from automl.journal.fold import ranking_metric
from automl.journal.told.standing import Series
from automl.loop.rereading.left_launch import LeftLaunch
from automl.study.launch import Exit
from automl.study.records.identity import numbers_of
from automl.study.spec import StudySpec
from automl.study.tasks.task import metrics_read


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnew:
    """What reading a launch anew gives.

    Attributes:
        outcome: how it ended, by its new numbers; None where its files were not kept.
        series: its measurements; None where those that the journal has are still right.
    """

    outcome: Outcome | None = None
    series: list[Series] | None = None


NOT_KEPT = ReadAnew(series=[])


def known_of(left: LeftLaunch, spec: StudySpec, before: Mapping[str, Any]) -> ReadAnew | None:
    """Return what the journal tells of a launch where no number of it can be another; else None.

    So it is where another direction or constraint is given to the same metrics.

    Args:
        left: the launch.
        spec: the study as it is described now.
        before: the readings by which its trial was read last.
    """
    now = spec.readings()
    numbers, known = numbers_of(now), numbers_of(before)
    needed = spec.objectives.metrics
    same = all(name in known and numbers[name] == known[name] for name in needed)
    if not same or ranking_metric(before) != ranking_metric(now):
        return None
    trial, end = left.trial, left.result or left.trial
    if not left.had_value:
        failed = Outcome(exit=Exit(code=0), problem=trial.reason, output=trial.output)
        return ReadAnew(outcome=failed)
    value = math.nan if end.value is None else end.value
    finals = dict(end.metrics) or {needed[0]: value}
    if not finals.keys() >= set(needed):
        return None
    outcome = Outcome(
        exit=Exit(code=0),
        value=spec.objectives.score(finals),
        metrics=finals if len(finals) > 1 else {},
        alone=len(needed) == 1,
        violation=spec.objectives.violation(finals),
        measurements=trial.measurements,
    )
    return ReadAnew(outcome=outcome)


def further_as_before(spec: StudySpec, before: Mapping[str, Any]) -> bool:
    """Tell whether metrics on which no result depends are read as they were.

    Args:
        spec: the study as it is described now.
        before: the readings by which a trial was read last.
    """
    numbers, known = numbers_of(spec.readings()), numbers_of(before)
    further = set(metrics_read(spec.objectives, spec.tasks)) - set(spec.objectives.metrics)
    return all(name in known and numbers[name] == known[name] for name in further)


def with_further(known: ReadAnew, read: ReadAnew) -> ReadAnew:
    """Return what the journal tells of a launch, with what was read of other metrics besides."""
    if known.outcome is None or read.outcome is None:
        return known
    value = known.outcome.value
    ranked = known.outcome.metrics or dict.fromkeys(list(read.outcome.metrics)[:1], value)
    metrics = {**read.outcome.metrics, **ranked}
    return replace(read, outcome=replace(known.outcome, metrics=metrics))


def series_of(event: Measured) -> Series:
    """Return the measurements of an event."""
    return Series(
        metric=event.metric, steps=event.steps, values=event.values, reported=event.reported
    )
