"""What is looked at now and then while launches run: their memory, and orphans left to us."""

from collections.abc import Collection, Container

from automl.executors.local.housekeeping.orphans import Orphans
from automl.executors.local.housekeeping.sampling import MemorySampler, OomKills
from automl.executors.local.running import Running


class Lookout:
    """Looks at memory and for orphans when it is time for it.

    Args:
        now: this monotonic second.
    """

    def __init__(self, now: float) -> None:
        self._orphans = Orphans(now)
        self._oom = OomKills()
        self._memory = MemorySampler(now, self._oom)

    def moments(self, *, any_running: bool) -> list[float | None]:
        """Return the monotonic seconds at which something is to be looked at; None for never."""
        return [self._orphans.next_s, self._memory.next_s if any_running else None]

    def is_due(self, now: float, *, any_running: bool) -> bool:
        """Tell whether `look` has something to do."""
        # Brief launches may have ended each time that their memory is to be looked at.
        return (any_running and now >= self._memory.next_s) or self._orphans.is_due(now)

    def look(
        self, now: float, running: Collection[Running], sessions: Container[int]
    ) -> list[Running]:
        """Look around; return the launches that use more memory than they may.

        Args:
            now: this monotonic second.
            running: the launches that run.
            sessions: the sessions of those whose leader runs.
        """
        over = self._memory.over_limit(running, now)
        self._orphans.look(now, sessions)
        return over

    def note_kill(self, running: Running, now: float) -> None:
        """Take note whether the kernel killed something for want of memory while a launch ran."""
        self._oom.look(now)
        running.ran_out = self._oom.since(running.since)

    def reap(self, sessions: Container[int]) -> None:
        """Take note of the ends of orphans."""
        self._orphans.reap(sessions)
