"""What each interrupt of the user does to a running study."""

import logging
from collections.abc import Callable

from automl.engine.actions import STOPPING, Phase
from automl.engine.engine import Engine
from automl.engine.stimuli import PhaseAsked, StopAsked
from automl.loop.machine.interrupts import Interrupt, Interrupts
from automl.loop.trials.attempts import Attempts
from automl.show.lines import duration_text

logger = logging.getLogger(__name__)


class Interruption:
    """Answers each interrupt once, in the order in which they came, however fast they follow.

    The first stops the running trials, the next one kills what is left of them. Where the terminal
    went away, or the study is described as one that detaches, the first leaves them running.

    Args:
        interrupts: what the user asked.
        engine: knows what the study is doing.
        attempts: those that run.
        tell: lets the engine take in what is asked.
        detach: the first one leaves the trials running.
        grace_s: how long trials have to end once they were asked to.
    """

    def __init__(
        self,
        interrupts: Interrupts,
        engine: Engine,
        attempts: Attempts,
        tell: Callable[[PhaseAsked | StopAsked], None],
        *,
        detach: bool,
        grace_s: float,
    ) -> None:
        self._interrupts = interrupts
        self._engine = engine
        self._attempts = attempts
        self._tell = tell
        self._detach = detach
        self._grace_s = grace_s
        self._answered = 0
        self._drained = ""

    @property
    def heard(self) -> bool:
        """Whether all that the user asked has been answered."""
        drained = self._interrupts.drains == self._drained
        return drained and self._interrupts.count == self._answered

    def answer(self) -> bool:
        """Answer what came since the last time; return whether anything is to be stopped now."""
        stops = False
        if self._interrupts.drains != self._drained:
            self._drained = self._interrupts.drains
            self._tell(PhaseAsked(Phase.DRAINING, self._drained, done=True))
        for interrupt in self._interrupts.after(self._answered):
            self._answered = interrupt.count
            stops = self._answer(interrupt) or stops
        return stops

    def _answer(self, interrupt: Interrupt) -> bool:
        phase = self._engine.view.phase
        if phase in STOPPING and interrupt.name == "SIGHUP":
            return False
        leaves = interrupt.hung_up or (self._detach and interrupt.count == 1)
        if leaves and phase not in STOPPING:
            logger.warning("%s: leaving %d trials running", interrupt.cause, len(self._attempts))
            self._tell(PhaseAsked(Phase.DETACHED, f"left by {interrupt.cause}"))
            return False
        self._stop(interrupt, again=phase is Phase.INTERRUPTED)
        return True

    def _stop(self, interrupt: Interrupt, *, again: bool) -> None:
        logger.warning("%s: %s", interrupt.cause, self._what(again=again))
        if again:
            self._attempts.kill_cleanups()
        grace_s = 0.0 if again else None
        self._tell(StopAsked(Phase.INTERRUPTED, f"stopped by {interrupt.cause}", grace_s))

    def _what(self, *, again: bool) -> str:
        if again:
            return "killing what is left"
        count = len(self._attempts)
        trials = (
            "the running trial, which has" if count == 1 else f"{count} running trials, which have"
        )
        grace = duration_text(self._grace_s)
        return f"stopping {trials} {grace} to end; once more to kill at once"
