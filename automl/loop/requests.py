"""Requests of users to the running study, read from the control file and told to the engine."""

import logging

from automl.engine.actions import Action, Moment
from automl.engine.engine import Engine
from automl.engine.requests import limits, refusal, wish_of
from automl.engine.stimuli import Requested
from automl.errors import JournalError
from automl.journal.control import read_requests
from automl.journal.events import VERSION, RequestTaken
from automl.journal.folder import StudyFolder
from automl.journal.requests import Request, request_dict
from automl.space.space import SearchSpace

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
        self._starting = True
        self._problem = ""

    def look(self, now: Moment) -> list[Action]:
        """Take the new requests; without any, this costs one look at the file.

        The first look finds those that came while nothing ran the study. What asks for something
        of the trials or the limits is done then; what was meant for a running controller is not.
        """
        try:
            items = read_requests(self._path, self._engine.view.control_offset)
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
            event = RequestTaken(v=VERSION, at=now.at, offset=offset)
            return self._engine.handle(Requested(event), now)
        text = " ".join(str(value) for value in request_dict(request).values())
        view = self._engine.view
        refused = refusal(request, view, self._space, starting=self._starting)
        max_trials, max_parallel = (None, None) if refused else limits(request, view)
        event = RequestTaken(
            v=VERSION,
            at=now.at,
            offset=offset,
            request=request_dict(request),
            max_trials=max_trials,
            max_parallel=max_parallel,
        )
        if refused:
            logger.warning("asked: %s; it cannot be done: %s", text, refused)
            return self._engine.handle(Requested(event), now)
        wish = wish_of(request, self._space)
        return self._engine.handle(Requested(event, note=f"asked: {text}", wish=wish), now)
