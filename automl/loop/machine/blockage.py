"""What keeps a study from going on for the moment."""

import logging

logger = logging.getLogger(__name__)

RETRY_S = 1.0
"""Seconds between two attempts at what the machine could not do."""


class Blockage:
    """Remembers that something cannot be written or started now, and when to try again.

    However often it is tried in vain, the user is told once, and once more when it works again.

    Attributes:
        active: whether something could not be done and has not been done since.
    """

    def __init__(self) -> None:
        self.active = False
        self._until_s = 0.0

    def begin(self, error: Exception, now_s: float) -> None:
        """Take in that something cannot be done now."""
        if not self.active:
            logger.error(
                "%s. Nothing new is started, running trials go on, and so does the study once it "
                "works again; Ctrl-C to end",
                error,
            )
        self.active = True
        self._until_s = now_s + RETRY_S

    def waits(self, now_s: float) -> bool:
        """Tell whether it is too early to try again."""
        return self.active and now_s < self._until_s

    def try_now(self) -> None:
        """Let the next attempt be made at once."""
        self._until_s = 0.0

    def lift(self) -> None:
        """Take in that everything was done that there was to do."""
        if self.active:
            logger.warning("going on")
        self.active = False
