"""What brief launches without a control group left in sessions of their own."""

import logging
import time
from dataclasses import dataclass, field

from automl.clock import Clock
from automl.executors.identity import Process
from automl.executors.proctree import ProcessTable
from automl.executors.stop import Stop

logger = logging.getLogger(__name__)

EVERY_S = 1.0
"""Seconds between two looks: each walks the process table, which takes some milliseconds."""


@dataclass(slots=True)
class Leftovers:
    """Looks for what ended launches left, for all of them together, and stops it.

    The slot of a launch is free before that, unlike that of one which is looked at by itself.

    Args:
        clock: must go at the pace of real time.
        grace_s: seconds between TERM and KILL.
    """

    clock: Clock
    grace_s: float
    _unseen: dict[str, Process] = field(default_factory=dict)
    _stops: dict[str, Stop] = field(default_factory=dict)
    _next_s: float = 0.0

    def add(self, mark: str, leader: Process) -> None:
        """Look for what the launch with that mark and leader left, soon."""
        self._unseen[mark] = leader

    def forget(self, mark: str) -> None:
        """Leave alone what has that mark: another launch has it from now on, and is looked after.

        What an earlier one left is found at that one's end.
        """
        self._unseen.pop(mark, None)
        self._stops.pop(mark, None)

    def patience_s(self, now: float) -> float | None:
        """Return the seconds until `look` has something to do; None if nothing is known of."""
        if self._stops:
            return min(stop.next_look_s for stop in self._stops.values())
        return max(0.0, self._next_s - now) if self._unseen else None

    def look(self) -> None:
        """Look for leftovers if it is time for it, and go on with stopping those found."""
        now = self.clock.monotonic()
        if self._stops or (self._unseen and now >= self._next_s):
            self._look(now)

    def close(self) -> None:
        """Look at once, and return when nothing is left that can be stopped."""
        self._next_s = 0.0
        self.look()
        until = self.clock.monotonic() + self.grace_s + EVERY_S
        while self._stops and self.clock.monotonic() < until:
            time.sleep(self.patience_s(self.clock.monotonic()) or 0.0)
            self.look()

    def _look(self, now: float) -> None:
        table = ProcessTable()
        for mark, leader in self._unseen.items():
            left = table.of(leader, mark)
            if left:
                logger.debug("%s left %d processes, which are stopped", mark, len(left))
                self._stops[mark] = Stop(leader, mark, now + self.grace_s)
        self._unseen.clear()
        self._next_s = now + EVERY_S
        self._stops = {
            mark: stop for mark, stop in self._stops.items() if not stop.advance(table, now)
        }
