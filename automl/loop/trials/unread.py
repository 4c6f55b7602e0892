"""Ended attempts whose files the machine cannot read now: they wait, and no trial is to blame."""

import logging
from collections.abc import Collection

from automl.loop.trials.watched import Watched

logger = logging.getLogger(__name__)


class Unread:
    """Says once that ended attempts wait to be read, and once that none does any more."""

    def __init__(self) -> None:
        self._told = False

    def look(self, attempts: Collection[Watched]) -> None:
        """Look at all attempts after those that ended were read."""
        waiting = [one for one in attempts if one.exit and one.blocked]
        if waiting and not self._told:
            logger.error(
                "trial %d has ended, but %s. It keeps its slot until then; Ctrl-C to end",
                waiting[0].trial.id,
                waiting[0].blocked,
            )
        elif self._told and not waiting:
            logger.warning("reading works again")
        self._told = bool(waiting)
