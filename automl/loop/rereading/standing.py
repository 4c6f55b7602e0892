"""How a trial stands by what its launches give once they are read anew."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from automl.engine.outcome import Outcome
from automl.engine.relaunches import reached_by
from automl.journal.fold import read_anew
from automl.journal.told.standing import Series, Standing
from automl.loop.rereading.left_launch import LeftLaunch, left_by
from automl.loop.rereading.read_anew import ReadAnew
from automl.study.failure import FailureClass
from automl.study.ranking.trial_value import Found, found
from automl.study.spec import StudySpec
from automl.study.trial import EndedLaunch, Purpose, Result, Stage, Trial, TrialState

BY_EARLIER_METRIC = " (judged by the metric as it was read before)"
"""Said of a trial that a pruner stopped before it was read anew."""


@dataclass(slots=True)
class _Launches:
    """What the launches of a trial give.

    Attributes:
        results: of those that ran to their end and have a number.
        without_number: those that ran to their end and have none, or were not looked at.
        broken: the one of the search that ended well without a number, and its outcome.
        lost: the one of the search that must run again, as what it left was not kept.
        unconfirmed: whether that is so of one that confirmed.
        cut: the outcome of the one that was stopped.
        series: the measurements of the last one.
        measurements: how many it printed; None if none was read.
    """

    results: list[Result] = field(default_factory=list)
    without_number: list[EndedLaunch] = field(default_factory=list)
    broken: tuple[LeftLaunch, Outcome] | None = None
    lost: LeftLaunch | None = None
    unconfirmed: bool = False
    cut: Outcome | None = None
    series: list[Series] | None = None
    measurements: int | None = None

    def take(self, left: LeftLaunch, anew: ReadAnew, *, needed: bool) -> None:
        """Take in what a launch gives; without one that is not `needed`, the trial stays whole."""
        outcome = anew.outcome
        self.series = anew.series
        if outcome is None:
            self.unconfirmed |= left.confirms
            if needed and not left.confirms:
                self.lost = left
            return
        self.measurements = outcome.measurements
        if left.cut:
            self.cut = outcome
        elif outcome.usable_value is not None:
            self.results.append(_result(left, outcome))
        elif not left.confirms:
            self.broken = left, outcome


def standing_of(
    trial: Trial, spec: StudySpec, read: Callable[[LeftLaunch], ReadAnew]
) -> Standing | None:
    """Return how a trial stands by what its launches give, None if that is as before.

    Args:
        trial: the trial.
        spec: the study as it is described now.
        read: gives what a launch left.
    """
    launches = _launches(trial, spec, read)
    standing = _standing(trial, spec, launches)
    if not trial.state.launched and standing.series is None:
        same = read_anew(trial, standing) == replace(trial, newest=None)
        return None if same else standing
    return standing


def _launches(trial: Trial, spec: StudySpec, read: Callable[[LeftLaunch], ReadAnew]) -> _Launches:
    left, taken = left_by(trial), _Launches()
    last_search = [one for one in left if not one.confirms][-1:]
    for one in left:
        if taken.broken or taken.lost:
            break
        # Of the rungs of a ladder, the last one ranks.
        taken.take(one, read(one), needed=spec.ladder is None or one in last_search)
    numbered = {one.attempt for one in taken.results}
    taken.without_number = [
        one.ended for one in left if not one.cut and one.attempt not in numbered
    ]
    return taken


def _standing(trial: Trial, spec: StudySpec, launches: _Launches) -> Standing:
    state, results = trial.state, tuple(launches.results)
    crashed = state is TrialState.FAILED and trial.failure is not FailureClass.NO_METRIC
    if crashed:
        return _standing_with(trial, launches, Found(None, {}, 0.0, results))
    if state.launched:
        # All that the running attempt printed is told again.
        launches.measurements, launches.series = 0, []
        return _standing_with(trial, launches, _mean_of(trial, results))
    if state is not TrialState.STOPPED and launches.lost:
        launches.without_number = []
        again = replace(trial, state=TrialState.PLANNED, stage=_stage_again(launches.lost, spec))
        return _standing_with(_without_reason(again), launches, _mean_of(again, results))
    if state is not TrialState.STOPPED and launches.broken:
        failed = _failed(trial, *launches.broken)
        return _standing_with(failed, launches, Found(None, {}, 0.0, results))
    ended = _ended(trial, spec, launches)
    return _standing_with(ended, launches, _counts(ended, launches))


def _standing_with(trial: Trial, launches: _Launches, counts: Found) -> Standing:
    """Return how a trial stands whose state, stage and reason are right, with what counts of it."""
    printed = launches.measurements
    return Standing(
        state=trial.state,
        stage=trial.stage,
        results=list(counts.results),
        without_number=launches.without_number,
        value=counts.value,
        metrics=dict(counts.metrics),
        violation=counts.violation,
        measurements=trial.measurements if printed is None else printed,
        reason=trial.reason,
        failure=trial.failure,
        output=list(trial.output),
        series=launches.series,
    )


def _ended(trial: Trial, spec: StudySpec, launches: _Launches) -> Trial:
    """Return a trial, nothing of which is missing, in the state that its launches lead to."""
    searched = [one for one in launches.results if one.stage.purpose is Purpose.SEARCH]
    if launches.unconfirmed and searched and trial.state.finished:
        # It is confirmed again, if it is still among the best.
        launches.results, launches.without_number = searched, []
        return _reached(trial, searched[-1].stage, spec)
    if trial.state is TrialState.FAILED:
        last = launches.results[-1] if launches.results else trial
        return _reached(trial, last.stage, spec)
    if trial.state is not TrialState.PRUNED:
        return trial
    if trial.stopped_step is not None:
        marked = trial.reason.removesuffix(BY_EARLIER_METRIC) + BY_EARLIER_METRIC
        return replace(trial, reason=marked)
    # Whether it was given up is decided anew, by the new values.
    return _reached(trial, trial.stage, spec) if searched and not trial.confirms else trial


def _reached(trial: Trial, stage: Stage, spec: StudySpec) -> Trial:
    """Return a trial as its launch with this stage left it."""
    state, reason = reached_by(stage, spec)
    return replace(_without_reason(trial), state=state, stage=stage, reason=reason)


def _counts(trial: Trial, launches: _Launches) -> Found:
    """Return what counts of a trial that was not left by all good launches alone."""
    cut, results = launches.cut, tuple(launches.results)
    if cut is None or (trial.state is TrialState.STOPPED and results):
        return _mean_of(trial, results)
    if cut.usable_value is None:
        return Found(None, {}, 0.0, results)
    return Found(cut.usable_value, cut.metrics, cut.violation, results)


def _mean_of(trial: Trial, results: Sequence[Result]) -> Found:
    if not results:
        return Found(None, {}, 0.0, ())
    return found(replace(trial, results=tuple(results)))


def _failed(trial: Trial, left: LeftLaunch, outcome: Outcome) -> Trial:
    failure = outcome.failure()
    return replace(
        trial,
        state=TrialState.FAILED,
        stage=left.trial.stage,
        reason=failure.reason if failure else outcome.problem,
        failure=FailureClass.NO_METRIC,
        output=outcome.output,
    )


def _stage_again(lost: LeftLaunch, spec: StudySpec) -> Stage:
    """Return what a launch is to do in place of one of which nothing was kept."""
    # From the beginning: its checkpoint is of the end of that launch, and is moved aside.
    return replace(lost.trial.stage, previous_budget=0) if spec.ladder else lost.trial.stage


def _without_reason(trial: Trial) -> Trial:
    return replace(trial, reason="", failure=None, output=())


def _result(left: LeftLaunch, outcome: Outcome) -> Result:
    return Result(
        stage=left.trial.stage,
        value=outcome.value,
        metrics=outcome.metrics,
        violation=outcome.violation,
        duration_s=left.duration_s,
        attempt=left.attempt,
    )
