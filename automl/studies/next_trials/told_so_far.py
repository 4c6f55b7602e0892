"""What the search of a study on disk has been told, as whoever runs the study has told it."""

from collections.abc import Sequence
from dataclasses import dataclass

from automl.engine.tally import Tally
from automl.journal.events import (
    Drawn,
    Event,
    RequestTaken,
    Reread,
    StudyOpened,
    TrialEnded,
    TrialPlanned,
)
from automl.journal.fold import StudyState, apply_line
from automl.search.sampler import Told
from automl.study.spec import StudySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSoFar:
    """A study as the controller knows it that runs it, or the one that would run it next.

    Attributes:
        state: all that its journal tells.
        history: what the search was told, in this order.
        max_trials: for so many trials the search was made.
        taken: the requests that the controller which runs has taken up.
    """

    state: StudyState
    history: list[Told]
    max_trials: int
    taken: tuple[RequestTaken, ...]


def told_so_far(events: Sequence[Event], spec: StudySpec, *, runs: bool) -> ToldSoFar:
    """Return what the events of a journal tell.

    A controller tells the search of earlier trials in the order of their ids, and of what happens
    later as it happens. So it matters whether one runs.

    Args:
        events: what happened; the study was opened.
        spec: the study.
        runs: whether the last controller runs; else the next one will tell the search all anew.
    """
    begun = _last(events, StudyOpened)
    # What is read anew is read before the search is told anything.
    known = max(begun, _last(events, Reread)) if runs else len(events) - 1
    state = StudyState()
    for line, event in enumerate(events[: known + 1], 1):
        apply_line(state, event, line)
    max_trials = state.max_trials or spec.limits.max_trials
    tally = _told_at_start(state, spec)
    for line, event in enumerate(events[known + 1 :], known + 2):
        apply_line(state, event, line)
        match event:
            case TrialPlanned() | Drawn():
                tally.planned(state.trials[event.trial])
            case TrialEnded():
                tally.ended(state.trials[event.trial])
    taken = [one for one in events[begun:] if runs and isinstance(one, RequestTaken)]
    return ToldSoFar(state=state, history=tally.history, max_trials=max_trials, taken=tuple(taken))


def _last(events: Sequence[Event], kind: type[Event]) -> int:
    return max((place for place, one in enumerate(events) if isinstance(one, kind)), default=-1)


def _told_at_start(state: StudyState, spec: StudySpec) -> Tally:
    tally = Tally(spec.objectives, spec.space)
    for trial in state.trials.values():
        tally.planned(trial)
    for trial in state.trials.values():
        if trial.state.finished:
            tally.ended(trial)
    return tally
