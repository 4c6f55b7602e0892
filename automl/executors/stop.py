"""One complete stop: ask, wait, kill, and look until nothing is left."""

from __future__ import annotations

import logging
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automl.executors.cgroup import Group
    from automl.executors.identity import Process
    from automl.executors.proctree import ProcessTable

logger = logging.getLogger(__name__)

_SOON_S = 0.01
_SELDOM_S = 0.25
_STUBBORN_S = 5.0
"""Seconds after which a process that outlives KILL is worth a warning."""


class Stop:
    """The stop of one launch, advanced step by step so that nothing waits for it.

    Args:
        leader: the launch's leader.
        mark: the launch's mark.
        deadline: monotonic second from which on what is left is killed.
        group: the launch's control group, if it has one.
    """

    def __init__(
        self, leader: Process, mark: str, deadline: float, group: Group | None = None
    ) -> None:
        self._leader = leader
        self._mark = mark
        self._deadline = deadline
        self._group = group
        self._known: set[Process] = set()
        self._asked = False
        self._warned = False
        self.next_look_s = 0.0

    def hasten(self, deadline: float) -> None:
        """Kill at `deadline` if that is sooner."""
        self._deadline = min(self._deadline, deadline)
        self.next_look_s = 0.0

    def strike(self, now: float) -> None:
        """Kill the control group if that is due.

        To be called before the walk that `advance` needs: one that forks faster than a walk can
        follow is gone by then.
        """
        if self._group and now >= self._deadline:
            self._group.kill()

    def advance(self, table: ProcessTable, now: float) -> bool:
        """Do what is due, and return whether nothing of the launch is left.

        A walk can miss a process that forks on and ends all the time; a control group cannot.
        """
        found = self._find(table)
        if not found and not (self._group and self._group.populated):
            return True
        if now >= self._deadline:
            self._signal(table, found, signal.SIGKILL)
            self.next_look_s = _SOON_S
            self._warn(found, now)
        elif not self._asked:
            self._signal(table, found, signal.SIGTERM)
            # A stopped process cannot act on TERM before it goes on.
            self._signal(table, found, signal.SIGCONT)
            self.next_look_s = _SOON_S
        else:
            # Look ever less often during a long grace: each look walks the process table.
            self.next_look_s = min(
                self.next_look_s * 2, _SELDOM_S, max(self._deadline - now, _SOON_S)
            )
        self._asked = True
        return False

    def _find(self, table: ProcessTable) -> list[Process]:
        if self._group:
            self._known.update(self._group.processes())
        found = table.of(self._leader, self._mark, self._known)
        self._known = set(found)
        return found

    def _signal(self, table: ProcessTable, found: list[Process], number: signal.Signals) -> None:
        from automl.executors.proctree import signal_all  # noqa: PLC0415 - with the table only

        signal_all(table, found, number)

    def _warn(self, found: list[Process], now: float) -> None:
        if not self._warned and now >= self._deadline + _STUBBORN_S:
            self._warned = True
            logger.warning(
                "processes %s of %s outlive SIGKILL (another user's, or waiting for a device); "
                "their trial stays on its slot until they are gone",
                ", ".join(str(process.pid) for process in found),
                self._mark,
            )
