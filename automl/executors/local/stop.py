"""Complete stops: ask, wait, kill, and look until nothing is left."""

from __future__ import annotations

import logging
import signal
from collections.abc import Sequence
from typing import TYPE_CHECKING

from automl.executors.local.pace import FLOOR_S
from automl.executors.processes.identity import group_exists

if TYPE_CHECKING:
    from automl.executors.cgroups.group import Group
    from automl.executors.processes.identity import Process
    from automl.executors.processes.proctree import ProcessTable

logger = logging.getLogger(__name__)

_SOON_S = FLOOR_S
_SELDOM_S = 0.25
_CHASES = 50
"""How often in a row a process that forks on and ends is followed before the walks go on."""

_STUBBORN_S = 5.0
"""Seconds after which a process that outlives KILL is worth a warning."""


def advance(stops: Sequence[Stop], table: ProcessTable, now: float) -> list[Stop]:
    """Do what is due of some stops, all in one table; return those of which nothing is left.

    However many stops there are, the processes of the machine are looked at as often as for one.
    """
    for stop in stops:
        stop.look(table, now)
    _kill([stop for stop in stops if stop.kills], table)
    return [stop for stop in stops if stop.conclude(table, now)]


def _kill(stops: list[Stop], table: ProcessTable) -> None:
    """Kill what was found, and at once what that started since the walk."""
    for _ in range(_CHASES):
        stops = [stop for stop in stops if stop.kill_found(table)]
        if not stops or not table.refresh():
            return
        for stop in stops:
            stop.find(table)


class Stop:
    """The stop of one launch, advanced step by step so that nothing waits for it.

    Nothing is left once two looks, a pause apart, found nothing, each at a whole process table, and
    the kernel says the same of the control group and of the process group: a single walk can miss a
    process that forks on and ends.

    Args:
        leader: the launch's leader.
        mark: the launch's mark.
        deadline: monotonic second from which on what is left is killed.
        group: the launch's control group, if it has one.
        until: what is told to wait until the processes are gone, should KILL not end them.
        asked: all were asked to end before, and are not asked again.

    Attributes:
        kills: whether the grace is over.
    """

    def __init__(
        self,
        leader: Process,
        mark: str,
        deadline: float,
        group: Group | None = None,
        until: str = "their trial stays on its slot until they are gone",
        *,
        asked: bool = False,
    ) -> None:
        self._leader = leader
        self._mark = mark
        self._deadline = deadline
        self._group = group
        self._until = until
        self._known: set[Process] = set()
        self._asked: set[Process] = set()
        self._asked_all = asked
        self._looked = False
        self.kills = False
        self._found: list[Process] = []
        self._killed: set[Process] = set()
        self._left = False
        self._warned = False
        self._empty_since: float | None = None
        self._pause_s = _SOON_S
        self._next_s = 0.0

    def moment(self, floor_s: float) -> float:
        """Return the monotonic second of the next look.

        Args:
            floor_s: no look is before that, but for the first and the one at the deadline.
        """
        if not self._looked:
            return 0.0
        later = max(self._next_s, floor_s)
        return later if self.kills else min(later, self._deadline)

    def hasten(self, deadline: float) -> None:
        """Kill at `deadline` if that is sooner."""
        self._deadline = min(self._deadline, deadline)

    def look_soon(self) -> None:
        """Look as soon as the pace of the walks allows, as something ended."""
        self._next_s = 0.0

    def strike(self, now: float) -> None:
        """Kill the control group if that is due.

        To be called before the walk that `advance` needs: one that forks faster than a walk can
        follow is gone by then.
        """
        if self._group and now >= self._deadline:
            self._group.kill()

    def look(self, table: ProcessTable, now: float) -> None:
        """Look for what is left, and ask what was not asked yet; the first step of `advance`."""
        self._looked = True
        self.find(table)
        self._left = bool(self._found)
        self.kills = now >= self._deadline
        self._killed = set()
        if self.kills:
            self._pause_s = _SOON_S
        elif not self._asked_all:
            self._ask(table)
        elif self._left:
            # Look ever less often during a long grace: each look walks the process table.
            self._pause_s = min(self._pause_s * 2, _SELDOM_S)

    def conclude(self, table: ProcessTable, now: float) -> bool:
        """Return whether nothing of the launch is left; the last step of `advance`."""
        if self.kills:
            self._warn(now)
        if not self._left and self._nothing_left(table):
            self._pause_s = _SOON_S
            self._empty_since = now if self._empty_since is None else self._empty_since
        else:
            self._empty_since = None
        self._next_s = now + self._pause_s
        return self._empty_since is not None and now - self._empty_since >= FLOOR_S

    def _nothing_left(self, table: ProcessTable) -> bool:
        """Tell whether all agrees with a look that found nothing."""
        if not table.whole or (self._group and self._group.populated):
            return False
        return table.has_group(self._leader.pid) or not group_exists(self._leader.pid)

    def find(self, table: ProcessTable) -> None:
        """Look for the processes of the launch."""
        members = self._group.pids() if self._group else ()
        self._found = table.of(self._leader, self._mark, self._known, members=members)
        self._known = set(self._found)

    def kill_found(self, table: ProcessTable) -> bool:
        """Kill what was found and not killed in this walk before; tell whether there was any."""
        fresh = [process for process in self._found if process not in self._killed]
        if fresh:
            self._signal(table, fresh, signal.SIGKILL)
            self._killed.update(fresh)
        return bool(fresh)

    def _ask(self, table: ProcessTable) -> None:
        """Send TERM, once to each, to all that are there when all can be seen."""
        fresh = [process for process in self._found if process not in self._asked]
        self._asked.update(fresh)
        self._asked_all = table.whole
        if fresh:
            # A stopped process cannot act on TERM before it goes on.
            self._signal(table, fresh, signal.SIGTERM, signal.SIGCONT)

    def _signal(self, table: ProcessTable, found: list[Process], *numbers: signal.Signals) -> None:
        from automl.executors.processes.proctree import signal_all  # noqa: PLC0415 - with the table only

        signal_all(table, found, *numbers)

    def _warn(self, now: float) -> None:
        if self._left and not self._warned and now >= self._deadline + _STUBBORN_S:
            self._warned = True
            logger.warning(
                "processes %s of %s outlive SIGKILL (another user's, or waiting for a device); %s",
                ", ".join(str(process.pid) for process in self._found),
                self._mark,
                self._until,
            )
