"""Requests of users to the running study, turned into the engine's moves."""

import logging

from automl.errors import JournalError, SpecError
from automl.journal import requests
from automl.journal.control import read_requests
from automl.journal.events import VERSION, RequestTaken
from automl.journal.folder import StudyFolder
from automl.journal.requests import Request, request_dict
from automl.loop.actions import Action, Moment, Note, Phase
from automl.loop.engine import Engine
from automl.spec.space import SearchSpace, combination_key
from automl.spec.trial import TrialState

logger = logging.getLogger(__name__)


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

    def look(self, now: Moment) -> list[Action]:
        """Take the new requests; without any, this costs one look at the file."""
        try:
            if not self._path.exists():
                return []
            items = read_requests(self._path, self._engine.state.control_offset)
        except (JournalError, OSError) as error:
            logger.warning("%s", error)
            return []
        actions: list[Action] = []
        for request, offset in items:
            actions += self._take(request, offset, now)
        return actions

    def _take(self, request: Request | str, offset: int, now: Moment) -> list[Action]:
        if isinstance(request, str):
            logger.warning("%s: skipped a malformed request: %s", self._path.name, request)
            return self._engine.record(RequestTaken(v=VERSION, at=now.at, offset=offset))
        max_trials, max_parallel = self._limits(request)
        taken = self._engine.record(
            RequestTaken(
                v=VERSION,
                at=now.at,
                offset=offset,
                request=request_dict(request),
                max_trials=max_trials,
                max_parallel=max_parallel,
            )
        )
        text = ", ".join(f"{key} {value}" for key, value in request_dict(request).items())
        try:
            return [*taken, Note(text), *self._do(request, now)]
        except SpecError as error:
            logger.warning("cannot do what was asked (%s): %s", text, error)
            return taken

    def _limits(self, request: Request) -> tuple[int | None, int | None]:
        """Return the limits that a request puts in force."""
        match request:
            case requests.SetMaxParallel():
                return None, request.count
            case requests.SetMaxTrialNum():
                return request.count, None
            case requests.AddTrials():
                return self._engine.max_trials + request.count, None
            case _:
                return None, None

    def _do(self, request: Request, now: Moment) -> list[Action]:
        engine = self._engine
        match request:
            case requests.StopTrial():
                self._known(request.trial, {TrialState.PLANNED, TrialState.RUNNING})
                return engine.dismiss(request.trial, now)
            case requests.RetryTrial():
                again = {TrialState.FAILED, TrialState.STOPPED, TrialState.PRUNED}
                self._known(request.trial, again)
                return engine.retry(request.trial, now)
            case requests.AddTrial():
                return self._add(request, now)
            case requests.Pause():
                engine.enter(Phase.PAUSED, "paused by request")
            case requests.Resume():
                engine.enter(Phase.RUNNING, "")
            case requests.Drain():
                engine.enter(Phase.DRAINING, "drained by request")
            case requests.StopStudy():
                return engine.stop(Phase.INTERRUPTED, "stopped by request")
        return []

    def _known(self, trial_id: int, states: set[TrialState]) -> None:
        trial = self._engine.state.trials.get(trial_id)
        if trial is None:
            raise SpecError(f"there is no trial {trial_id}")
        if trial.state not in states:
            allowed = " or ".join(sorted(states))
            raise SpecError(f"trial {trial_id} is {trial.state}; it would have to be {allowed}")

    def _add(self, request: requests.AddTrial, now: Moment) -> list[Action]:
        params = request.params
        if not self._space.contains(params):
            raise SpecError(f"{params!r} is not a combination of the search space")
        key = combination_key(params)
        for trial in self._engine.state.trials.values():
            if combination_key(trial.params) == key:
                raise SpecError(f"trial {trial.id} has this combination; none is run twice")
        ordered = {name: params[name] for name in self._space.names}
        return self._engine.plan(len(self._engine.state.trials), ordered, now)
