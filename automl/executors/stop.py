"""One complete stop: ask, wait, kill, and look until nothing is left."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automl.executors.proctree import ProcessTable

_SOON_S = 0.01
_SELDOM_S = 0.25


class Stop:
    """The stop of one launch, advanced step by step so that nothing waits for it.

    Args:
        session: pid of the launch's leader.
        mark: the launch's mark.
        deadline: monotonic second from which on what is left is killed.
    """

    def __init__(self, session: int, mark: str, deadline: float) -> None:
        self._session = session
        self._mark = mark
        self._deadline = deadline
        self._asked = False
        self.next_look_s = 0.0

    def hasten(self, deadline: float) -> None:
        """Kill at `deadline` if that is sooner."""
        self._deadline = min(self._deadline, deadline)
        self.next_look_s = 0.0

    def advance(self, table: ProcessTable, now: float) -> bool:
        """Do what is due, and return whether nothing of the launch is left."""
        from automl.executors.proctree import signal_all  # noqa: PLC0415 - psutil costs 40 ms

        found = table.of(self._session, self._mark)
        if found and now >= self._deadline:
            signal_all(found, signal.SIGKILL)
            self.next_look_s = _SOON_S
        elif found and not self._asked:
            signal_all(found, signal.SIGTERM)
            # A stopped process cannot act on TERM before it goes on.
            signal_all(found, signal.SIGCONT)
            self.next_look_s = _SOON_S
        else:
            # Look ever less often during a long grace: each look walks the process table.
            self.next_look_s = min(
                self.next_look_s * 2, _SELDOM_S, max(self._deadline - now, _SOON_S)
            )
        self._asked = True
        return not found
