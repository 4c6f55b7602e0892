"""Requests of users to the running study, read from the control file and told to the engine."""

import logging
from collections.abc import Callable, Collection, Sequence

from automl.engine.actions import Action, Moment, Note
from automl.engine.engine import Engine
from automl.engine.requests import failed_in, limits, refusal, wish_of
from automl.engine.stimuli import Requested
from automl.errors import JournalError
from automl.journal.asking.asked import Asked
from automl.journal.control import read_requests
from automl.journal.events import VERSION, RequestTaken
from automl.journal.folder import StudyFolder
from automl.journal.requests import (
    Request,
    RetryFailed,
    request_dict,
    request_from,
    request_words,
)
from automl.space.space import SearchSpace

logger = logging.getLogger(__name__)

_LISTED = 10
"""So many trials of a request are named in the log."""

_REPEATED = "a request of this id was taken before; ask anew with another id"


class Requests:
    """Reads the control file and does what it asks; what cannot be done is logged and skipped.

    Args:
        engine: whose study it is; its state knows how far the file has been read.
        folder: the study's folder.
        space: what a given combination must lie in.
        unjudged: gives the trials that have ended, but of which nobody knows yet how.
        call: which `optimize` of its script runs the study, 0 where there is no such thing.
    """

    def __init__(
        self,
        engine: Engine,
        folder: StudyFolder,
        space: SearchSpace,
        unjudged: Callable[[], Collection[int]] = tuple,
        call: int = 0,
    ) -> None:
        self._unjudged = unjudged
        self._call = call
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
        actions = self._finish(now) if self._starting else []
        for asked, offset in items:
            actions += self._take(asked, offset, now)
        self._starting = False
        return actions

    def _finish(self, now: Moment) -> list[Action]:
        """Do what an earlier controller told to be done, but was killed before it could.

        Its journal ends between the two, so it has told nobody else, and the answer stands.
        """
        actions: list[Action] = []
        for taken in self._engine.view.unfinished:
            request = request_from(taken.request)
            text = request_words(request)
            if refused := self._refusal(request):
                logger.warning("asked earlier: %s; it is left: %s", text, refused)
                continue
            left = [one for one in self._failed(request) if one in taken.trials]
            actions.append(Note(f"asked earlier, done now: {text}{_listed(left)}"))
            if wish := wish_of(request, self._space, left):
                actions += self._engine.handle(wish, now)
        return actions

    def _take(self, asked: Asked, offset: int, now: Moment) -> list[Action]:
        """Record what becomes of one line, and do what it asks if that can be."""
        by = f"asked by {asked.who}" if asked.who else "asked"
        if asked.request is None:
            logger.warning("%s: skipped a malformed request: %s", self._path.name, asked.problem)
            event = self._answer(asked, offset, now, asked.problem)
            return self._engine.handle(Requested(event), now)
        text = request_words(asked.request)
        repeated = asked.id in self._engine.view.answers
        refused = _REPEATED if repeated else self._refusal(asked.request)
        event = self._answer(asked, offset, now, refused)
        if refused:
            logger.warning("%s: %s; it cannot be done: %s", by, text, refused)
            return self._engine.handle(Requested(event), now)
        wish = wish_of(asked.request, self._space, event.trials)
        note = f"{by}: {text}{_listed(event.trials)}"
        return self._engine.handle(Requested(event, note=note, wish=wish), now)

    def _answer(self, asked: Asked, offset: int, now: Moment, refused: str) -> RequestTaken:
        """Return the record of a line; each id has one answer, which its first line got."""
        view = self._engine.view
        request = asked.request
        puts = (None, None) if refused or request is None else limits(request, view)
        return RequestTaken(
            v=VERSION,
            at=now.at,
            offset=offset,
            request=None if request is None else request_dict(request),
            max_trials=puts[0],
            max_parallel=puts[1],
            id="" if asked.id in view.answers else asked.id,
            who=asked.who,
            done=not refused,
            reason=refused,
            trials=self._failed(request) if not refused else [],
        )

    def _failed(self, request: Request | None) -> list[int]:
        """Return which trials a request is about that names none: those that failed."""
        if not isinstance(request, RetryFailed):
            return []
        # Of these, some may have ended badly while no controller ran.
        unjudged = self._unjudged() if self._starting else ()
        return failed_in(self._engine.view, self._space, unjudged)

    def _refusal(self, request: Request) -> str:
        if self._failed(request):
            return ""
        return refusal(
            request, self._engine.view, self._space, starting=self._starting, call=self._call
        )


def _listed(trials: Sequence[int]) -> str:
    """Return which trials are meant, as the end of a line."""
    more = f" and {len(trials) - _LISTED} more" if len(trials) > _LISTED else ""
    return f": trial {', '.join(map(str, trials[:_LISTED]))}{more}" if trials else ""
