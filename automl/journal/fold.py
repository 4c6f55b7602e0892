"""The state of a study: a fold over its events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, assert_never

from automl.errors import AutomlError, JournalError
from automl.inside.ranges import Range
from automl.journal.asking.effect import awaits_effect, without_effects
from automl.journal.events import (
    Drawn,
    Event,
    Measured,
    RequestTaken,
    Reread,
    StudyClosed,
    StudyOpened,
    TrialEnded,
    TrialPlanned,
    TrialRequeued,
    TrialStarted,
    TrialStopping,
)
from automl.journal.told.called import Called, begun
from automl.journal.told.offers import drawn_of, offers_of
from automl.journal.told.standing import Series, Standing
from automl.study.failure import FailureClass
from automl.study.launch import Exit
from automl.study.objective import METRIC
from automl.study.ranking.curve import Curve
from automl.study.ranking.trial_value import found, judged
from automl.study.records.identity import readers_in, readings_of
from automl.study.trial import Trial, TrialState, changed, check_move, check_read_anew

_Step: TypeAlias = TrialPlanned | Drawn | TrialStarted | TrialStopping | TrialEnded | TrialRequeued


@dataclass(slots=True)
class StudyState:
    """All that is known of a study; changed by the methods alone.

    Attributes:
        opened: the first opening, None while the journal is empty.
        latest: the last opening.
        closed: how the last controller ended, None while one runs or if it died.
        control_offset: how much of the control file has been read, in bytes.
        max_trials: the limit in force if a request changed it, else None.
        max_parallel: the same.
        trials: by id, in the order of planning.
        curves: the recorded measurements of each trial's last attempt, without those of failed
            trials; None to keep none of them. They are of the metric that ranks.
        further_curves: the same of all other metrics, by trial and metric.
        further_counts: how many measurements of these are recorded of each running attempt.
        stops: why each trial that is being stopped is.
        answers: what became of each request that has an id, by that.
        unfinished: requests that are told to be done, of which the journal does not tell the effect
            yet; in order.
        ranges: of a space that is learnt, the newest range of each name.
        stale: the trials of which what they left is to be read anew, as the readers or what is
            better changed; with the readings (`study.records.identity`) by which they were read
            last.
        reread: the trials that were read anew since the last opening.
        failed_alike: the trials for whose failures an earlier controller started no more, and that
            were not launched again.
        locations: those of all readers by which trials were launched before that change.
        calls: what is told of each `optimize` of the program, by its number.
    """

    opened: StudyOpened | None = None
    latest: StudyOpened | None = None
    closed: StudyClosed | None = None
    control_offset: int = 0
    max_trials: int | None = None
    max_parallel: int | None = None
    trials: dict[int, Trial] = field(default_factory=dict)
    curves: dict[int, Curve] | None = None
    further_curves: dict[int, dict[str, Curve]] = field(default_factory=dict)
    further_counts: dict[int, dict[str, int]] = field(default_factory=dict)
    stops: dict[int, TrialStopping] = field(default_factory=dict)
    answers: dict[str, RequestTaken] = field(default_factory=dict)
    unfinished: list[RequestTaken] = field(default_factory=list)
    ranges: dict[str, Range] = field(default_factory=dict)
    stale: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    locations: set[str] = field(default_factory=set)
    reread: set[int] = field(default_factory=set)
    failed_alike: dict[int, None] = field(default_factory=dict)
    calls: dict[int, Called] = field(default_factory=dict)
    _call: int = 0
    _ranking: str = METRIC

    def apply(self, event: Event) -> None:
        """Take in one event.

        Raises:
            AutomlError: a trial may not move so (`spec.trial.MOVES`).
            KeyError: the event is about a trial that was never planned.
        """
        self._change(event)
        if self.unfinished:
            self.unfinished = without_effects(self.unfinished, event)

    def _change(self, event: Event) -> None:
        match event:
            case StudyOpened():
                self._open(event)
            case StudyClosed():
                self.closed = event
                self.failed_alike = dict.fromkeys(event.failed_alike)
                if called := self.calls.get(self._call):
                    self.calls[self._call] = replace(called, reason=event.reason)
            case RequestTaken():
                self._take_request(event)
            case Measured():
                self._measure(event)
            case Reread():
                self._reread(event)
            case _:
                self._go_on(event)

    def _go_on(self, event: _Step) -> None:
        """Take in a step on the way of a trial."""
        match event:
            case TrialPlanned():
                self.trials[event.trial] = Trial(
                    id=event.trial,
                    params=event.params,
                    stage=event.stage,
                    source=event.source,
                    origin=event.origin,
                    avoided=event.avoided,
                    note=event.note,
                    call=event.call,
                    asked=event.asked,
                    proposed=offers_of(event, self.ranges),
                )
            case Drawn():
                self._draw(event)
            case TrialStarted():
                self._start(event)
            case TrialStopping():
                self._stop(event)
            case TrialEnded():
                self._end(event)
            case TrialRequeued():
                self._requeue(event)
            case _:
                assert_never(event)

    def _draw(self, event: Drawn) -> None:
        trial = self.trials[event.trial]
        ranges = drawn_of(event, trial)
        self.ranges.update({name: ranges[name] for name in event.ranges})
        self.trials[trial.id] = changed(
            trial,
            params={**trial.params, **event.values},
            ranges={**trial.ranges, **ranges},
        )

    def _open(self, event: StudyOpened) -> None:
        if self.latest and self.latest.study.get("limits") != event.study.get("limits"):
            # What the script says anew counts more than what was asked of an earlier controller.
            self.max_trials = self.max_parallel = None
        if self.latest:
            self._read_by(readings_of(self.latest.study), readings_of(event.study))
        self.opened = self.opened or event
        self.latest = event
        self._call = begun(self.calls, event)
        self._ranking = ranking_metric(event.study)
        self.closed = None
        self.reread.clear()

    def _read_by(self, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        """Take in by what trials are read from now on."""
        if before == now:
            return
        self.locations.update(str(one.get("location")) for one in readers_in(before))
        for trial in self.trials.values():
            if trial.attempts:
                self.stale.setdefault(trial.id, before)

    def _take_request(self, event: RequestTaken) -> None:
        self.control_offset = event.offset
        self.max_trials = event.max_trials or self.max_trials
        self.max_parallel = event.max_parallel or self.max_parallel
        if event.id:
            self.answers.setdefault(event.id, event)
        if awaits_effect(event):
            self.unfinished.append(event)

    def _start(self, event: TrialStarted) -> None:
        self._move(
            event.trial,
            TrialState.RUNNING,
            attempts=event.attempt,
            handle=event.handle,
            started_at=event.at,
            duration_s=None,
            newest=None,
            measurements=0,
        )
        self._forget_further(event.trial)
        if self.curves is not None:
            self.curves[event.trial] = Curve()

    def _measure(self, event: Measured) -> None:
        if not event.values:
            return
        if event.metric not in {"", self._ranking}:
            self._measure_further(event)
            return
        self.trials[event.trial] = changed(
            self.trials[event.trial],
            newest=event.values[-1],
            measurements=event.steps[-1] + 1,
        )
        if self.curves is not None:
            _extend(self.curves.setdefault(event.trial, Curve()), event)

    def _measure_further(self, event: Measured) -> None:
        """Take in measurements of a metric that does not rank."""
        counts = self.further_counts.setdefault(event.trial, {})
        counts[event.metric] = event.steps[-1] + 1
        if self.curves is not None:
            curves = self.further_curves.setdefault(event.trial, {})
            _extend(curves.setdefault(event.metric, Curve()), event)

    def _forget_further(self, trial_id: int) -> None:
        self.further_counts.pop(trial_id, None)
        self.further_curves.pop(trial_id, None)

    def _stop(self, event: TrialStopping) -> None:
        # A second cause may outrank the first.
        if self.trials[event.trial].state is not TrialState.STOPPING:
            self._move(event.trial, TrialState.STOPPING)
        self.stops[event.trial] = event

    def _requeue(self, event: TrialRequeued) -> None:
        trial = self.trials[event.trial]
        self.failed_alike.pop(trial.id, None)
        if trial.state is TrialState.PLANNED and event.failure is not FailureClass.NOT_STARTED:
            raise AutomlError(
                f"trial {event.trial}: cannot go from planned to planned, but after a failed launch"
            )
        failed = () if event.failure is None else (event.failure,)
        changes = found(trial)._asdict() if event.stage is None else {"stage": event.stage}
        self._move(
            event.trial,
            TrialState.PLANNED,
            failures=trial.failures + failed,
            # One that is stopped and then confirmed is not rerun for the search.
            spared=trial.spared or (trial.stopped_step is not None and event.stage is None),
            without_number=(),
            stopped_step=None,
            handle=None,
            reason="",
            failure=None,
            output=(),
            exit=None,
            **changes,
        )

    def _end(self, event: TrialEnded) -> None:
        self._move(
            event.trial,
            event.state,
            **judged(self.trials[event.trial], event)._asdict(),
            stopped_step=event.stopped_step,
            measurements=event.measurements,
            reason=event.reason,
            failure=event.failure,
            output=tuple(event.output),
            handle=None,
            exit=Exit(
                code=event.exit_code,
                peak_memory_bytes=event.peak_memory_bytes,
                cpu_s=event.cpu_s,
            ),
            duration_s=event.duration_s,
        )
        self.further_counts.pop(event.trial, None)
        if self.curves is not None and event.state is TrialState.FAILED:
            self.curves.pop(event.trial, None)
            self._forget_further(event.trial)

    def _reread(self, event: Reread) -> None:
        trial, now = self.trials[event.trial], event.now
        if now is not None:
            check_read_anew(trial.id, trial.state, now.state)
            self.trials[trial.id] = read_anew(trial, now)
            if now.series is not None:
                self._replace_curves(trial.id, now)
        self.stale.pop(trial.id, None)
        self.reread.add(trial.id)

    def _replace_curves(self, trial_id: int, now: Standing) -> None:
        """Take in measurements in place of those that were recorded."""
        self._forget_further(trial_id)
        if self.curves is None:
            return
        self.curves.pop(trial_id, None)
        if now.state is TrialState.RUNNING:
            self.curves[trial_id] = Curve()
        if now.state is TrialState.FAILED:
            return
        for one in now.series or ():
            if one.metric in {"", self._ranking}:
                _extend(self.curves.setdefault(trial_id, Curve()), one)
            else:
                curves = self.further_curves.setdefault(trial_id, {})
                _extend(curves.setdefault(one.metric, Curve()), one)

    def _move(self, trial_id: int, state: TrialState, **changes: Any) -> None:  # noqa: ANN401
        trial = self.trials[trial_id]
        check_move(trial_id, trial.state, state, confirms=trial.confirms)
        self.stops.pop(trial_id, None)
        self.trials[trial_id] = changed(trial, state=state, **changes)


def read_anew(trial: Trial, now: Standing) -> Trial:
    """Return a trial as it stands once what it left was read anew."""
    again = now.state is TrialState.PLANNED and trial.state is not TrialState.PLANNED
    trial = replace(
        trial,
        state=now.state,
        stage=now.stage,
        results=tuple(now.results),
        without_number=tuple(now.without_number),
        value=now.value,
        metrics=now.metrics,
        violation=now.violation,
        measurements=now.measurements,
        newest=None,
        reason=now.reason,
        failure=now.failure,
        output=tuple(now.output),
    )
    return replace(trial, stopped_step=None, exit=None) if again else trial


def ranking_metric(study: Mapping[str, Any]) -> str:
    """Return the name of the first objective's metric, of a study as `StudyOpened` tells it."""
    # Only what is not usual is told.
    objectives = study.get("objectives") or [{}]
    return str(objectives[0].get("metric", METRIC))


def _extend(curve: Curve, event: Measured | Series) -> None:
    """Add measurements to a curve, by the steps that were printed, else counted from 1."""
    steps = event.reported or [place + 1 for place in event.steps]
    for step, value in zip(steps, event.values, strict=True):
        curve.append(step, value)


def fold(events: Iterable[Event], *, curves: bool = False) -> StudyState:
    """Return the state after all `events`, which must be in the order of the journal.

    Args:
        events: what happened.
        curves: keep the recorded measurements.

    Raises:
        JournalError: an event cannot follow those before it; the message names its line.
    """
    state = StudyState(curves={} if curves else None)
    for line, event in enumerate(events, 1):
        apply_line(state, event, line)
    return state


def apply_line(state: StudyState, event: Event, line: int) -> None:
    """Take the event of a journal's line, counted from 1, into a state.

    Raises:
        JournalError: it cannot follow the events before it; the state is as it was.
    """
    try:
        state.apply(event)
    except KeyError as error:
        raise JournalError(
            f"the journal's line {line} is about trial {error}, which was never planned"
        ) from error
    except AutomlError as error:
        raise JournalError(f"the journal's line {line} cannot be true: {error}") from error
