"""One complete stop: ask, wait, kill, and look until nothing is left."""

import signal
from typing import ClassVar


class Stop:
    """The stop of one launch, advanced step by step so that nothing waits for it.

    Args:
        session: pid of the launch's leader.
        mark: the launch's mark.
        deadline: monotonic second from which on what is left is killed.
    """

    STRAY_GRACE_S: ClassVar[float] = 2.0
    """Grace for what a program left behind when it ended by itself."""

    def __init__(self, session: int, mark: str, deadline: float) -> None:
        self._session = session
        self._mark = mark
        self._deadline = deadline
        self.next_look_s = 0.01

    def ask(self) -> bool:
        """Send TERM to every process of the launch; return whether there was any."""
        from automl.executors import proctree  # noqa: PLC0415 - psutil costs 40 ms

        found = proctree.processes_of(self._session, self._mark)
        proctree.signal_all(found, signal.SIGTERM)
        # A stopped process cannot act on TERM before it goes on.
        proctree.signal_all(found, signal.SIGCONT)
        return bool(found)

    def hasten(self, deadline: float) -> None:
        """Kill at `deadline` if that is sooner."""
        self._deadline = min(self._deadline, deadline)
        self.next_look_s = 0.01

    def advance(self, now: float) -> bool:
        """Look at what is left, kill it if time is up, and return whether nothing is left."""
        from automl.executors import proctree  # noqa: PLC0415 - psutil costs 40 ms

        found = proctree.processes_of(self._session, self._mark)
        if found and now >= self._deadline:
            proctree.signal_all(found, signal.SIGKILL)
            self.next_look_s = 0.01
        else:
            # Look rarely during a long grace: each look walks the process table.
            self.next_look_s = min(self.next_look_s * 2, 0.25, max(self._deadline - now, 0.01))
        return not found
