"""What a request of a user means for a study: whether it can be done, and what is to be done."""

from collections.abc import Collection, Mapping

from automl.engine.actions import Phase
from automl.engine.stimuli import (
    FailedRetryAsked,
    PhaseAsked,
    StopAsked,
    TrialAdded,
    TrialRetryAsked,
    TrialStopAsked,
    Wish,
)
from automl.engine.view import View
from automl.journal import requests
from automl.journal.requests import Request
from automl.space.space import Params, SearchSpace, combination_key
from automl.study.ranking.rank import inside
from automl.study.stop_cause import PROGRAM_STOPPED
from automl.study.trial import Trial, TrialState

STOPPABLE = frozenset({TrialState.PLANNED, TrialState.RUNNING})
RETRIABLE = frozenset({TrialState.FAILED, TrialState.STOPPED, TrialState.PRUNED})


def refusal(  # noqa: PLR0911 - one a kind
    request: Request, view: View, space: SearchSpace, *, starting: bool, call: int = 0
) -> str:
    """Return why a request cannot be done, empty if it can.

    Args:
        request: what is asked.
        view: how the study stands.
        space: what a given combination must lie in.
        starting: whether it came before this controller, so that what was meant for a running one
            is not done.
        call: which `optimize` of its script this is, from 1; 0 where there is no such thing.
    """
    match request:
        case requests.Drain(trial=int(trial_id)):
            return _not_of_call(trial_id, view.trials, call, starting=starting)
        case requests.Pause() | requests.Resume() | requests.Drain() | requests.StopStudy():
            return "it came before this start, while nothing ran" if starting else ""
        case requests.StopTrial():
            return _asked(request.trial, view) or _in_state(request.trial, view.trials, STOPPABLE)
        case requests.RetryTrial():
            return _asked(request.trial, view) or _in_state(request.trial, view.trials, RETRIABLE)
        case requests.RetryFailed():
            return "" if failed_in(view, space) else _none_failed(view)
        case requests.AddTrial():
            return _new_combination(request.params, view.trials, space)
        case _:
            return ""


def limits(request: Request, view: View) -> tuple[int | None, int | None]:
    """Return the most trials and the most at once that a request puts in force; None: as before."""
    match request:
        case requests.SetMaxParallel():
            return None, request.count
        case requests.SetMaxTrialNum():
            return request.count, None
        case requests.AddTrials():
            return view.max_trials + request.count, None
        case requests.AddTrial():
            return max(view.max_trials, len(view.trials) + 1), None
        case _:
            return None, None


def failed_in(view: View, space: SearchSpace, unjudged: Collection[int] = ()) -> list[int]:
    """Return the failed trials, by id, but for those that the space does not hold any more.

    Args:
        view: how the study stands.
        space: what they must lie in.
        unjudged: those that have ended, but of which nobody knows yet how; they are among these.
    """
    failed = [
        one
        for one in view.trials.values()
        if (one.state is TrialState.FAILED and not one.asked) or one.id in unjudged
    ]
    return [trial.id for trial in inside(failed, space)]


def wish_of(  # noqa: PLR0911 - one a kind
    request: Request, space: SearchSpace, trials: Collection[int] = ()
) -> Wish | None:
    """Return what is to be done beside the limits, None for nothing.

    Args:
        request: what is asked.
        space: tells the order of the parameters.
        trials: those that it runs again, where it names none itself.
    """
    match request:
        case requests.StopTrial():
            return TrialStopAsked(request.trial)
        case requests.RetryTrial():
            return TrialRetryAsked(request.trial)
        case requests.RetryFailed():
            return FailedRetryAsked(tuple(trials)) if trials else None
        case requests.AddTrial():
            given = request.params
            names = given if space.learnt else space.names
            params = {name: given[name] for name in names if name in given}
            return TrialAdded(params, note=request.note)
        case requests.Pause():
            return PhaseAsked(Phase.PAUSED, "paused by request")
        case requests.Resume():
            return PhaseAsked(Phase.RUNNING, "")
        case requests.Drain(trial=None):
            return PhaseAsked(Phase.DRAINING, "drained by request")
        case requests.Drain():
            return PhaseAsked(Phase.DRAINING, PROGRAM_STOPPED, done=True)
        case requests.StopStudy():
            return StopAsked(Phase.INTERRUPTED, "stopped by request")
        case _:
            return None


def _not_of_call(trial_id: int, trials: Mapping[int, Trial], call: int, *, starting: bool) -> str:
    """Return why the function of a trial cannot end a call of its script, empty if it can."""
    trial = trials.get(trial_id)
    if trial is None:
        return f"there is no trial {trial_id}"
    if trial.call != call if call else starting:
        return f"trial {trial_id} is of an earlier run"
    return ""


def _asked(trial_id: int, view: View) -> str:
    trial = view.trials.get(trial_id)
    if trial is None or not trial.asked:
        return ""
    return f"trial {trial_id} is a program's, which asked for it and alone tells how it ends"


def _in_state(trial_id: int, trials: Mapping[int, Trial], states: frozenset[TrialState]) -> str:
    trial = trials.get(trial_id)
    if trial is None:
        return f"there is no trial {trial_id}"
    if trial.state not in states:
        return f"trial {trial_id} is {trial.state}, not {' or '.join(sorted(states))}"
    return ""


def _none_failed(view: View) -> str:
    if any(one.state is TrialState.FAILED and not one.asked for one in view.trials.values()):
        return "all failed trials lie outside the space as it is described now"
    return "no failed trial is left to run again"


def _new_combination(params: Params, trials: Mapping[int, Trial], space: SearchSpace) -> str:
    if space.learnt:
        # These are fixed, and a trial may ask for others beside them.
        return ""
    problem = space.problem(params)
    if problem:
        return f"{dict(params)!r} is not a combination of the search space: {problem}"
    key = combination_key(params)
    for trial in trials.values():
        if combination_key(trial.params) == key:
            return f"trial {trial.id} has this combination, and none is run twice"
    return ""
