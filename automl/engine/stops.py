"""The trials that are being stopped, and why; also those that an earlier controller stopped."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from automl.engine.actions import Action, AskToEnd, Cancel, Moment
from automl.engine.early_stops import EarlyStopping, Stop
from automl.engine.outcome import Failure
from automl.engine.relaunches import BY_THE_USER
from automl.engine.verdicts import Verdicts
from automl.journal.events import VERSION, Event, TrialStopping
from automl.journal.fold import StudyState
from automl.study.failure import FailureClass
from automl.study.stop_cause import StopCause
from automl.study.trial import Trial, TrialState


class Stops:
    """Begins stops, each with its record first, so that the next controller knows of it.

    A trial that still runs although an earlier controller stopped it was asked to end then, and may
    be saving its state: it is not asked again before its grace is over. One that was never asked,
    as the controller died just before that, is asked then.

    Args:
        state: the study, with the stops that the journal tells of.
        grace_s: how long a trial may take to end once it was asked to.
        verdicts: decide on ends; it is told why trials are stopped.
        pruning: decides whom to stop early, None for nobody.
        record: takes in an event and returns the action that writes it.
        asks: trials that are to end early are asked to, and not stopped.
    """

    def __init__(
        self,
        state: StudyState,
        grace_s: float,
        verdicts: Verdicts,
        pruning: EarlyStopping | None,
        record: Callable[[Event], list[Action]],
        *,
        asks: bool = False,
    ) -> None:
        self._ended_well: set[int] = set()
        self._asks = asks
        self._state = state
        self._grace_s = grace_s
        self._verdicts = verdicts
        self._pruning = pruning
        self._record = record
        self._due_s: dict[int, float] = {}
        for stop in state.stops.values():
            self._restore(stop)

    def of_study(
        self, trial_ids: Iterable[int], reason: str, now: Moment, grace_s: float, *, again: bool
    ) -> list[Action]:
        """Stop trials as the study ends, or is interrupted and runs them again later."""
        cause = StopCause.INTERRUPT if again else StopCause.STUDY
        actions: list[Action] = []
        for trial_id in trial_ids:
            actions += self._cancel(_event(trial_id, now.at, cause, reason), grace_s)
        return actions

    def dismiss(self, trial_id: int, now: Moment) -> list[Action]:
        """Stop a trial at the user's wish."""
        self._verdicts.dismiss(trial_id)
        event = _event(trial_id, now.at, StopCause.REQUEST, BY_THE_USER)
        return self._cancel(event, self._grace_s)

    def late(self, verdicts: Mapping[int, Failure], now: Moment) -> list[Action]:
        """Stop trials that took too long, and those whose stop an earlier controller began."""
        actions: list[Action] = []
        for trial_id, why in verdicts.items():
            self._verdicts.condemn(trial_id, why)
            event = _event(trial_id, now.at, StopCause.OVERDUE, why.reason, failure=why.kind)
            actions += self._cancel(event, self._grace_s)
        for trial_id in [one for one, due_s in self._due_s.items() if due_s <= now.monotonic_s]:
            del self._due_s[trial_id]
            actions.append(Cancel(trial_id, self._grace_s))
        return actions

    def early(self, trial: Trial, best: Trial | None, at: datetime) -> list[Action]:
        """Stop a trial if the pruner says so."""
        stop = self._pruning.decide(trial, self._state, best) if self._pruning else None
        if stop is None:
            return []
        if self._asks:
            return [AskToEnd(trial.id, stop.reason)]
        event = _event(trial.id, at, StopCause.PRUNER, stop.reason, step=stop.step)
        return self._cancel(event, self._grace_s)

    def adopted(self, trial_id: int, now: Moment) -> None:
        """Take in that a trial of an earlier controller runs; what is left of its grace counts."""
        stop = self._state.stops.get(trial_id)
        if stop is not None:
            self._due_s[trial_id] = now.monotonic_s + rest_s(stop, self._grace_s, now.at)

    def reason(self, trial_id: int) -> tuple[bool, str]:
        """Tell whether a trial is stopped to be run again later, and why it is stopped, if it is.

        The stop may be an earlier controller's, of which this one's phase says nothing.
        """
        stop = self._state.stops.get(trial_id)
        return (stop.cause is StopCause.INTERRUPT, stop.reason) if stop else (False, "")

    def ended_well(self, trial_id: int) -> None:
        """Take in that an attempt ended well and is still to be read, so that no stop hits it."""
        self._ended_well.add(trial_id)

    def ended(self, trial_id: int) -> None:
        """Take in that an attempt is over."""
        self._ended_well.discard(trial_id)
        self._due_s.pop(trial_id, None)

    def _restore(self, stop: TrialStopping) -> None:
        """Tell those who judge ends why an earlier controller stopped a trial."""
        if stop.cause is StopCause.REQUEST:
            self._verdicts.dismiss(stop.trial)
        elif stop.cause is StopCause.OVERDUE:
            kind = stop.failure or FailureClass.TIMED_OUT
            self._verdicts.condemn(stop.trial, Failure(kind, stop.reason))
        elif stop.cause is StopCause.PRUNER and self._pruning and stop.step is not None:
            self._pruning.restore(stop.trial, Stop(stop.step, stop.reason))

    def _cancel(self, event: TrialStopping, grace_s: float) -> list[Action]:
        trial_id = event.trial
        if trial_id in self._ended_well:
            return []
        self._due_s.pop(trial_id, None)
        before = self._state.stops.get(trial_id)
        # What is interrupted while the study ends is run again; any other first cause stays.
        outranked = before is not None and before.cause is StopCause.STUDY
        news = before is None or (outranked and event.cause is StopCause.INTERRUPT)
        launched = self._state.trials[trial_id].state is not TrialState.PLANNED
        told = self._record(event) if launched and news else []
        return [*told, Cancel(trial_id, grace_s)]


def rest_s(stop: TrialStopping, grace_s: float, at: datetime) -> float:
    """Return what is left of the grace of a trial that is being stopped."""
    # The wall clock may have been set meanwhile: the rest is never more than the whole.
    spent_s = max(0.0, (at - stop.at).total_seconds())
    return max(0.0, grace_s - spent_s)


def _event(
    trial_id: int,
    at: datetime,
    cause: StopCause,
    reason: str,
    *,
    failure: FailureClass | None = None,
    step: float | None = None,
) -> TrialStopping:
    return TrialStopping(
        v=VERSION, at=at, trial=trial_id, cause=cause, reason=reason, failure=failure, step=step
    )
