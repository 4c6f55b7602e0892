"""Requests of users to the running study, turned into the engine's moves."""

import logging

from automl.engine.actions import Action, Moment, Note, Phase
from automl.engine.engine import Engine
from automl.errors import JournalError
from automl.journal import requests
from automl.journal.control import read_requests
from automl.journal.events import VERSION, RequestTaken
from automl.journal.folder import StudyFolder
from automl.journal.requests import Request, request_dict
from automl.search.sampler import Proposal
from automl.space.space import Params, SearchSpace, combination_key
from automl.study.trial import TrialState

logger = logging.getLogger(__name__)

STOPPABLE = frozenset({TrialState.PLANNED, TrialState.RUNNING})
RETRIABLE = frozenset({TrialState.FAILED, TrialState.STOPPED, TrialState.PRUNED})


class Requests:
    """Reads the control file and does what it asks; what cannot be done is logged and skipped.

    Args:
        engine: whose study it is; its state knows how far the file has been read.
        folder: the study's folder.
        space: what a given combination must lie in.
    """

    def __init__(self, engine: Engine, folder: StudyFolder, space: SearchSpace) -> None:
        self._engine = engine
        self._path = folder.control
        self._space = space
        self._starting = True
        self._problem = ""

    def look(self, now: Moment) -> list[Action]:
        """Take the new requests; without any, this costs one look at the file.

        The first look finds those that came while nothing ran the study. What asks for something
        of the trials or the limits is done then; what was meant for a running controller is not.
        """
        try:
            items = read_requests(self._path, self._engine.state.control_offset)
        except JournalError as error:
            # Once, however long it lasts: it is tried again with every look.
            if str(error) != self._problem:
                logger.warning("%s", error)
            self._problem = str(error)
            return []
        self._problem = ""
        actions: list[Action] = []
        for request, offset in items:
            actions += self._take(request, offset, now)
        self._starting = False
        return actions

    def _take(self, request: Request | str, offset: int, now: Moment) -> list[Action]:
        if isinstance(request, str):
            logger.warning("%s: skipped a malformed request: %s", self._path.name, request)
            return self._engine.record(RequestTaken(v=VERSION, at=now.at, offset=offset))
        text = " ".join(str(value) for value in request_dict(request).values())
        refusal = self._refusal(request)
        max_trials, max_parallel = (None, None) if refusal else self._limits(request)
        actions = self._engine.record(
            RequestTaken(
                v=VERSION,
                at=now.at,
                offset=offset,
                request=request_dict(request),
                max_trials=max_trials,
                max_parallel=max_parallel,
            )
        )
        if refusal:
            logger.warning("asked: %s; it cannot be done: %s", text, refusal)
            return actions
        return [*actions, Note(f"asked: {text}"), *self._do(request, now)]

    def _limits(self, request: Request) -> tuple[int | None, int | None]:
        """Return the limits that a request puts in force."""
        match request:
            case requests.SetMaxParallel():
                return None, request.count
            case requests.SetMaxTrialNum():
                return request.count, None
            case requests.AddTrials():
                return self._engine.max_trials + request.count, None
            case requests.AddTrial():
                return max(self._engine.max_trials, len(self._engine.state.trials) + 1), None
            case _:
                return None, None

    def _do(self, request: Request, now: Moment) -> list[Action]:
        engine = self._engine
        match request:
            case requests.StopTrial():
                return engine.dismiss(request.trial, now)
            case requests.RetryTrial():
                return engine.retry(request.trial, now)
            case requests.AddTrial():
                ordered = {
                    name: request.params[name]
                    for name in self._space.names
                    if name in request.params
                }
                proposal = Proposal(params=ordered)
                return engine.plan(len(engine.state.trials), proposal, now, origin="request")
            case requests.Pause():
                engine.enter(Phase.PAUSED, "paused by request")
            case requests.Resume():
                engine.enter(Phase.RUNNING, "")
            case requests.Drain():
                engine.enter(Phase.DRAINING, "drained by request")
            case requests.StopStudy():
                return engine.stop(Phase.INTERRUPTED, "stopped by request", now)
        return []

    def _refusal(self, request: Request) -> str:
        """Return why a request cannot be done, empty if it can."""
        match request:
            case requests.Pause() | requests.Resume() | requests.Drain() | requests.StopStudy():
                return "it came before this start, while nothing ran" if self._starting else ""
            case requests.StopTrial():
                return self._in_state(request.trial, STOPPABLE)
            case requests.RetryTrial():
                return self._in_state(request.trial, RETRIABLE)
            case requests.AddTrial():
                return self._new_combination(request.params)
            case _:
                return ""

    def _in_state(self, trial_id: int, states: frozenset[TrialState]) -> str:
        trial = self._engine.state.trials.get(trial_id)
        if trial is None:
            return f"there is no trial {trial_id}"
        if trial.state not in states:
            return f"trial {trial_id} is {trial.state}, not {' or '.join(sorted(states))}"
        return ""

    def _new_combination(self, params: Params) -> str:
        problem = self._space.problem(params)
        if problem:
            return f"{dict(params)!r} is not a combination of the search space: {problem}"
        key = combination_key(params)
        for trial in self._engine.state.trials.values():
            if combination_key(trial.params) == key:
                return f"trial {trial.id} has this combination, and none is run twice"
        return ""
