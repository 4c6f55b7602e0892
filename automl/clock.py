"""Time, handed in rather than taken, so that tests can turn it."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """Return the wall time in UTC; for records only, it may jump."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go backwards; for durations and deadlines."""
        ...

    def sleep(self, duration_s: float) -> None:
        """Block for `duration_s` seconds."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """Return the wall time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def sleep(self, duration_s: float) -> None:
        """Block for `duration_s` seconds."""
        time.sleep(duration_s)
