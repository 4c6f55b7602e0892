"""How far a study on disk is, in the values that a live view shows."""

from collections.abc import Sequence
from datetime import datetime

from automl.engine.timing.remaining import remaining_s
from automl.journal.folder import StudyFolder
from automl.journal.snapshot import StudySnapshot
from automl.show.progress import Progress, RunningTrial
from automl.studies.spec_from import spec_from
from automl.studies.study_file.reading import read_study_file
from automl.study.limits import known_limit
from automl.study.noise import Noise
from automl.study.ranking.rank import has_value, inside, leader, rank
from automl.study.ranking.reached import waiting_at
from automl.study.spec import StudySpec
from automl.study.trial import Trial, TrialState

_LEADERS = 10


def spec_on_disk(folder: StudyFolder) -> StudySpec:
    """Return what a study is, by the description in its folder.

    Raises:
        SpecError: the description cannot be read.
    """
    return spec_from(*read_study_file(folder.spec))


def progress_of(spec: StudySpec, state: StudySnapshot, at: datetime, hint: str = "") -> Progress:
    """Return how far a study is.

    Args:
        spec: what it is.
        state: what its journal tells; limits that were asked for since are in it.
        at: the time.
        hint: what the user may do now.
    """
    trials = list(state.trials.values())
    ended = [one for one in trials if one.state.finished]
    running = tuple(_running(one, at) for one in trials if one.state.launched)
    ranked = _ranked(trials, spec)
    total = _total(spec, state)
    return Progress(
        spec=spec,
        done=len(ended),
        total=total,
        failed=sum(one.state is TrialState.FAILED for one in ended),
        completed=sum(one.state is TrialState.COMPLETED for one in ended),
        waiting=waiting_at(trials) if spec.ladder else {},
        running=running,
        best=ranked[0] if ranked else leader(inside(trials, spec.space), spec.objectives),
        leaders=tuple(ranked[:_LEADERS]),
        elapsed_s=(at - state.latest.at).total_seconds() if state.latest else 0.0,
        left_s=remaining_s(
            mean_s=_mean_s(spec, ended),
            to_start=None if total is None else max(0, total - len(ended) - len(running)),
            running_s=[one.elapsed_s for one in running],
            max_parallel=state.max_parallel or spec.limits.max_parallel,
        ),
        note=state.closed.reason if state.closed else "",
        hint=hint,
    )


def _total(spec: StudySpec, state: StudySnapshot) -> int | None:
    most = state.max_trials or spec.limits.max_trials
    size = spec.combination_count
    return known_limit(most if size is None else min(most, size))


def _running(trial: Trial, at: datetime) -> RunningTrial:
    elapsed_s = (at - trial.started_at).total_seconds() if trial.started_at else 0.0
    return RunningTrial(
        id=trial.id,
        params=trial.params,
        stage=trial.stage,
        source=trial.source,
        elapsed_s=max(elapsed_s, 0.0),
        value=trial.newest,
        measurements=trial.measurements,
    )


def _ranked(trials: Sequence[Trial], spec: StudySpec) -> list[Trial]:
    """Return the completed trials that keep the constraints, best first."""
    usable = [
        one
        for one in inside(trials, spec.space)
        if one.state is TrialState.COMPLETED and has_value(one) and one.violation <= 0
    ]
    return rank(usable, spec.objectives)


def _mean_s(spec: StudySpec, ended: Sequence[Trial]) -> float | None:
    """Return how long trials take; None where nobody knows how often they are launched again."""
    if spec.ladder or spec.noise != Noise():
        return None
    known = [one.duration_s for one in ended if one.duration_s is not None]
    return sum(known) / len(known) if known else None
