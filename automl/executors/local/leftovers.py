"""What brief launches without a control group left in sessions of their own."""

import logging
from dataclasses import dataclass, field

from automl.executors.local.stop import Stop, advance
from automl.executors.processes.identity import Process
from automl.executors.processes.proctree import ProcessTable

logger = logging.getLogger(__name__)

EVERY_S = 1.0
"""Seconds between two looks: each walks the process table, which takes some milliseconds."""

_UNTIL = "their trial has ended, and no slot waits for them; end them if they are in the way"


@dataclass(slots=True)
class Leftovers:
    """Looks for what ended launches left, for all of them together, and stops it.

    The slot of a launch is free before that, unlike that of one which is looked at by itself.

    Args:
        grace_s: seconds between TERM and KILL.
    """

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

    def hurry(self) -> None:
        """Make the next look due at once."""
        self._next_s = 0.0

    def moment(self, floor_s: float) -> float | None:
        """Return the monotonic second of the next look; None if nothing is to be looked for.

        Args:
            floor_s: no look is before that, as far as it can wait.
        """
        moments = [stop.moment(floor_s) for stop in self._stops.values()]
        if self._unseen:
            moments.append(max(self._next_s, floor_s))
        return min(moments, default=None)

    def look(self, table: ProcessTable, now: float) -> None:
        """Look for leftovers, and go on with stopping those found."""
        for mark, leader in list(self._unseen.items()):
            left = table.of(leader, mark)
            if left:
                logger.debug("%s left %d processes, which are stopped", mark, len(left))
                self._stops[mark] = Stop(leader, mark, now + self.grace_s, until=_UNTIL)
            # What could not be looked at is looked for again.
            if left or table.whole:
                del self._unseen[mark]
        self._next_s = now + EVERY_S
        done = advance(list(self._stops.values()), table, now)
        self._stops = {mark: stop for mark, stop in self._stops.items() if stop not in done}
