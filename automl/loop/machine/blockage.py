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
        persists: whether the newest attempt was in vain; where it was not, but what was started has
            not begun yet, it is active all the same.
    """

    def __init__(self) -> None:
        self.active = False
        self.persists = False
        self._until_s = 0.0

    def begin(self, error: Exception, now_s: float) -> None:
        """Take in that something cannot be done now."""
        if not self.active:
            logger.error(
                "%s. Nothing new is started, running trials go on, and so does the study once it "
                "works again; Ctrl-C to end",
                error,
            )
        self.active = self.persists = True
        self._until_s = now_s + RETRY_S

    def waits(self, now_s: float) -> bool:
        """Tell whether it is too early to try again."""
        return self.active and now_s < self._until_s

    def try_now(self) -> None:
        """Let the next attempt be made at once."""
        self._until_s = 0.0

    def worked(self) -> None:
        """Take in that an attempt was not in vain, as far as can be told yet."""
        self.persists = False

    def lift(self) -> None:
        """Take in that everything was done that there was to do."""
        if self.active:
            logger.warning("going on")
        self.active = self.persists = False
